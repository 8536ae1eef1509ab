// Units that need no training: characters, code points, jamo, words.

import { characterEnd, type Unit as Character } from '../characters.ts';
import type { TokenUnit } from './scheme.ts';
import type { Unit } from './unit.ts';
import { words } from './words.ts';

export function makeUnit(unit: Exclude<TokenUnit, 'bpe'>): Unit {
  switch (unit) {
    case 'character':
    case 'codepoint':
      return { split: (text, each) => eachCharacter(text, unit, each), join: (tokens) => tokens.join('') };
    case 'jamo':
      return jamo;
    case 'word':
      return words();
    case 'word-line':
      return words({ lines: true });
    default:
      return unit satisfies never;
  }
}

function eachCharacter(text: string, unit: Character, each: (token: string) => void): void {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = characterEnd(text, start, unit);
    each(text.slice(start, end));
  }
}

/**
 * A Korean syllable as its jamo, an initial, a vowel and perhaps a final: 한 → ᄒ ᅡ ᆫ. Unicode orders syllables as numbers with
 * three digits, syllable = AC00 + (initial · 21 + vowel) · 28 + final, final 0 being none. Other characters are unchanged. A text has
 * about 70 kinds of jamo where it has two thousand syllables; joining them restores the syllables.
 */
const jamo: Unit = {
  split(text, each) {
    eachCharacter(text, 'character', (character) => {
      const first = character.charCodeAt(0);
      const code = first - 0xac00;
      if (character.length === 1 && code >= 0 && code < 11172) {
        each(String.fromCharCode(0x1100 + Math.floor(code / 588)));
        each(String.fromCharCode(0x1161 + (Math.floor(code / 28) % 21)));
        if (code % 28 > 0) each(String.fromCharCode(0x11a7 + (code % 28)));
      } else if (first >= 0x1100 && first <= 0x11ff) {
        for (const letter of character) each(letter); // jamo already, in text that is not normalized
      } else {
        each(character);
      }
    });
  },
  join: (tokens) =>
    tokens.join('').replace(/[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?/g, (letters) => {
      const [initial, vowel, final = 0x11a7] = Array.from(letters, (letter) => letter.charCodeAt(0));
      return String.fromCharCode(0xac00 + ((initial - 0x1100) * 21 + vowel - 0x1161) * 28 + final - 0x11a7);
    }),
};
