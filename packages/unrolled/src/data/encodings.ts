// Guesses the encoding of bytes that are not UTF-8. A suggestion is made only where the decoded text is plausible: text decoded by a
// wrong encoding would be learned, and nobody would notice. English with one curly apostrophe is also valid Shift-JIS, and Russian is valid Chinese.

import { decodeLoose } from '../encoding.ts';

export interface Encoding {
  /** Name shown to a person. */
  readonly name: string;
  /** Label for iconv. */
  readonly label: string;
}

interface Candidate extends Encoding {
  readonly decoder: string;
  readonly fewest?: number;
  /** Whether characters beyond ASCII are plausible in a text. */
  fits(foreign: readonly string[]): boolean;
}

const fewest = 3; // characters: fewer are no evidence, except for Hangul, of which few byte pairs are formed at random

/** Fraction of characters that a pattern must match. */
function share(characters: readonly string[], pattern: RegExp): number {
  return characters.filter((one) => pattern.test(one)).length / Math.max(1, characters.length);
}

const punctuation = /[\u3000-\u303f\uff00-\uffef“”‘’…—·]/u;
const kana = /[\u3041-\u30ff]/u;
const han = /[\u4e00-\u9fff]/u;

/** The most frequent characters of Chinese: about half of any text. */
const simplified =
  /[的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话]/u;
const traditional =
  /[的一是不了在人有我他這中大來上個國到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話]/u;

function isJapanese(foreign: readonly string[]): boolean {
  const known = share(foreign, kana) + share(foreign, han) + share(foreign, punctuation);
  return share(foreign, kana) >= 0.2 && known >= 0.95;
}

function isChinese(foreign: readonly string[], frequent: RegExp): boolean {
  const letters = foreign.filter((one) => han.test(one));
  return share(foreign, han) + share(foreign, punctuation) >= 0.95 && share(letters, frequent) >= 0.25;
}

/** Encodings with two bytes per character; the first that fits is taken. */
const wide: readonly Candidate[] = [
  {
    name: 'EUC-KR (CP949), Korean',
    label: 'CP949',
    decoder: 'euc-kr',
    fewest: 2,
    fits: (foreign) => share(foreign, /[가-힣]/u) + share(foreign, punctuation) >= 0.9,
  },
  { name: 'EUC-JP, Japanese', label: 'EUC-JP', decoder: 'euc-jp', fits: isJapanese },
  { name: 'Shift-JIS, Japanese', label: 'SHIFT-JIS', decoder: 'shift_jis', fits: isJapanese },
  { name: 'GBK, Chinese', label: 'GB18030', decoder: 'gb18030', fits: (foreign) => isChinese(foreign, simplified) },
  { name: 'Big5, Chinese', label: 'BIG5', decoder: 'big5', fits: (foreign) => isChinese(foreign, traditional) },
];

/** Alphabets with one byte per letter, with the letters that are about half of any text. The one with the most matches is taken. */
const alphabets: readonly (Encoding & { readonly decoder: string; readonly frequent: RegExp })[] = [
  { name: 'Windows-1251, Cyrillic', label: 'WINDOWS-1251', decoder: 'windows-1251', frequent: /[оеаинтсрвлкі]/u },
  { name: 'KOI8-R, Cyrillic', label: 'KOI8-R', decoder: 'koi8-r', frequent: /[оеаинтсрвлк]/u },
  { name: 'Windows-1253, Greek', label: 'WINDOWS-1253', decoder: 'windows-1253', frequent: /[αοιετσνηυρπκάόίέ]/u },
  { name: 'Windows-1255, Hebrew', label: 'WINDOWS-1255', decoder: 'windows-1255', frequent: /[יוהלאתרמבנש]/u },
  { name: 'Windows-1256, Arabic', label: 'WINDOWS-1256', decoder: 'windows-1256', frequent: /[اليمنوتربهع]/u },
];

