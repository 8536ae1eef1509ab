// Files made to take more than their size: time, memory, or the stack. Each is refused, or read in a time that its size and the text's bound.

import { describe, expect, test } from 'vitest';
import { FormatError } from '../../../errors.ts';
import { Tokenizer } from '../../tokenizer.ts';
import { processorTime } from '../../../../../../test/processor-time.ts';

const model = { type: 'WordLevel', vocab: { a: 0, '<unk>': 1 }, unk_token: '<unk>' };
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const doubling = (replace: object) => Array<object>(24).fill({ type: 'Replace', ...replace });
const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, k) => ['a'.repeat(2 ** k), k] as const));

/** Runs `body`, which is to take no more than two seconds of the processor. */
const soon = async (body: () => void) => expect(await processorTime(body)).toBeLessThan(2000);

describe('files that would take more than their size', () => {
  test.each<[string, object, string, string]>([
    [
      'a text of 2²⁴ letters made of one',
      { normalizer: { type: 'Sequence', normalizers: doubling({ pattern: { String: 'a' }, content: 'aa' }) } },
      'a',
      'tok.json: normalizer.normalizers[10]: makes more than 64 characters of each one',
    ],
    [
      'a long text for every letter',
      { normalizer: { type: 'Replace', pattern: { Regex: '' }, content: 'a'.repeat(5000) } },
      'aaaa',
      'tok.json: normalizer: makes more than 64',
    ],
    ['a long beginning', { normalizer: { type: 'Prepend', prepend: 'a'.repeat(5000) } }, 'a', 'makes more than 64'],
    [
      'bytes of bytes of bytes',
      {
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: Array(24).fill({ type: 'ByteLevel', add_prefix_space: false, use_regex: false }),
        },
      },
      'é',
      'tok.json: pre_tokenizer: makes more than 64',
    ],
  ])('%s is stopped', async (_, change, text, message) => {
    await soon(() => {
      const tokenizer = Tokenizer.fromHuggingFace({ model, ...change }, 'tok.json');
      expect(() => tokenizer.encode(text)).toThrow(message);
      expect(() => tokenizer.encode(text)).toThrow(FormatError);
    });
  });

  test('a decoder that doubles is stopped', () => {
    const steps = doubling({ pattern: { String: 'a' }, content: 'aa' });
    const tokenizer = Tokenizer.fromHuggingFace({ model, decoder: { type: 'Sequence', decoders: steps } }, 'tok.json');
    expect(() => tokenizer.decode([0])).toThrow('makes more than 64 characters of each one');
  });

  test.each<[string, object, string]>([
    [
      'a strip of nothing',
      { decoder: { type: 'Strip', content: '', start: 1e300, stop: 0 } },
      'content: expected one character',
    ],
    [
      'a strip of −1',
      { decoder: { type: 'Strip', content: 'a', start: -1, stop: 0 } },
      'start: expected a whole number from 0',
    ],
    ['a long mark', { pre_tokenizer: { type: 'Metaspace', replacement: 'ab' } }, 'replacement: expected one character'],
    [
      'nothing to replace',
      { normalizer: { type: 'Replace', pattern: { String: '' }, content: 'a' } },
      'pattern: expected',
    ],
    [
      'a number far beyond',
      { model: { type: 'WordLevel', vocab: { a: 4_194_303 } } },
      'tok.json: "a" has the number 4194303, with 1 tokens in all',
    ],
    ['an added one far beyond', { added_tokens: [{ id: 4_194_303, content: 'x' }] }, '"x" has the number 4194303'],
    [
      'a token of a megabyte',
      { model: { type: 'Unigram', vocab: [['a'.repeat(2 ** 20), 0]] } },
      'a token of 1048576 letters; at most 512',
    ],
    [
      'a thousand steps',
      { normalizer: { type: 'Sequence', normalizers: Array(1000).fill({ type: 'NFC' }) } },
      'normalizers: more than 64 steps',
    ],
    ['lists within lists', { post_processor: nested(10_000) }, 'lie within each other, more than 32 deep'],
    ['a type of lists', { model: { type: nested(10_000) } }, 'lie within each other'],
    ['no merge', { model: { type: 'BPE', vocab: { a: 0 }, merges: [null] } }, 'merges[0]: null is not of two tokens'],
    ['a merge of numbers', { model: { type: 'BPE', vocab: { a: 0 }, merges: [[1, 2]] } }, 'merges[0]: [1, 2] is not'],
    [
      'a merge of an object',
      { model: { type: 'BPE', vocab: { a: 0 }, merges: [['a', { toString: 1 }]] } },
      'merges[0]: ["a", …] is not of two tokens',
    ],
    [
      'an endless score',
      { model: { type: 'Unigram', vocab: [['a', 1 / 0]] } },
      'vocab[0]: expected a token and its score',
    ],
  ])('%s is refused', async (_, change, message) => {
    await soon(() => {
      expect(() => Tokenizer.fromHuggingFace({ model, ...change }, 'tok.json')).toThrow(message);
      expect(() => Tokenizer.fromHuggingFace({ model, ...change }, 'tok.json')).toThrow(FormatError);
    });
  });

  test('long tokens are looked for in a time that grows as the text', async () => {
    const added = [{ id: 20, content: `${'a'.repeat(511)}b`, normalized: false }];
    for (const one of [
      {
        type: 'Unigram',
        vocab: [
          ['a', -1],
          ['<unk>', -2],
          [`${'a'.repeat(511)}b`, -1],
        ],
      },
      {
        type: 'WordPiece',
        vocab: { a: 0, '##a': 1, [`${'a'.repeat(511)}b`]: 2, [`##${'a'.repeat(509)}b`]: 3 },
        max_input_chars_per_word: 1e9,
      },
      {
        type: 'BPE',
        vocab: pairs(10),
        merges: Array.from({ length: 9 }, (_, k) => `${'a'.repeat(2 ** k)} ${'a'.repeat(2 ** k)}`),
      },
    ]) {
      const tokenizer = Tokenizer.fromHuggingFace({ model: one, added_tokens: added });
      const timeOf = (length: number) =>
        processorTime(() => {
          const text = tokenizer.decode(tokenizer.encode('a'.repeat(length)));
          expect(text.replaceAll(' ', '').replaceAll('##', '').length).toBe(length);
        });
      const shorter = await timeOf(5_000);
      const longer = Math.min(await timeOf(10_000), await timeOf(10_000));
      expect(longer).toBeLessThan(3 * shorter + 100);
    }
  });

  test('keys of every object are only keys', () => {
    const json: unknown = JSON.parse(
      '{"model":{"type":"WordLevel","vocab":{"__proto__":0,"constructor":1,"toString":2}},"__proto__":{"normalizer":{"type":"X"}},"constructor":{"prototype":{"polluted":1}}}',
    );
    const tokenizer = Tokenizer.fromHuggingFace(json);
    expect([...tokenizer.encode('__proto__')]).toEqual([0]);
    expect(tokenizer.token(2)).toBe('toString');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('own files that would take more than their size', () => {
  const own = (change: object) => ({ ...Tokenizer.train(['abc']).toJSON(), ...change });

  test('a token that occurs twice, at the end of a long list', async () => {
    const tokens = [...Array.from({ length: 200_000 }, (_, k) => `t${k}`), 't199999'];
    await soon(() => expect(() => Tokenizer.fromJSON(own({ tokens }))).toThrow('token "t199999" occurs twice'));
  });

  test.each<[string, object]>([
    ['a unit of lists', { unit: nested(10_000) }],
    ['a version of lists', { version: nested(10_000) }],
    ['a token of lists', { tokens: [nested(10_000)] }],
    ['a file of lists', { unit: 'huggingface', file: nested(10_000) }],
    ['no file', { unit: 'huggingface', file: undefined }],
    ['no merge', { unit: 'bpe', merges: [null] }],
    ['merges of many spaces', { unit: 'bpe', merges: [' '.repeat(1e6)] }],
  ])('%s is refused', async (_, change) => {
    await soon(() => expect(() => Tokenizer.fromJSON(own(change))).toThrow(FormatError));
  });
});
