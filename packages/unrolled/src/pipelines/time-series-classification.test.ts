// Number sequences as a pipeline takes them: by steps or by features, whole and in pieces of a batch, and what it refuses.

import { describe, expect, test } from 'vitest';
import { FeatureScaler } from '../data/feature-scaler.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { SequenceTagger } from '../models/sequence-tagger.ts';
import { manualSeed } from '../tensor/random-state.ts';
import type { TimeSeriesClassificationInput } from './contract/input.ts';
import {
  type SequenceClassificationPipeline,
  type StepClassificationPipeline,
  timeSeriesClassificationOf,
} from './time-series-classification.ts';

const labels = ['rest', 'move', 'turn'];
const features = FeatureScaler.fit([[0, 10, 1, 20, 2, 30]], ['x', 'y']);
const input = (per: 'sequence' | 'step'): TimeSeriesClassificationInput => ({
  kind: 'time-series-classification',
  per,
  maxSteps: 6,
  longestTrained: 4,
});

function classifier(): SequenceClassificationPipeline {
  manualSeed(3);
  const model = new SequenceClassifier({ inputSize: 2, classes: 3, hiddenSize: 5, bidirectional: true }).eval();
  return timeSeriesClassificationOf(model, { features, labels, input: input('sequence') }) as SequenceClassificationPipeline; // biome-ignore format: a line
}

function tagger(): StepClassificationPipeline {
  manualSeed(4);
  const model = new SequenceTagger({ inputSize: 2, classes: 3, hiddenSize: 5 }).eval();
  return timeSeriesClassificationOf(model, { features, labels, input: input('step') }) as StepClassificationPipeline;
}

const steps = [
  [0.5, 12],
  [1, 25],
  [-1, 14],
];

describe.each([
  ['a label for the sequence', classifier],
  ['a label for each step', tagger],
] as const)('%s', (_name, make) => {
  test('is the same whether the sequence is given by its steps or by its features', async () => {
    const pipeline = make();
    const columns = { y: [12, 25, 14], x: Float32Array.of(0.5, 1, -1) };
    const [byStep, byFeature] = await pipeline.predict([steps, columns]);
    expect(byFeature).toEqual(byStep);
  });

  test('does not depend on the other sequences of the call', async () => {
    const pipeline = make();
    const others = Array.from({ length: 5 }, (_, n) => steps.slice(0, 1 + (n % 3)));
    const together = await pipeline.predict([...others, steps], { batchSize: 2 });
    const [alone] = await pipeline.predict([steps]);
    expect(together[5]).toEqual(alone);
  });

  test('takes null, NaN and infinity for missing, fills them with the value before and counts them', async () => {
    const pipeline = make();
    const [filled] = await pipeline.predict([[[0.5, 12], [0.5, 25], [-1, 25]]]); // biome-ignore format: rows
    const [holes] = await pipeline.predict([[[0.5, 12], [null, 25], [-1, Number.NaN]] as number[][]]); // biome-ignore format: rows
    expect(holes.notes).toEqual({ steps: 3, missing: 2, longerThanTrained: false, truncated: false });
    expect({ ...holes, notes: null }).toEqual({ ...filled, notes: null });
  });

  test('is of the first maxSteps steps, and says so', async () => {
    const pipeline = make();
    const long = Array.from({ length: 9 }, (_, t) => [t / 4, 10 + t]);
    const [cut, whole] = await pipeline.predict([long, long.slice(0, 6)]);
    expect(cut.notes).toEqual({ steps: 9, missing: 0, longerThanTrained: true, truncated: true });
    expect(whole.notes).toEqual({ steps: 6, missing: 0, longerThanTrained: true, truncated: false });
    expect({ ...cut, notes: null }).toEqual({ ...whole, notes: null });
  });

  test.each<[what: string, sequences: unknown, message: string]>([
    ['one sequence without a list', 3, 'sequences: expected a list of sequences, got 3'],
    ['a sequence that is a number', [3], 'sequence 0: expected its steps, or an object of its features, got 3'],
    ['no steps', [[]], 'sequence 0: expected at least one step, got none'],
    ['a step of other features', [steps, [[1, 2, 3]]], 'sequence 1, step 0: expected 2 numbers (x, y), got 3'],
    [
      'a text for a number',
      [[[1, '2']]],
      'sequence 0, step 0: expected a number, or null for a missing value, got "2"',
    ],
    [
      'a feature that is not known',
      [{ x: [1], y: [2], z: [3] }],
      'sequence 0: there is no feature "z"; the model reads x, y',
    ],
    ['a feature that is missing', [{ x: [1] }], 'sequence 0: expected numbers of the feature "y", got undefined'],
    ['features of two lengths', [{ x: [1, 2], y: [2] }], 'x has 2 steps, y 1'],
  ])('refuses %s', async (_what, sequences, message) => {
    await expect(make().predict(sequences as never)).rejects.toThrow(message);
  });
});

test('probabilities of a sequence sum to 1, sorted; the label is the first of them', async () => {
  const [{ label, score, scores }] = await classifier().predict([steps]);
  expect(scores.map((one) => one.score).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
  expect(scores.map((one) => one.score)).toEqual(scores.map((one) => one.score).toSorted((a, b) => b - a));
  expect([label, score]).toEqual([scores[0].label, scores[0].score]);
});

test('segments are the labels of the steps', async () => {
  const [{ steps: labeled, segments }] = await tagger().predict([Array.from({ length: 6 }, (_, t) => [3 * t - 8, 40 * Math.sin(t)])]); // biome-ignore format: a line
  const again = segments.flatMap(({ label, start, end }) => Array<string>(end - start).fill(label));
  expect(again).toEqual(labeled.map(({ label }) => label));
  expect(segments.length).toBeGreaterThan(1);
});

test('a model that reads other numbers than the features is refused', () => {
  const model = new SequenceClassifier({ inputSize: 3, classes: 3 });
  expect(() => timeSeriesClassificationOf(model, { features, labels, input: input('sequence') })).toThrow(
    'expected a model that reads 2 numbers in a step, got 3',
  );
});
