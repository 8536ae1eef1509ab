import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentBackend, ReferenceBackend, useBackend } from '../backend/index.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { Adam } from '../optim/index.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { classifyTask, evaluateClassifier } from './classify-task.ts';
import { fit } from './fit.ts';

const before = currentBackend();
beforeAll(() => useBackend(new ReferenceBackend()));
afterAll(() => useBackend(before));

/** The labels of a sequence are the symbols above 2 in it. */
const sequences = Array.from({ length: 60 }, (_, n) =>
  Array.from({ length: 2 + (n % 4) }, (_, t) => 1 + ((n * 7 + t * (3 + (n % 5))) % 6)),
);
const labels = sequences.map((row) => [...new Set(row)].filter((s) => s > 2).map((s) => s - 3));
const data = { sequences, labels };
const make = () => {
  manualSeed(2);
  return new SequenceClassifier({
    vocabularySize: 7,
    classes: 4,
    cell: 'gru',
    hiddenSize: 8,
    pooling: 'max',
    dropout: 0,
  });
};

test('each class is learned as a yes or no of its own', async () => {
  const model = make();
  const task = classifyTask(model, { multiLabel: true, train: data, validation: data, batchSize: 12, seed: 1 });
  const end = await fit(task, { optimizer: new Adam(model.parameters(), { lr: 0.03 }), steps: 120 });
  expect(end.bestMetrics?.microF1).toBeGreaterThan(0.98);
  const { metrics, perLabel, probabilities } = await evaluateClassifier(model, data, { multiLabel: true });
  expect(metrics.exact).toBeGreaterThan(0.9);
  expect(perLabel.map(({ count }) => count)).toEqual(
    [0, 1, 2, 3].map((c) => labels.filter((l) => l.includes(c)).length),
  );
  expect(probabilities[labels[0][0]]).toBeGreaterThan(0.5);
});

test('the loss is that of σ, summed over the classes: worked by hand for a model without weights', async () => {
  const model = make();
  for (const p of model.parameters()) p.set(new Float32Array(p.size)); // every logit is 0, every probability ½
  const { loss, metrics } = await evaluateClassifier(model, data, { multiLabel: true });
  expect(loss).toBeCloseTo(4 * Math.LN2, 5);
  const all = labels.flat().length;
  expect(metrics.microF1).toBeCloseTo((2 * all) / (60 * 4 + all), 10); // at .5 every class is predicted
  expect((await evaluateClassifier(model, data, { multiLabel: true, threshold: 0.6 })).metrics).toEqual({ microF1: 0, macroF1: 0, exact: labels.filter((l) => l.length === 0).length / 60 }); // biome-ignore format: one line
  model.head.bias?.set(Float32Array.of(1, 0, 0, 0));
  const one = { sequences: [[1]], labels: [[0]] };
  const expected = Math.log(1 + Math.exp(-1)) + 3 * Math.LN2; // −ln σ(1), and ln 2 for each of the others
  expect((await evaluateClassifier(model, one, { multiLabel: true })).loss).toBeCloseTo(expected, 5);
  const task = (labelSmoothing: number) =>
    classifyTask(model, { multiLabel: true, train: one, labelSmoothing }).next()().loss.itemSync();
  expect(task(0)).toBeCloseTo(expected, 5);
  expect(task(0.2)).toBeCloseTo(expected + 0.1 * 1, 5); // ε/2 of the target goes to the other side: ε/2 · logit more
});

test('labels that do not fit are named', () => {
  const model = make();
  const wrong = (labels: number[][]) => () =>
    classifyTask(model, { multiLabel: true, train: { sequences: [[1]], labels } });
  expect(wrong([[4]])).toThrow('classifyTask: labels: sequence 0: expected a class from 0 to 3, got 4');
  expect(wrong([])).toThrow('expected one for each of 1 sequences');
  expect(() => classifyTask(model, { multiLabel: true, train: data, best: 'accuracy' as never })).toThrow(
    'microF1, macroF1',
  );
});
