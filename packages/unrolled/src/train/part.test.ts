// Validations on a part of their data: which part, that it is the same every time, and that a trainer asks for it.

import { describe, expect, test } from 'vitest';
import { BucketBatcher } from '../data/batches.ts';
import { StreamBatcher } from '../data/streams.ts';
import { LanguageModel } from '../models/language-model.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { Adam } from '../optim/optimizers.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { classifyTask, evaluateClassifier } from './classify-task.ts';
import { ExampleTask } from './example-task.ts';
import { evaluateLanguageModel, languageTask } from './language-task.ts';
import { examplesIn, inPart } from './part.ts';
import { Trainer } from './trainer.ts';

describe('a part of the examples', () => {
  test('is evenly spaced, and at least one', () => {
    expect(Array.from(examplesIn(10, 1))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(Array.from(examplesIn(10, 0.5))).toEqual([0, 2, 4, 6, 8]);
    expect(Array.from(examplesIn(10, 0.25))).toEqual([0, 3, 6]);
    expect(Array.from(examplesIn(10, 1e-9))).toEqual([0]);
    expect(Array.from(examplesIn(0, 0.5))).toEqual([]);
  });

  test('keeps lists that belong together together', () => {
    const lists = { sequences: [[1], [2], [3], [4]], labels: [5, 6, 7, 8] };
    expect(inPart(lists, 0.5)).toEqual({ sequences: [[1], [3]], labels: [5, 7] });
    expect(inPart(lists, 1)).toBe(lists);
  });
});

const ids = Int32Array.from({ length: 2 * 40 + 1 }, (_, i) => (i * i + 3 * i) % 7);

function language() {
  manualSeed(1);
  const model = new LanguageModel(7, { hiddenSize: 5, numLayers: 1 });
  const streams = () => new StreamBatcher(ids, { streams: 2, windowLength: 5 });
  return { model, task: languageTask(model, { train: streams(), validation: streams() }) };
}

test('a part of a text is its first windows', async () => {
  const { model, task } = language();
  const half = await task.evaluate(0.5);
  expect(half?.targets).toBe(40);
  const first = new StreamBatcher(ids, { streams: 2, windowLength: 5, from: 0, to: 4 });
  expect(half).toEqual(await evaluateLanguageModel(model, first));
  expect((await task.evaluate())?.targets).toBe(80);
  expect(await task.evaluate(1)).toEqual(await task.evaluate());
});

test('a part of the labeled sequences is measured as those sequences alone', async () => {
  manualSeed(1);
  const model = new SequenceClassifier({ vocabularySize: 9, classes: 2, hiddenSize: 4 });
  const sequences = Array.from({ length: 12 }, (_, n) => [1 + (n % 8), 1 + ((3 * n) % 8)]);
  const labels = sequences.map((_, n) => n % 2);
  const task = classifyTask(model, { train: { sequences, labels }, validation: { sequences, labels } });
  const third = await task.evaluate(1 / 3);
  const own = inPart({ sequences, labels }, 1 / 3);
  const { loss, targets } = await evaluateClassifier(model, own);
  expect(own.labels).toHaveLength(4);
  expect(third).toMatchObject({ loss, targets });
});

test('a trainer measures every validation, the last included, on its part', async () => {
  const { model, task } = language();
  const parts: (number | undefined)[] = [];
  const evaluate = task.evaluate.bind(task);
  task.evaluate = async (part) => (parts.push(part), evaluate(part));
  const optimizer = new Adam(model.parameters());
  const targets: number[] = [];
  for await (const event of new Trainer(task, { optimizer, steps: 4, evaluateEvery: 2, evaluatePart: 0.5 }).run())
    if (event.type === 'evaluation') targets.push(event.targets);
  expect(parts).toEqual([0.5, 0.5]);
  expect(targets).toEqual([40, 40]);
});

test.each([0, -1, 1.5, Number.NaN, '1'])('a part of %s is refused', async (part) => {
  const { model, task } = language();
  const options = { optimizer: new Adam(model.parameters()), steps: 1, evaluatePart: part as number };
  expect(() => new Trainer(task, options)).toThrow('part: expected');
  await expect(task.evaluate(part as number)).rejects.toThrow('part: expected');
  const examples = new ExampleTask(model, {
    batches: new BucketBatcher(Int32Array.of(1), { batchSize: 1 }),
    loss: () => {
      throw new Error('not asked');
    },
  });
  await expect(examples.evaluate(part as number)).rejects.toThrow('part: expected');
});
