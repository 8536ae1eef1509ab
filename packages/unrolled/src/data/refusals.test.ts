// What the readers of data refuse, one line for each. Without the refusal a wrong argument becomes a wrong batch.

import { describe, expect, test } from 'vitest';
import { UnrolledError } from '../errors.ts';
import { sampleAtRate, sampleEvenly } from './frames.ts';
import { imageRows } from './idx.ts';
import { prefetch } from './prefetch.ts';
import { split } from './split.ts';
import { decodeText } from './text.ts';
import { Tokenizer } from './tokenizer.ts';
import { Vocabulary } from './vocabulary.ts';
import { splitByTime, Windows } from './windows.ts';

const odd = (value: unknown) => value as never;
const tokenizer = (more: object) => Tokenizer.fromJSON({ ...Tokenizer.train(['ab']).toJSON(), ...more }, 'tok.json');
const huggingFace = (model: object, more: object = {}) => Tokenizer.fromHuggingFace({ model, ...more }, 'tok.json');
const wordLevel = { type: 'WordLevel', vocab: { a: 0, '<unk>': 1 }, unk_token: '<unk>' };
/** A list with one entry more than are read: without the limit, its first is what is wrong. */
const tooMany = Array<unknown>(2 ** 22 + 1);
const series = { values: Float64Array.from({ length: 20 }, (_, k) => k), names: ['a', 'b'] };
const sizes = { length: 3, horizon: 2 };

describe('refused', () => {
  test.each<[string, () => unknown, string]>([
    ['frames of no rate', () => sampleAtRate([40], 0), 'sampleAtRate: rate: expected frames per second above 0, got 0'],
    ['frames of a negative rate', () => sampleAtRate([40], -1), 'sampleAtRate: rate: expected frames per second'],
    ['more frames than are held', () => sampleAtRate([1e12], 1e3), 'sampleAtRate: rate: expected frames per second'],
    ['a part of a frame', () => sampleEvenly(5, 2.5), 'sampleEvenly: wanted: expected a whole number'],
    [
      'labels as images',
      () => imageRows({ shape: [3], data: new Uint8Array(3) }, [0]),
      'imageRows: expected images [N, rows, columns], got 1 axes',
    ],
    [
      'strata and groups at once',
      () => split(4, { stratify: [0, 0, 1, 1], group: [0, 1, 2, 3] }),
      'split: stratify, group: one or the other, not both',
    ],
    [
      'a file longer than any text',
      () => decodeText(Object.defineProperty(new Uint8Array(8).fill(0x61), 'length', { value: 2 ** 29 })),
      '536870912 bytes are more than can be held as one text (536870888); train on a part of it',
    ],
    ['a text that is none', () => Vocabulary.fromText(odd(['a'])), 'Vocabulary: text: expected a text, got ["a"]'],
    [
      'ids that are no list',
      () => Vocabulary.fromText('ab').decode(odd('ab')),
      'Vocabulary.decode: ids: expected a list of numbers, got "ab"',
    ],
    [
      'ids that cannot be gone through',
      () => Vocabulary.fromText('ab').decode(odd({ 0: 1 })),
      'Vocabulary.decode: ids: expected a list of numbers',
    ],
    [
      'symbols without end',
      () => Vocabulary.fromJSON({ ...Vocabulary.fromText('ab').toJSON(), symbols: tooMany }, 'v.json'),
      'v.json: there are 4194305 symbols; at most 4194304 are read',
    ],
    [
      'half a row of a series',
      () => new Windows({ values: new Float64Array(21), names: ['a', 'b'] }, sizes),
      'Windows: series: 21 values are not rows of 2',
    ],
    [
      'something else joined to windows',
      () => Windows.join([new Windows(series, sizes), odd({ length: 3 })]),
      'Windows.join: parts[1]: expected Windows, got an object with length',
    ],
    ['no windows joined', () => Windows.join([]), 'Windows.join: parts: expected at least one'],
    ['all of a series for validation', () => splitByTime(10, { validation: 1 }), 'splitByTime: validation: expected a'],
    [
      'a negative part',
      () => splitByTime(10, { test: -0.1 }),
      'splitByTime: test: expected a share from 0 to 1, got -0.1',
    ],
    ['a share as text', () => splitByTime(10, { test: odd('0.1') }), 'splitByTime: test: expected a share'],
    [
      'nothing left to train on',
      () => splitByTime(10, { validation: 0.5, test: 0.5 }),
      'splitByTime: validation, test: 0.5 + 0.5 leave nothing to train on',
    ],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 3],
    ['a text', 'abc'],
    ['an object', {}],
  ])('prefetching from %s', async (_, source) => {
    await expect(prefetch(odd(source)).next()).rejects.toThrow('prefetch: source: expected something to go through');
  });
});

