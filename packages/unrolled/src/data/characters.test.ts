import { describe, expect, test } from 'vitest';
import { characterEnd, findLoneSurrogate, type Unit } from './characters.ts';

function split(text: string, unit: Unit = 'character'): string[] {
  const parts: string[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = characterEnd(text, start, unit);
    parts.push(text.slice(start, end));
  }
  return parts;
}

describe('the ranges of what stands alone', () => {
  // The first and last of each range, and their neighbors, among them U+0300, U+3099 and U+309A, which are marks.
  const codes = [
    0x2ff, 0x300, 0x301, 0x36f, 0x370, 0x3040, 0x3041, 0x3098, 0x3099, 0x309a, 0x309b, 0x9ffe, 0x9fff, 0xa000, 0xabff,
    0xac00, 0xac01, 0xd7a2, 0xd7a3, 0xd7a4, 0x20d0, 0xa66f, 0xfe0f,
  ];

  test('Intl.Segmenter ends characters at the same places, before and after each of them', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const segments = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment);
    for (const code of codes) {
      const one = String.fromCharCode(code);
      for (const beside of ['x', 'か', '漢', '가', '\u0300', '\u3099', '\u309a', '\u02ff', '\u9fff']) {
        for (const text of [`x${beside}${one}`, `x${one}${beside}x`])
          expect([code.toString(16), text, ...split(text)]).toEqual([code.toString(16), text, ...segments(text)]);
      }
    }
  });
});

describe('code points', () => {
  test('are as the iterator of a string has them, whatever surrogates there are', () => {
    const units = ['a', '\ud7ff', '\ud800', '\udbff', '\udc00', '\udfff', '\ue000'];
    for (const a of units)
      for (const b of units)
        for (const c of units) expect(split(a + b + c, 'codepoint')).toEqual(Array.from(a + b + c));
  });

  test('the first lone surrogate', () => {
    expect(['', 'a👍', '\ud800', 'a\udc00', '👍\ud83d', '\udc4d\ud83d'].map(findLoneSurrogate)).toEqual([
      -1, -1, 0, 1, 2, 0,
    ]);
  });
});
