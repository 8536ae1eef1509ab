import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { SequenceTagger } from '../models/sequence-tagger.ts';
import { Adam } from '../optim/index.ts';
import { Random } from '../random.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { evaluateTagger, tag, type TaggedSequences, tagTask } from './tag-task.ts';
import { fit } from './fit.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

/** A step's label is whether the symbol after it is larger: it needs the direction from the right. The last step has none. */
function rises(count: number, seed: number): TaggedSequences {
  const random = new Random(seed);
  const sequences = Array.from({ length: count }, () =>
    Array.from({ length: 2 + random.integer(5) }, () => random.integer(4)),
  );
  return {
    sequences,
    labels: sequences.map((s) => s.map((v, t) => (t === s.length - 1 ? -100 : s[t + 1] > v ? 1 : 0))),
  };
}

const makeModel = (bidirectional: boolean) => {
  manualSeed(2);
  return new SequenceTagger({ vocabularySize: 4, classes: 2, hiddenSize: 8, cell: 'gru', bidirectional });
};

async function accuracy(bidirectional: boolean): Promise<Readonly<Record<string, number>> | null> {
  const model = makeModel(bidirectional);
  const task = tagTask(model, { train: rises(80, 1), validation: rises(40, 2), batchSize: 8, seed: 5 });
  const end = await fit(task, {
    optimizer: new Adam(model.parameters(), { lr: 0.03 }),
    steps: 10 * task.stepsPerEpoch,
    evaluateEvery: task.stepsPerEpoch,
  });
  return end.bestMetrics;
}

describe('tagTask', () => {
  test('with both directions it learns what stands to the right; with one it cannot', async () => {
    expect(await accuracy(true)).toMatchObject({ accuracy: 1, macroF1: 1, exact: 1 });
    expect((await accuracy(false))?.accuracy).toBeLessThan(0.9);
  });

  test('steps without a label are not scored, and sequences are tagged in their order', async () => {
    const model = makeModel(true);
    const data = rises(20, 3);
    const { targets, predictions, perLabel } = await evaluateTagger(model, data);
    expect(targets).toBe(data.labels.flatMap((row) => Array.from(row)).filter((y) => y !== -100).length);
    expect(perLabel.reduce((sum, { count }) => sum + count, 0)).toBe(targets);
    const taggings = await tag(model, data.sequences);
    expect(taggings.map(({ labels }) => [...labels])).toEqual(predictions.map((p) => [...p]));
  });

  test.each<[TaggedSequences, string]>([
    [{ sequences: [[1, 2]], labels: [[0]] }, 'tagTask: labels: sequence 0: expected one for each of 2 steps, got 1'],
    [
      { sequences: [[1, 2]], labels: [[0, 5]] },
      'tagTask: labels: sequence 0, step 1: expected a class from 0 to 1, got 5',
    ],
    [{ sequences: [[1, 2]], labels: [] }, 'tagTask: labels: expected one for each of 1 sequences, got 0'],
  ])('refuses labels that do not fit %#', (data, message) => {
    expect(() => tagTask(makeModel(false), { train: data })).toThrow(message);
  });
});
