// Data at its smallest and texts at their oddest: nothing, one example, one class, one symbol, symbols never seen, halves of characters, Hangul in
// pieces. Each has a defined result or an error with a type.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import {
  BucketBatcher,
  split,
  splitByPosition,
  StreamBatcher,
  Tokenizer,
  Vocabulary,
  Windows,
} from '../packages/unrolled/src/data/index.ts';
import { generate } from '../packages/unrolled/src/decode/index.ts';
import { DataError, OptionError, UnrolledError, VocabularyError } from '../packages/unrolled/src/errors.ts';
import {
  Forecaster,
  LanguageModel,
  Seq2Seq,
  SequenceClassifier,
  SequenceTagger,
  stepperOf,
} from '../packages/unrolled/src/models/index.ts';
import { Adam } from '../packages/unrolled/src/optim/index.ts';
import { classify, tag, translateAll } from '../packages/unrolled/src/pipelines/index.ts';
import { manualSeed } from '../packages/unrolled/src/tensor/index.ts';
import {
  classifyTask,
  evaluateClassifier,
  fit,
  forecastTask,
  languageTask,
  tagTask,
  type Task,
  translateTask,
} from '../packages/unrolled/src/train/index.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  manualSeed(1);
});
afterAll(() => useBackend(before));

const classifier = (classes = 2) => new SequenceClassifier({ vocabularySize: 5, classes, hiddenSize: 3, cell: 'gru' });
const tagger = () => new SequenceTagger({ vocabularySize: 4, classes: 2, hiddenSize: 3 });
const translator = () => new Seq2Seq({ sourceVocabulary: 6, targetVocabulary: 6, hiddenSize: 3, embeddingDim: 3 });
const forecaster = () => new Forecaster({ channels: 1, length: 3, horizon: 2, hiddenSize: 3 });
const series = (n: number, of = (i: number) => Math.sin(i)) => ({
  names: ['y'],
  values: Float64Array.from({ length: n }, (_, i) => of(i)),
});

/** Three steps and three validations; all weights are finite afterwards. */
async function train(task: Task) {
  const end = await fit(task, {
    optimizer: new Adam(task.model.parameters(), { lr: 0.01 }),
    steps: 3,
    evaluateEvery: 1,
  });
  expect([...task.model.stateDict().values()].every(({ data }) => data.every(Number.isFinite))).toBe(true);
  expect(end.reason).toBe('finished');
  return end;
}

describe('nothing to learn from is an error with a type:', () => {
  const none = { sequences: [], labels: [] };
  const cases: [string, () => unknown, string][] = [
    [
      'no examples to classify',
      () => classifyTask(classifier(), { train: none }),
      'classifyTask: train: there are no examples',
    ],
    ['none to tag', () => tagTask(tagger(), { train: none }), 'tagTask: train: there are no examples'],
    [
      'no pairs',
      () => translateTask(translator(), { train: { sources: [], targets: [] } }),
      'translateTask: train: there are no examples',
    ],
    ['no rows', () => new Windows(series(0), { length: 3, horizon: 2 }), 'a window has 3 + 2 rows, and there are 0'],
    ['rows for less than a window', () => new Windows(series(4), { length: 3, horizon: 2 }), 'and there are 4'],
    ['no text', () => new StreamBatcher(new Int32Array(0), { streams: 1, windowLength: 4 }), 'at least 2 are needed'],
    [
      'one symbol of text',
      () => new StreamBatcher(Int32Array.of(0), { streams: 1, windowLength: 4 }),
      'at least 2 are',
    ],
    [
      'text shorter than a window',
      () => new StreamBatcher(Int32Array.of(0, 1, 2), { streams: 1, windowLength: 4 }),
      '1 streams of 2 would fit',
    ],
    [
      'text shorter than its streams',
      () => new StreamBatcher(Int32Array.of(0, 1, 2), { streams: 8, windowLength: 4 }),
      '1 stream of 2 would fit',
    ],
    ['no lengths', () => new BucketBatcher([]), 'there are no examples'],
    ['nothing to split', () => split(0), 'count: expected a whole number from 1, got 0'],
    ['one to split', () => split(1), 'leaves none for validation'],
    ['one to cut', () => splitByPosition(1), 'are too few for these parts'],
    ['a model of no symbols', () => new LanguageModel(0), 'vocabularySize: expected a whole number from 1, got 0'],
    ['a classifier of no classes', () => classifier(0), 'classes: expected a whole number from 1, got 0'],
  ];
  test.each(cases)('%s', (_name, run, message) => {
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });
});

describe('nothing to measure on is an error, and not the best loss there is:', () => {
  const none = { sequences: [], labels: [] };
  const one = { sequences: [[1, 2]], labels: [1] };
  test.each<[string, () => unknown]>([
    ['classes', () => classifyTask(classifier(), { train: one, validation: none })],
    ['tags', () => tagTask(tagger(), { train: { sequences: [[1]], labels: [[0]] }, validation: none })],
    [
      'translations',
      () =>
        translateTask(translator(), {
          train: { sources: [[4]], targets: [[5]] },
          validation: { sources: [], targets: [] },
        }),
    ],
  ])('%s', (_name, run) => {
    expect(run).toThrow(OptionError);
    expect(run).toThrow('validation: there are no examples; leave it out, or give some');
  });

  test('and tags that none of the validation has are not measured', async () => {
    const unlabeled = { sequences: [[1, 2]], labels: [[-100, -100]] };
    const end = await train(tagTask(tagger(), { train: { sequences: [[1]], labels: [[0]] }, validation: unlabeled }));
    expect([end.bestLoss, end.bestMetrics]).toEqual([null, null]);
  });

  test('asked for nothing, a model says nothing', async () => {
    expect([...(await classify(classifier(), []))]).toEqual([]);
    expect(await tag(tagger(), [])).toEqual([]);
    expect(await translateAll(translator(), [])).toEqual([]);
    expect((await evaluateClassifier(classifier(), none)).targets).toBe(0);
  });
});

