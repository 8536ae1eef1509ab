import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { Adam } from '../optim/index.ts';
import { Random } from '../random.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { classify, classifyTask, evaluateClassifier, type LabeledSequences } from './classify-task.ts';
import { scoreLabels } from './label-scores.ts';
import { fit } from './fit.ts';
import { type Checkpoint, Trainer } from './trainer.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

/** The class is the first symbol, 1 or 2, whatever comes after it: it must be remembered. */
function firstSymbol(count: number, seed: number): LabeledSequences {
  const random = new Random(seed);
  const sequences = Array.from({ length: count }, () =>
    Int32Array.from({ length: 2 + random.integer(4) }, (_, t) => 1 + random.integer(t === 0 ? 2 : 4)),
  );
  return { sequences, labels: sequences.map((s) => s[0] - 1) };
}

const train = firstSymbol(60, 1);
const validation = firstSymbol(30, 2);
const makeModel = (dropout = 0) => {
  manualSeed(6);
  return new SequenceClassifier({ vocabularySize: 5, classes: 2, hiddenSize: 8, cell: 'gru', dropout });
};

describe('classifyTask', () => {
  test('learns to remember the first symbol, and tells loss, accuracy and F1', async () => {
    const model = makeModel();
    const task = classifyTask(model, { train, validation, batchSize: 10, seed: 3 });
    const end = await fit(task, {
      optimizer: new Adam(model.parameters(), { lr: 0.03 }),
      steps: 10 * task.stepsPerEpoch,
      evaluateEvery: task.stepsPerEpoch,
    });
    expect(end.bestMetrics).toEqual({ accuracy: 1, macroF1: 1 });
    const p = await classify(model, [
      [1, 3, 3],
      [2, 3, 3, 4, 1],
    ]);
    expect([p[0], p[3]].every((v) => v > 0.8)).toBe(true);
  });

  test('a run that goes on from a checkpoint ends in the same bits', async () => {
    const run = async (from: Checkpoint | null, to: number) => {
      const model = makeModel(0.2);
      const task = classifyTask(model, { train, validation, batchSize: 7, seed: 3, labelSmoothing: 0.1 });
      const optimizer = new Adam(model.parameters(), { lr: 0.03 });
      const trainer = new Trainer(task, { optimizer, steps: 25, evaluateEvery: 4 });
      if (from) trainer.restore(from);
      for await (const event of trainer.run())
        if (event.type === 'checkpoint' && event.step === to) return { model, checkpoint: event.take() };
      throw new Error('unreachable');
    };
    const whole = await run(null, 25);
    const half = await run(null, 13);
    const rest = await run(half.checkpoint, 25);
    expect(rest.model.stateDict()).toEqual(whole.model.stateDict());
  });

  test('evaluation does not depend on how sequences are batched, and leaves the model in training', async () => {
    const model = makeModel(0.5);
    const whole = await evaluateClassifier(model, validation);
    const one = await evaluateClassifier(model, {
      sequences: [validation.sequences[7]],
      labels: [validation.labels[7]],
    });
    expect(one.predictions[0]).toBe(whole.predictions[7]);
    expect(one.logits[0]).toBeCloseTo(whole.logits[14], 6);
    expect(model.training).toBe(true);
    expect(whole.targets).toBe(30);
  });

  test('balanced weights make rare classes count as much as frequent ones', () => {
    const sequences = [[1], [1], [1], [2]];
    const task = classifyTask(makeModel(), { train: { sequences, labels: [0, 0, 0, 1] }, classWeights: 'balanced' });
    const plain = classifyTask(makeModel(), { train: { sequences, labels: [0, 0, 0, 1] }, classWeights: [2 / 3, 2] });
    expect(task.next()().loss.itemSync()).toBe(plain.next()().loss.itemSync());
  });

  test.each<[LabeledSequences, string]>([
    [{ sequences: [[1]], labels: [] }, 'classifyTask: labels: expected one for each of 1 sequences, got 0'],
    [
      { sequences: [[1], [2]], labels: [0, 2] },
      'classifyTask: labels: sequence 1: expected a class from 0 to 1, got 2',
    ],
    [{ sequences: [], labels: [] }, 'there are no examples'],
  ])('refuses labels that do not fit %#', (data, message) => {
    expect(() => classifyTask(makeModel(), { train: data })).toThrow(message);
  });

  test('refuses numbers that are not whole steps', () => {
    const model = new SequenceClassifier({ inputSize: 3, classes: 2, hiddenSize: 2 });
    expect(() =>
      classifyTask(model, {
        train: {
          sequences: [
            [1, 2, 3],
            [1, 2],
          ],
          labels: [0, 1],
        },
      }),
    ).toThrow('classifyTask: sequences: sequence 1 has 2 numbers, which are not whole steps of 3');
  });
});

test('label scores, worked by hand', () => {
  // Truth 0 0 0 1 1 2, said 0 0 1 1 0 0: label 0 has 2 of 4 said and 2 of 3 true, label 1 has 1 of 2 and 1 of 2, label 2 is never said.
  const { accuracy, macroF1, perLabel } = scoreLabels([0, 0, 1, 1, 0, 0], [0, 0, 0, 1, 1, 2], 4);
  expect(accuracy).toBeCloseTo(3 / 6);
  expect(perLabel[0]).toEqual({ precision: 2 / 4, recall: 2 / 3, f1: 4 / 7, count: 3 });
  expect(perLabel[2]).toEqual({ precision: 0, recall: 0, f1: 0, count: 1 });
  expect(macroF1).toBeCloseTo((4 / 7 + 1 / 2 + 0) / 3);
});
