import { describe, expect, test } from 'vitest';
import { makeUnit } from './units.ts';

const unit = makeUnit('jamo');
const split = (text: string) => {
  const tokens: string[] = [];
  unit.split(text, (token) => tokens.push(token));
  return tokens;
};

describe('jamo', () => {
  test('every syllable is its decomposed form (NFD), and comes back', () => {
    const wrong: number[] = [];
    for (let code = 0xac00; code <= 0xd7a3; code++) {
      const syllable = String.fromCharCode(code);
      const tokens = split(syllable);
      if (tokens.join(' ') !== Array.from(syllable.normalize('NFD')).join(' ') || unit.join(tokens) !== syllable)
        wrong.push(code);
    }
    expect(wrong).toEqual([]);
  });

  test('what is next to the syllables and the letters stays as it is, letters are taken apart', () => {
    for (const one of ['\uabff', '\ud7a4', '\u10ff', '\u1200', '가\u0301', '힣\u0301', '\u10ff\u0301', '\u1200\u0301'])
      expect(split(one)).toEqual([one]);
    for (const one of ['\u1100\u0301', '\u11ff\u0301', '\u1100\u1161', '\u1112\u1161\u11ab'])
      expect(split(one)).toEqual(Array.from(one));
  });

  test('letters are joined as NFC joins them: the first and last of each kind, and those beside them', () => {
    const initials = [0x10ff, 0x1100, 0x1112, 0x1113];
    const vowels = [0x1160, 0x1161, 0x1175, 0x1176];
    const finals = [0x11a7, 0x11a8, 0x11c2, 0x11c3];
    for (const initial of initials)
      for (const vowel of vowels)
        for (const final of finals) {
          const letters = [initial, vowel, final].map((code) => String.fromCharCode(code));
          expect(unit.join(letters)).toBe(letters.join('').normalize('NFC'));
          expect(unit.join(letters.slice(0, 2))).toBe(letters.slice(0, 2).join('').normalize('NFC'));
        }
  });
});
