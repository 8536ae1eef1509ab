// What counts as one character. Unicode's answer is the grapheme cluster: 👩‍👩‍👧 is five code points, é may be two. Intl.Segmenter
// knows the whole rule but takes time quadratic in the text on Node 20, so here is the part of it that matters for
// training text, as one regular expression whose time is linear:
//
//   a base and the marks, modifiers and joiners after it     é, 👍🏽, ❤️, क्‍ष
//   images joined by zero-width joiners                    👩‍👩‍👧
//   two regional indicators                                  🇰🇷
//   conjoining jamo of one syllable                          ᄀ + ᅡ + ᆨ (which NFC composes where it can)
//
// Line breaks stay characters of their own ("\r\n" is two). Marks beyond 16 on one base are characters of their own too,
// so that no text can make a character of unbounded length.

/** A character: a grapheme cluster, or a code point. */
export type Unit = 'character' | 'codepoint';

const EXTEND = '(?:\\p{M}|\\p{Emoji_Modifier}|[\\u{E0020}-\\u{E007F}]|\\u200C|\\u200D(?!\\p{Extended_Pictographic}))';
const cluster = new RegExp(
  `\\p{Regional_Indicator}{2}${EXTEND}{0,16}` +
    `|[\\u1100-\\u115F\\uA960-\\uA97C]{1,3}[\\u1160-\\u11A7\\uD7B0-\\uD7C6]{1,3}[\\u11A8-\\u11FF\\uD7CB-\\uD7FB]{0,3}${EXTEND}{0,16}` +
    `|\\p{Extended_Pictographic}${EXTEND}{0,16}(?:\\u200D\\p{Extended_Pictographic}${EXTEND}{0,16}){0,8}` +
    `|[^\\p{M}\\p{Cc}]${EXTEND}{0,16}` +
    '|[^]',
  'uy',
);

/** Returns where the character that begins at `start` ends. `start` is less than the text's length. */
export function characterEnd(text: string, start: number, unit: Unit): number {
  const first = text.charCodeAt(start);
  if (unit === 'codepoint') return start + (isPair(first, text.charCodeAt(start + 1)) ? 2 : 1);
  if (standsAlone(first) && (start + 1 === text.length || standsAlone(text.charCodeAt(start + 1)))) return start + 1;
  cluster.lastIndex = start;
  cluster.test(text);
  return cluster.lastIndex;
}

/** Latin letters, kana, Chinese characters and Hangul syllables: no character has two of these code units. */
function standsAlone(unit: number): boolean {
  return (
    unit < 0x300 ||
    (unit >= 0xac00 && unit <= 0xd7a3) ||
    (unit >= 0x3041 && unit <= 0x9fff && (unit < 0x3099 || unit > 0x309a))
  );
}

function isPair(high: number, low: number): boolean {
  return (high & 0xfc00) === 0xd800 && (low & 0xfc00) === 0xdc00;
}

/** Position of the first lone surrogate, or −1 where the text is well formed. */
export function findLoneSurrogate(text: string): number {
  return text.search(/\p{Surrogate}/u);
}
