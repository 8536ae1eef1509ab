import { Tokenizer } from 'unrolled/data';
import { expect, test } from 'vitest';
import { encodeAndCount, encodeTexts, evenRows, sampledRows } from './encode.ts';
import { cutWarning, typeable, unknownWarning } from './say.ts';

const tokenizer = Tokenizer.train(['abc']);
const [a, b, c] = tokenizer.encode('abc');

test('texts are their ids up to a length, an empty one the unknown token, and those cut are counted', () => {
  const { sequences, cut } = encodeAndCount(['abc', '', 'cba', 'ab', 'abcabc'], tokenizer, 3);
  expect(sequences.map((row) => [...row])).toEqual([[a, b, c], [tokenizer.unknown], [c, b, a], [a, b], [a, b, c]]);
  expect(cut).toBe(1); // three of three is not cut
  expect(encodeTexts(['abcabc', 'a'], tokenizer, 2).map((row) => [...row])).toEqual([[a, b], [a]]);
});

test('sampled rows are the same at a seed, others at another, and there', () => {
  expect(sampledRows(4, 10, 0)).toEqual([0, 9, 8, 7]); // 104,729 steps on are 9 of 10
  expect(sampledRows(3, 10, 1)).toEqual([9, 8, 7]);
  expect(sampledRows(0, 10, 1)).toEqual([]);
  for (const row of sampledRows(50, 7, 123)) expect(row).toBeLessThan(7);
});

test('even rows go over all, no more than there are', () => {
  expect(evenRows(3, 9)).toEqual([0, 3, 6]);
  expect(evenRows(4, 10)).toEqual([0, 2, 5, 7]);
  expect(evenRows(5, 3)).toEqual([0, 1, 2]);
  expect(evenRows(2, 0)).toEqual([]);
});

test('a text for an example is one that any shell takes', () => {
  expect(typeable(['say "hi"', '$5', 'a`b', 'a\\b', 'oh!', '5 %', 'two\nlines', '-x', 'plain text, 한국어'])).toBe(
    'plain text, 한국어',
  );
  expect([typeable(['x'.repeat(41)]), typeable(['x'.repeat(40)]), typeable([])]).toEqual([
    'a text',
    'x'.repeat(40),
    'a text',
  ]);
});

test('warnings say how much, or nothing', () => {
  expect(unknownWarning('the sources', 0)).toEqual([]);
  expect(unknownWarning('the sources', 0.032)).toEqual(['3.2% of the tokens of the sources are not in the vocabulary']);
  expect(unknownWarning('x', 0.0004)[0]).toMatch(/^0\.040%/);
  expect(unknownWarning('x', 0.001)[0]).toMatch(/^0\.1%/);
  expect(cutWarning('texts', 0, 5, 9)).toEqual([]);
  expect(cutWarning('texts', 3, 2000, 400)).toEqual(['3 of 2,000 texts were cut to 400 tokens; see --max-length']);
});