/** Guesses the encoding of bytes that are not UTF-8; null where none makes a plausible text. */
export function guessEncoding(bytes: Uint8Array): Encoding | null {
  if (isScattered(bytes)) return western(bytes);
  for (const candidate of wide) {
    const foreign = foreignIn(bytes, candidate.decoder);
    if (foreign.length >= (candidate.fewest ?? fewest) && candidate.fits(foreign)) return candidate;
  }
  const mixed = isMixed(bytes);
  const scores = alphabets.map((one) => {
    const foreign = mixed ? [] : foreignIn(bytes, one.decoder);
    return foreign.length < 2 * fewest ? 0 : share(foreign, one.frequent);
  });
  const best = Math.max(...scores);
  if (best >= 0.4) return alphabets[scores.indexOf(best)];
  return mixed ? western(bytes) : null; // a Latin word has letters of ASCII too
}

function foreignIn(bytes: Uint8Array, decoder: string): string[] {
  try {
    return Array.from(decodeLoose(bytes, decoder).match(/[^\0-\x7f]/gu) ?? []);
  } catch {
    return []; // this host does not know the encoding
  }
}

/** Whether most bytes beyond ASCII stand alone, as accents and curly quotes do, and letters of other scripts do not. */
function isScattered(bytes: Uint8Array): boolean {
  let [all, alone] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    all++;
    if (!(bytes[i - 1] >= 0x80) && !(bytes[i + 1] >= 0x80)) alone++;
  }
  return alone * 2 > all;
}

/** Whether letters beyond ASCII mostly occur in words with ASCII letters: then they are Latin letters too. */
function isMixed(bytes: Uint8Array): boolean {
  const isLetter = (byte: number) => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  let [runs, touching] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80 || bytes[i - 1] >= 0x80) continue;
    let end = i;
    while (bytes[end] >= 0x80) end++;
    runs++;
    if (isLetter(bytes[i - 1]) || isLetter(bytes[end])) touching++;
  }
  return touching * 2 > runs;
}

const latin1: Encoding = { name: 'Latin-1 (Windows-1252)', label: 'WINDOWS-1252' };
const latin2: Encoding = { name: 'Windows-1250, Central European', label: 'WINDOWS-1250' };

/** Languages of Latin letters. š and ž together with è, ø, ì are Czech č, ř, ě; ³ and ¹ within words are Polish ł and ą. */
function western(bytes: Uint8Array): Encoding | null {
  const text = windows1252(bytes);
  const isCzech = /[šžŠŽ]/u.test(text) && /[èøìùò]/u.test(text);
  if (!isCzech && looksWritten(text)) return latin1;
  return looksWritten(decodeLoose(bytes, 'windows-1250')) ? latin2 : null;
}

/** The bytes 0x80 to 0x9f of Windows-1252, which some hosts decode as control characters. */
const signs = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Text in Windows-1252, one character for each byte. */
export function windows1252(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x80 && byte < 0xa0 ? signs[byte - 0x80] : String.fromCharCode(byte),
  ).join('');
}

/** Letters where letters stand, and signs where they do not: no capital within a small word, no sign between letters but ’, – and …. */
function looksWritten(text: string): boolean {
  const letter = /\p{Script=Latin}/u;
  let [all, fitting] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x80) continue;
    const [before, one, after] = [text[i - 1] ?? ' ', text[i], text[i + 1] ?? ' '];
    all++;
    if (letter.test(one)) fitting += /\p{Lu}/u.test(one) && /\p{Ll}/u.test(before) ? 0 : 1;
    else if (/[’‘–—…\u00ad\u00a0]/u.test(one)) fitting++;
    else if (/[“”„‚«»‹›•€£©®™°§·±×²³¹¼½¾¡¿†]/u.test(one)) fitting += letter.test(before) && letter.test(after) ? 0 : 1;
  }
  return fitting >= 0.9 * all;
}