describe('a tokenizer is refused', () => {
  test.each<[string, () => unknown, string]>([
    [
      'trained in no way that there is',
      () => Tokenizer.train(['a'], { lowercase: odd('yes') }),
      'Tokenizer.train: lowercase: expected true or false, got "yes"',
    ],
    ...([0, -1, 1.5, '2', Number.NaN] as const).map((minCount): [string, () => unknown, string] => [
      `for tokens that occur ${minCount} times`,
      () => Tokenizer.train(['a'], { minCount: odd(minCount) }),
      'Tokenizer.train: minCount: expected a whole number from 1, got',
    ]),
    ['in another normal form', () => tokenizer({ normalization: 'NFX' }), 'tok.json: normalization cannot be "NFX"'],
    ['lower-cased perhaps', () => tokenizer({ lowercase: 'perhaps' }), 'tok.json: lowercase cannot be "perhaps"'],
    ['with tokens without end', () => tokenizer({ tokens: tooMany }), 'tok.json: there are 4194305 tokens; at most'],
    ['without merges', () => tokenizer({ unit: 'bpe', merges: 'a b' }), 'tok.json: there are no merges'],
    [
      'with merges without end',
      () => tokenizer({ unit: 'bpe', merges: tooMany }),
      'tok.json: there are 4194305 merges; at most 4194304 are read',
    ],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });

  test.each<[string, object, object, string]>([
    ['with no vocabulary', { ...wordLevel, vocab: null }, {}, 'vocab: expected tokens and their numbers'],
    ['with a list of words', { ...wordLevel, vocab: ['a'] }, {}, 'vocab: expected tokens and their numbers'],
    ['with a text of words', { ...wordLevel, vocab: 'a' }, {}, 'vocab: expected tokens and their numbers'],
    [
      'with more merges than are read',
      { type: 'BPE', vocab: { a: 0 }, merges: tooMany },
      {},
      'merges: 4194305 of them; at most 4194304 are read',
    ],
    [
      'with more scores than are read',
      { type: 'Unigram', vocab: tooMany },
      {},
      'vocab: 4194305 tokens; at most 4194304 are read',
    ],
    [
      'with an unknown token that is not there',
      { type: 'Unigram', vocab: [['a', -1]], unk_id: 1 },
      {},
      'unk_id: there is no token 1',
    ],
    [
      'with an added token of a number below none',
      wordLevel,
      { added_tokens: [{ id: -1, content: 'b' }] },
      'added_tokens[0]: id: expected a number below 4194304, got -1',
    ],
    [
      'with an added token of a number beyond all',
      wordLevel,
      { added_tokens: [{ id: 2 ** 22, content: 'b' }] },
      'added_tokens[0]: id: expected a number below 4194304, got 4194304',
    ],
    [
      'with a prefix for the third word',
      wordLevel,
      { pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'third' } },
      'prepend_scheme: expected always, first or never, got "third"',
    ],
  ])('as a file %s', (_, model, more, message) => {
    const run = () => huggingFace(model, more);
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });
});
