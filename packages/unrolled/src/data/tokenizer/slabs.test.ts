import { describe, expect, test } from 'vitest';
import { Tokenizer } from '../tokenizer.ts';
import { eachMatch, isLow, slabs } from './slabs.ts';
import { words } from './words.ts';

const length = 0x40000; // of a slab

describe('slabs', () => {
  const lengths = (text: string) => {
    const parts = [...slabs(text)];
    expect(parts.join('') === text).toBe(true); // nothing lost, nothing twice
    return parts.map((part) => part.length);
  };
  /** `n` letters with spaces at `at`. */
  const spaced = (n: number, ...at: number[]) => {
    const letters = new Array<string>(n).fill('x');
    for (const k of at) letters[k] = ' ';
    return letters.join('');
  };

  test('a text as long as one slab is one, a longer one is cut', () => {
    expect(lengths('')).toEqual([]);
    expect(lengths('x y')).toEqual([3]);
    expect(lengths(spaced(length, length - 10))).toEqual([length]);
    expect(lengths(spaced(length + 1))).toEqual([length, 1]);
    expect(lengths(spaced(2 * length))).toEqual([length, length]);
    expect(lengths(spaced(2 * length + 5))).toEqual([length, length, 5]);
  });

  test('the cut is before the last space in its second half', () => {
    expect(lengths(spaced(length + 5, length))).toEqual([length, 5]);
    expect(lengths(spaced(length + 5, length - 3))).toEqual([length - 3, 8]);
    expect(lengths(spaced(length + 5, length + 1))).toEqual([length, 5]);
    expect(lengths(spaced(length + 5, length / 2 + 1))).toEqual([length / 2 + 1, length / 2 + 4]);
    expect(lengths(spaced(length + 5, length / 2))).toEqual([length, 5]);
    expect(lengths(spaced(2 * length + 5, length - 3, 2 * length - 3, 2 * length - 2))).toEqual([
      length - 3,
      length,
      8,
    ]);
  });

  test('white space is not cut apart', () => {
    expect(lengths(spaced(length + 5, length - 4, length - 3, length - 2))).toEqual([length - 4, 9]);
    expect(lengths(`${spaced(length - 2)}\n ${spaced(5)}`)).toEqual([length, 5]);
  });

  test('nor is a surrogate pair', () => {
    expect(lengths(`${'x'.repeat(length - 1)}😀x`)).toEqual([length - 1, 3]);
    expect(lengths(`${'x'.repeat(length)}😀`)).toEqual([length, 2]);
    expect(lengths(`${'x'.repeat(length - 2)}😀x`)).toEqual([length, 1]);
    expect([0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000].map(isLow)).toEqual([
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test('what matches in slabs is what matches in the whole', () => {
    const text = 'the quick 😀 fox, \n 12 jumps '.repeat(20_000); // above two slabs
    for (const pattern of [/\S+/gu, / ?\p{L}+|\s+(?!\S)|\s+|[^\s\p{L}]+/gu]) {
      const found: string[] = [];
      eachMatch(pattern, text, (match) => found.push(match));
      const expected = text.match(pattern) ?? [];
      expect(found.length).toBe(expected.length);
      expect(found.findIndex((match, k) => match !== expected[k])).toBe(-1);
    }
  });

  test('a text of several slabs is encoded as its parts are', () => {
    const part = 'low lower newest widest, ';
    const text = part.repeat(24_000);
    for (const unit of ['bpe', 'word'] as const) {
      const tokenizer = Tokenizer.train([part.repeat(20)], { unit, size: 280 });
      const ids = tokenizer.encode(text);
      expect(tokenizer.decode(ids).trimEnd() === text.trimEnd()).toBe(true);
      const [one, two] = [tokenizer.encode(part).length, tokenizer.encode(part.repeat(2)).length];
      expect(ids.length).toBe(one + 23_999 * (two - one));
    }
  });
});

describe('words of long runs', () => {
  const tokens = (text: string) => {
    const found: string[] = [];
    words().split(text, (token) => found.push(token));
    return found;
  };

  test('a run is cut after 256 code units, between characters', () => {
    const lengths = (text: string) => tokens(text).map((token) => token.replace('￭', '').length);
    expect(lengths('é'.repeat(256))).toEqual([256]);
    expect(lengths('é'.repeat(257))).toEqual([256, 1]);
    expect(lengths('é'.repeat(512))).toEqual([256, 256]);
    expect(lengths('é'.repeat(600))).toEqual([256, 256, 88]);
    expect(lengths(`${'é'.repeat(255)}𐐷${'é'.repeat(9)}`)).toEqual([255, 11]); // U+10437, a letter
    expect(lengths(`${'é'.repeat(254)}𐐷${'é'.repeat(9)}`)).toEqual([256, 9]);
  });

  test('no cut is within a surrogate pair, and the text comes back', () => {
    for (let before = 250; before < 260; before++) {
      for (const text of [
        `${'é'.repeat(before)}${'𐐷'.repeat(300)}`,
        `${'a-'.repeat(before / 2)}${'😀'.repeat(200)}!`,
      ]) {
        const parts = tokens(text);
        expect(parts.filter((part) => /\p{Surrogate}/u.test(part))).toEqual([]);
        expect(words().join(parts)).toBe(text);
      }
    }
  });

  test('a run whose signs stand between words is cut into what it is without a cut', () => {
    const pairs = Array.from({ length: 128 }, (_, k) => `${String.fromCharCode(97 + (k % 26))}+`).join(''); // 256 units
    const each = Array.from(pairs);
    expect(tokens(`${pairs}x`).map((token) => token.replaceAll('￭', ''))).toEqual([...each, 'x']);
    expect(tokens(`${pairs}x`).slice(0, 4)).toEqual(['a', '￭+￭', 'b', '￭+￭']);
  });

  test('plain words, up to 64 letters, are as the segmenter has them', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
    for (const one of ['A', 'Zz', '09', '가힣', 'a'.repeat(64), 'a'.repeat(65), '7'.repeat(65), '한'.repeat(64)]) {
      expect(tokens(one)).toEqual([one]);
      expect(Array.from(segmenter.segment(one), ({ segment }) => segment)).toEqual([one]);
    }
  });

  test('a joiner alone is a token like others, and is no joiner', () => {
    expect(words().join(['a', '￭', 'b'])).toBe('a ￭ b');
    expect(words().join(['￭', 'a'])).toBe('￭ a');
    expect(words().join(['a', '￭,', 'b', '(￭', 'c'])).toBe('a, b (c');
    expect(words().join(['a', '￭-￭', 'b'])).toBe('a-b');
  });
});