describe('one of everything is trained on:', () => {
  test('one example', async () => {
    const one = { sequences: [[1, 2]], labels: [1] };
    const end = await train(classifyTask(classifier(), { train: one, validation: one }));
    expect(end.bestLoss).toBeGreaterThan(0);
  });

  test('one example without a step', async () => {
    const empty = { sequences: [[]], labels: [1] };
    const end = await train(classifyTask(classifier(), { train: empty, validation: empty }));
    expect(Number.isFinite(end.bestLoss)).toBe(true);
  });

  test('one class: there is nothing to learn, and the loss is 0', async () => {
    const data = { sequences: [[1], [2, 3]], labels: [0, 0] };
    const end = await train(classifyTask(classifier(1), { train: data, validation: data }));
    expect(end).toMatchObject({ bestLoss: 0, bestMetrics: { accuracy: 1, macroF1: 1 } });
  });

  test('one class of two, weighed by how frequent they are', async () => {
    const data = { sequences: [[1], [2, 3]], labels: [0, 0] };
    const end = await train(classifyTask(classifier(2), { train: data, validation: data, classWeights: 'balanced' }));
    expect(end.bestMetrics?.accuracy).toBeGreaterThanOrEqual(0);
  });

  test('one step to tag, one pair to translate, and a target without a word', async () => {
    const step = { sequences: [[1]], labels: [[0]] };
    expect(Number.isFinite((await train(tagTask(tagger(), { train: step, validation: step }))).bestLoss)).toBe(true);
    for (const targets of [[[5]], [[]]]) {
      const pair = { sources: [[4]], targets };
      const end = await train(translateTask(translator(), { train: pair, validation: pair, translate: 1 }));
      expect(end.bestLoss).toBeGreaterThan(0);
    }
    const empty = { sources: [[]], targets: [[5]] };
    expect(() => translateTask(translator(), { train: empty })).toThrow('pair 0: its source is empty; leave it out');
  });

  test('one window of a series, and one that never changes', async () => {
    for (const rows of [series(5), series(9, () => 21.1), series(9, () => 0)]) {
      const windows = new Windows(rows, { length: 3, horizon: 2 });
      const task = forecastTask(forecaster().standardize(rows), { train: windows, validation: windows });
      expect(Number.isFinite((await train(task)).bestLoss)).toBe(true);
    }
  });

  test('one symbol: it comes next, the loss is 0, and a sample is made of it', async () => {
    const vocabulary = Vocabulary.fromText('aaaaaaaaa');
    expect([vocabulary.size, [...vocabulary.encode('aa')], vocabulary.decode([0, 0])]).toEqual([1, [0, 0], 'aa']);
    const model = new LanguageModel(vocabulary.size, { hiddenSize: 3 });
    const data = (text: string) => new StreamBatcher(vocabulary.encode(text), { streams: 1, windowLength: 4 });
    const end = await train(languageTask(model, { train: data('aaaaaaaaa'), validation: data('aaaaaa') }));
    expect([end.smoothLoss, end.bestLoss]).toEqual([0, 0]);
    for (const prompt of [[], [0]]) expect([...generate(stepperOf(model), prompt, { length: 3 })]).toEqual([0, 0, 0]);
  });
});

describe('texts', () => {
  const units = ['character', 'codepoint', 'jamo', 'word', 'bpe'] as const;

  test('of nothing make a vocabulary of nothing, and no tokenizer', () => {
    expect(Vocabulary.fromText('').size).toBe(0);
    for (const unit of units)
      for (const texts of [[], ['']]) expect(() => Tokenizer.train(texts, { unit })).toThrow(DataError);
  });

  test('with a character that was never seen are refused by a vocabulary, with its place', () => {
    const vocabulary = Vocabulary.fromText('abc');
    expect(() => vocabulary.encode('abd')).toThrow(VocabularyError);
    expect(() => vocabulary.encode('abd')).toThrow('unknown symbol "d" at position 2');
    expect(() => vocabulary.encode('ab\ud800')).toThrow('it is half of a character');
  });

  test.each(units)('by %s: unseen characters and halves of characters have a token, and an empty text none', (unit) => {
    const tokenizer = Tokenizer.train(['한글 a'], { unit });
    expect([...tokenizer.encode('')]).toEqual([]);
    expect(tokenizer.decode([])).toBe('');
    for (const odd of ['z', '\ud800', 'a\udc00', '\ud800\ud800']) {
      const ids = tokenizer.encode(odd);
      expect(ids.length).toBeGreaterThan(0);
      expect([...ids].every((id) => id >= 0 && id < tokenizer.size)).toBe(true);
      if (unit === 'bpe')
        expect(tokenizer.decode(ids)).toBe(Array.from(odd, (c) => (c === 'z' || c === 'a' ? c : '\ufffd')).join(''));
      else expect([...ids]).toContain(tokenizer.unknown);
    }
  });

  test.each(units)('by %s: Hangul in pieces is the Hangul of the training text', (unit) => {
    const tokenizer = Tokenizer.train(['한글 값'], { unit });
    const composed = tokenizer.encode('한글 값');
    expect([...tokenizer.encode('한글 값'.normalize('NFD'))]).toEqual([...composed]);
    expect([...composed]).not.toContain(tokenizer.unknown);
    expect(tokenizer.decode(composed)).toBe('한글 값');
    expect([...Vocabulary.fromText('한글'.normalize('NFD')).encode('한글')].length).toBe(2);
  });
});
