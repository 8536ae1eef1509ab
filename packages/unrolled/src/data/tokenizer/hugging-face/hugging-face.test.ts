import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../../errors.ts';
import { Tokenizer } from '../../tokenizer.ts';

interface Golden {
  texts: string[];
  cases: { name: string; file: Record<string, object>; ids: number[][]; decoded: string[] }[];
}

const url = new URL('../../../../../../test/golden/tokenizers.json', import.meta.url);
const { texts, cases } = JSON.parse(readFileSync(url, 'utf8')) as Golden;

describe.each(cases)("Hugging Face's numbers: $name", ({ file, ids, decoded }) => {
  const tokenizer = Tokenizer.fromHuggingFace(file);

  test('encode', () => {
    for (const [k, text] of texts.entries()) expect([text, ...tokenizer.encode(text)]).toEqual([text, ...ids[k]]);
  });

  test('decode', () => {
    for (const [k, some] of ids.entries()) expect(tokenizer.decode(some)).toBe(decoded[k]);
  });

  test('a text as it is written again is what is decoded, where all is known', () => {
    for (const [k, text] of texts.entries())
      if (!ids[k].includes(tokenizer.unknown)) expect(tokenizer.normalize(text)).toBe(tokenizer.decode(ids[k]));
    expect(tokenizer.lowercase).toBe(tokenizer.normalize('A') !== tokenizer.normalize('A').toUpperCase());
  });

  test('saved and loaded it is the same', () => {
    const loaded = Tokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)));
    for (const text of texts) expect(loaded.encode(text)).toEqual(tokenizer.encode(text));
    expect(loaded).toMatchObject({ pad: tokenizer.pad, unknown: tokenizer.unknown, size: tokenizer.size });
  });

  test('a long run of anything does not overflow', () => {
    for (const text of ['한'.repeat(3e4), ' '.repeat(1e5), '🙂'.repeat(1e4), '\ud800'.repeat(1e4)])
      expect(tokenizer.encode(text).length).toBeGreaterThanOrEqual(0);
  });
});

describe('tokenizer.json', () => {
  const words = cases.find(({ name }) => name === 'words')?.file ?? {};
  const pairs = cases.find(({ name }) => name === 'byte-level pairs, a space before')?.file ?? {};

  test('special tokens have the numbers of the file, and the missing ones come after its last', () => {
    expect(Tokenizer.fromHuggingFace(words)).toMatchObject({ pad: 0, unknown: 1, start: 2, end: 3 });
    const tokenizer = Tokenizer.fromHuggingFace(pairs);
    expect(tokenizer.end).toBe(0); // <|endoftext|>
    const added = [tokenizer.pad, tokenizer.unknown, tokenizer.start];
    expect(added).toEqual([0, 1, 2].map((k) => tokenizer.size - 3 + k));
    expect(tokenizer.decode([tokenizer.pad, ...tokenizer.encode('the fox'), tokenizer.end])).toContain('fox');
  });

  test.each<[string, object, string]>([
    ['no model', { model: undefined }, 'tok.json: this is not a tokenizer.json: there is no model'],
    [
      'a model',
      { model: { type: 'Neural' } },
      'tok.json: model: "Neural" is not known here; known are BPE, WordPiece, WordLevel, Unigram',
    ],
    ['a normalizer', { normalizer: { type: 'Precompiled' } }, 'tok.json: normalizer: "Precompiled" is not known here'],
    [
      'one in a sequence',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'X' }] } },
      'normalizer.normalizers[1]: "X" is not known',
    ],
    ['a pre-tokenizer', { pre_tokenizer: { type: 'UnicodeScripts' } }, 'pre_tokenizer: "UnicodeScripts" is not known'],
    ['a decoder', { decoder: { type: 'CTC' } }, 'decoder: "CTC" is not known here'],
    [
      'a pattern',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: 'a++' }, behavior: 'Isolated' } },
      'pre_tokenizer: pattern: "a++" cannot be read here',
    ],
    ['a behavior', { pre_tokenizer: { type: 'Punctuation', behavior: 'Lost' } }, 'behavior: "Lost" is not known here'],
    ['a number', { model: { type: 'WordLevel', vocab: { a: -1 } } }, 'vocab: "a": expected a number below'],
    [
      'a merge',
      { model: { type: 'BPE', vocab: { a: 0, b: 1 }, merges: ['a b'] } },
      'merges[0]: "a b" is not of two tokens that make a third',
    ],
    ['a score', { model: { type: 'Unigram', vocab: [['a']] } }, 'vocab[0]: expected a token and its score, got ["a"]'],
    ['an added token', { added_tokens: [{ id: 1, content: '' }] }, 'added_tokens[0]: content: expected a text'],
  ])('%s that is not known is refused by name', (_, change, message) => {
    expect(() => Tokenizer.fromHuggingFace({ ...words, ...change }, 'tok.json')).toThrow(message);
    expect(() => Tokenizer.fromHuggingFace({ ...words, ...change }, 'tok.json')).toThrow(FormatError);
  });

  test('what is no object is refused', () => {
    for (const json of [null, 7, 'x', [], {}]) expect(() => Tokenizer.fromHuggingFace(json)).toThrow(FormatError);
  });
});
