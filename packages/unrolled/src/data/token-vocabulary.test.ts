import { expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { TokenVocabulary } from './token-vocabulary.ts';

const rows = [['the', 'Cat', 'sat'], ['the', 'cat'], ['The', 'dog', 'sat']]; // biome-ignore format: one line
const of = (options: Partial<Parameters<typeof TokenVocabulary.of>[1]> = {}) =>
  TokenVocabulary.of(rows, { size: null, minCount: 1, lowercase: false, ...options });

test('the most frequent token is 2, ties are in order of appearance, and what is unknown is 1', () => {
  const vocabulary = of();
  expect(vocabulary.toJSON().tokens).toEqual(['the', 'sat', 'Cat', 'cat', 'The', 'dog']);
  expect(vocabulary.size).toBe(8);
  expect(vocabulary.encode(['the', 'sat', 'dog', 'mouse', 'DOG'])).toEqual(Int32Array.of(2, 3, 7, 1, 1));
});

test('case and normal form are one where they are to be', () => {
  const vocabulary = of({ lowercase: true });
  expect(vocabulary.toJSON().tokens).toEqual(['the', 'cat', 'sat', 'dog']);
  expect(vocabulary.encode(['THE', 'Dog'])).toEqual(Int32Array.of(2, 5));
  const composed = TokenVocabulary.of([['é']], { size: null, minCount: 1, lowercase: false }); // biome-ignore format: one line
  expect(composed.encode(['e\u0301'])).toEqual(Int32Array.of(2));
});

test('rare tokens, and those beyond its size, are left out', () => {
  expect(of({ minCount: 2 }).toJSON().tokens).toEqual(['the', 'sat']);
  expect(of({ lowercase: true, minCount: 2 }).toJSON().tokens).toEqual(['the', 'cat', 'sat']);
  expect([of({ size: 4 }).toJSON().tokens, of({ size: 4 }).size]).toEqual([['the', 'sat'], 4]);
});

test('saved and read again it is the same; other JSON is refused', () => {
  const json = of({ lowercase: true }).toJSON();
  expect(TokenVocabulary.fromJSON(JSON.parse(JSON.stringify(json)), 'f').toJSON()).toEqual(json);
  for (const changes of [{ format: 'x' }, { version: 2 }, { tokens: 'abc' }, { tokens: ['a', 5] }, { lowercase: 1 }]) {
    expect(() => TokenVocabulary.fromJSON({ ...json, ...changes }, 'tokens.json')).toThrow(FormatError);
    expect(() => TokenVocabulary.fromJSON({ ...json, ...changes }, 'tokens.json')).toThrow('not a list of tokens');
  }
  expect(() => TokenVocabulary.fromJSON(null, 'f')).toThrow(FormatError);
});
