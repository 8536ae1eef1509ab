// What tasks refuse: criteria that are none, symbols that the model does not have, states of another task. And what is measured without a validation.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { StreamBatcher } from '../data/streams.ts';
import { OptionError } from '../errors.ts';
import { LanguageModel } from '../models/language-model.ts';
import { Seq2Seq } from '../models/seq2seq/seq2seq.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { SequenceTagger } from '../models/sequence-tagger.ts';
import { Linear } from '../nn/linear.ts';
import { SGD } from '../optim/index.ts';
import { tensor } from '../tensor/create.ts';
import { classifyTask } from './classify-task.ts';
import { ExampleTask } from './example-task.ts';
import { evaluateLanguageModel, languageTask } from './language-task.ts';
import { tagTask } from './tag-task.ts';
import type { Json } from './task.ts';
import { Trainer, type TrainerOptions } from './trainer.ts';
import { translateTask } from './translate-task.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

const sequences = [
  [1, 2],
  [3, 0],
];
const small = { vocabularySize: 4, classes: 2, hiddenSize: 2, embeddingDim: 2 };

test('a classifier goes by accuracy, F1 or its loss, and by nothing where it is not measured', async () => {
  const train = { sequences, labels: [0, 1] };
  const task = (best?: string, more = {}) =>
    classifyTask(new SequenceClassifier(small), { train, batchSize: 2, best: best as 'loss', ...more });
  expect(() => task('f1')).toThrow('classifyTask: best: expected accuracy, macroF1 or loss, got "f1"');
  expect(await task().evaluate()).toBe(null);
  const scores = async (best?: string) => (await task(best, { validation: train }).evaluate())?.score;
  const { metrics } = (await task('loss', { validation: train }).evaluate()) ?? {};
  expect(await scores('loss')).toBe(undefined);
  for (const best of ['accuracy', 'macroF1']) expect(await scores(best)).toBeTypeOf('number');
  expect(Object.keys(metrics ?? {})).toEqual(['accuracy', 'macroF1']);
});

test('a tagger too', async () => {
  const train = { sequences, labels: sequences.map(() => [0, 1]) };
  const task = (best?: string, more = {}) =>
    tagTask(new SequenceTagger(small), { train, batchSize: 2, best: best as 'loss', ...more });
  expect(() => task('f1')).toThrow(/tagTask: best: expected one of .*, got "f1"/);
  expect(await task().evaluate()).toBe(null);
  expect(await task('loss', { validation: train }).evaluate()).not.toHaveProperty('score');
  expect((await task('exact', { validation: train }).evaluate())?.score).toBeTypeOf('number');
});

describe('a translator', () => {
  const model = () => new Seq2Seq({ sourceVocabulary: 5, targetVocabulary: 6, hiddenSize: 2, embeddingDim: 2 });
  const train = { sources: [[4, 0], [3]], targets: [[5, 0], [4]] }; // biome-ignore format: one line
  const task = (more: Partial<Parameters<typeof translateTask>[1]> = {}) =>
    translateTask(model(), { train, batchSize: 2, ...more });

  test.each<[string, typeof train, string]>([
    ['sources', { ...train, sources: [[4, 0], [5]] }, 'pair 1: expected symbols from 0 to 4, got 5 at 0'], // biome-ignore format: one line
    ['sources', { ...train, sources: [[4, -1], [3]] }, 'pair 0: expected symbols from 0 to 4, got -1 at 1'], // biome-ignore format: one line
    ['targets', { ...train, targets: [[5, 0], [6]] }, 'pair 1: expected symbols from 0 to 5, got 6 at 0'], // biome-ignore format: one line
    ['targets', { ...train, targets: [[5, 0.5], [4]] }, 'pair 0: expected symbols from 0 to 5, got 0.5 at 1'], // biome-ignore format: one line
    ['sources', { ...train, sources: [[4, 0], []] }, 'pair 1: its source is empty'], // biome-ignore format: one line
  ])('has only its own symbols: %s %#', (side, pairs, message) => {
    expect(() => task({ train: pairs })).toThrow(OptionError);
    expect(() => task({ train: pairs })).toThrow(`${side}: ${message}`);
  });

  test('is measured by what was measured', async () => {
    expect(await task().evaluate()).toBe(null);
    const measure = () => ({ bleu: 12 });
    const options = { validation: train, translate: 1, measure };
    expect((await task({ ...options, best: 'bleu' }).evaluate())?.score).toBe(-12);
    expect(await task(options).evaluate()).not.toHaveProperty('score');
    await expect(task({ ...options, best: 'chrf' }).evaluate()).rejects.toThrow(
      'chrf was not measured; there are perplexity, exactMatch, bleu',
    );
    for (const more of [{}, { translate: 1 }, { validation: train }])
      expect(() => task({ ...more, best: 'bleu' })).toThrow('validation and translate are needed');
  });
});

test('a language model is evaluated on its own kind of data', async () => {
  const model = new LanguageModel(4, { cell: 'rnn', hiddenSize: 2 });
  for (const data of [[1, 2, 3], null, { streams: 1, epoch: () => [] }])
    await expect(evaluateLanguageModel(model, data as never)).rejects.toThrow(
      'evaluateLanguageModel: data: expected a StreamBatcher, got',
    );
});

test('a language model adds its losses up or takes their mean, and knows its own state', () => {
  const train = () => new StreamBatcher(Int32Array.from({ length: 41 }, (_, k) => k % 5), { streams: 2, windowLength: 4 }); // biome-ignore format: one line
  const task = (reduction?: string) =>
    languageTask(new LanguageModel(5, { cell: 'gru', hiddenSize: 2 }), { train: train(), reduction: reduction as 'sum' }); // biome-ignore format: one line
  expect(() => task('max')).toThrow("languageTask: reduction: expected 'mean' or 'sum', got \"max\"");
  const sum = task('sum').next()();
  expect([sum.perTarget, task('mean').next()().perTarget, sum.targets]).toEqual([1 / 8, 1, 8]);
  for (const json of [{ position: 0 }, { carried: 0 }, { position: '0', carried: 0 }, null] as Json[])
    expect(() => task().setState({ json, tensors: new Map() })).toThrow('has no position and carried state');
});

describe('a trainer', () => {
  /** w and b with the gradients 3 and 4: a norm of 5. */
  const makeTrainer = (options: Partial<TrainerOptions> = {}) => {
    const model = new Linear(1, 1);
    let batch = 0;
    const task = new ExampleTask(model, {
      batches: { batchesPerEpoch: 100, position: { epoch: 0, batch: 0 }, next: () => Int32Array.of(batch++) },
      loss: () => {
        const loss = model.weight
          .sum()
          .mul(3)
          .add((model.bias ?? model.weight).sum().mul(4));
        return { loss: loss.add(tensor(0)), targets: 1, perTarget: 1 };
      },
    });
    return new Trainer(task, { optimizer: new SGD(model.parameters(), { lr: 0 }), steps: 6, ...options });
  };

  test('has not clipped a gradient that is as long as it may be', async () => {
    const clipped = async (clipNorm: number) => {
      for await (const event of makeTrainer({ clipNorm }).run()) if (event.type === 'step') return event.clipped;
      return null;
    };
    expect([await clipped(5), await clipped(4.99)]).toEqual([false, true]);
  });

  test('that has done its steps does no more, and none where none are wanted', async () => {
    const finished = makeTrainer();
    for await (const _ of finished.run()) continue;
    for (const trainer of [finished, makeTrainer({ steps: 0 })]) {
      const { step } = trainer;
      const types: string[] = [];
      for await (const { type } of trainer.run()) types.push(type);
      expect([types, trainer.step]).toEqual([['end'], step]);
    }
  });

  test('looks into the steps whose number is a multiple, before they are counted', async () => {
    const looked: number[] = [];
    const inspect = { every: 2, look: () => ({ seen: true }) };
    for await (const event of makeTrainer({ inspect }).run()) if (event.type === 'look') looked.push(event.step);
    expect(looked).toEqual([2, 4, 6]);
  });
});
