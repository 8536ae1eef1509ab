// A run that goes on from a checkpoint beside one that was never disturbed, with every setting on that a kind of task has; and, from outside, what
// the windows of a stream have to cost when the state is carried over them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { StreamBatcher } from '../data/streams.ts';
import { LanguageModel, type LanguageModelOptions } from '../models/language-model.ts';
import { Seq2Seq } from '../models/seq2seq/seq2seq.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { Adagrad, AdamW, plateauSchedule, RMSprop, SGD, warmUp } from '../optim/index.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { classifyTask } from './classify-task.ts';
import type { TrainingEvent } from './events.ts';
import { languageTask } from './language-task.ts';
import type { Task } from './task.ts';
import { type Checkpoint, Trainer, type TrainerOptions } from './trainer.ts';
import { translateTask } from './translate-task.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

const ids = Int32Array.from({ length: 101 }, (_, i) => (i * i + 3 * i) % 7);

const settings: Omit<TrainerOptions, 'optimizer'> = {
  steps: 16,
  clipNorm: 0.4,
  clipValue: 0.1,
  evaluateEvery: 2,
  saveEvery: 5,
  patience: 5,
  onNonFinite: 'skip',
};
const schedule = () => warmUp(2, plateauSchedule(0.03, { patience: 0, factor: 0.7, threshold: 0.5 }));

function languageRun(more: LanguageModelOptions = {}): Trainer {
  const model = new LanguageModel(7, {
    cell: 'lstm',
    hiddenSize: 4,
    dropout: 0.2,
    recurrentDropout: 0.1,
    tieWeights: true,
    ...more,
  });
  const data = (part: Int32Array) => new StreamBatcher(part, { streams: 2, windowLength: 7 });
  const task = languageTask(model, { train: data(ids.subarray(0, 75)), validation: data(ids.subarray(75)) });
  const optimizer = new AdamW(model.parameters(), { weightDecay: 0.1 });
  return new Trainer(task, { ...settings, optimizer, schedule: schedule() });
}

function classifierRun(): Trainer {
  const model = new SequenceClassifier({
    inputSize: 2,
    classes: 3,
    cell: 'gru',
    hiddenSize: 3,
    dropout: 0.2,
    pooling: 'attention',
  });
  const sequences = Array.from({ length: 11 }, (_, n) =>
    Array.from({ length: 2 * (1 + (n % 4)) }, (_, i) => Math.sin(n + i)),
  );
  const labels = sequences.map((_, n) => (n * n) % 3);
  const some = { sequences: sequences.slice(0, 5), labels: labels.slice(0, 5) };
  const task = classifyTask(model, {
    train: { sequences, labels },
    validation: some,
    batchSize: 4,
    seed: 3,
    labelSmoothing: 0.1,
    classWeights: 'balanced',
    best: 'macroF1',
    augment: (x, random) => Array.from(x, (v) => v + 0.1 * random.normal()),
  });
  const optimizer = new RMSprop(model.parameters(), { momentum: 0.5, weightDecay: 0.1 });
  return new Trainer(task, { ...settings, optimizer, schedule: schedule() });
}

function translatorRun(): Trainer {
  const model = new Seq2Seq({ sourceVocabulary: 9, targetVocabulary: 9, hiddenSize: 4, embeddingDim: 3, dropout: 0.2 });
  const sources = Array.from({ length: 9 }, (_, n) => Array.from({ length: 1 + (n % 3) }, (_, i) => 4 + ((n + i) % 5)));
  const targets = sources.map((source) => source.toReversed());
  const task = translateTask(model, {
    train: { sources, targets },
    validation: { sources: sources.slice(0, 3), targets: targets.slice(0, 3) },
    batchSize: 3,
    seed: 2,
    labelSmoothing: 0.1,
    teacherForcing: { kind: 'linear', start: 1, slope: 0.06, minimum: 0.2 },
    translate: 2,
    best: 'exactMatch',
  });
  const parameters = [...model.parameters()];
  const groups = [{ params: parameters.slice(0, 2), lr: 0.001 }, ...parameters.slice(2)];
  const optimizer = new Adagrad(groups, { lr: 0.03, weightDecay: 0.01, initialAccumulatorValue: 0.1 });
  return new Trainer(task, { ...settings, optimizer, schedule: schedule() });
}

/** Through JSON and back, as a file would: −0 comes back as 0. */
const throughFile = ({ state, ...rest }: Checkpoint): Checkpoint => ({
  ...rest,
  state: JSON.parse(JSON.stringify(state)) as Checkpoint['state'],
});

const told = (events: readonly TrainingEvent[]) =>
  events.map((e) => (e.type === 'checkpoint' ? { type: e.type, step: e.step, due: e.due, best: e.best } : e));

describe.each([
  ['a language model', () => languageRun()],
  [
    'a language model that draws classes, with zoneout',
    () => languageRun({ output: 'sampled', samples: 3, zoneout: 0.2 }),
  ],
  ['a language model with noise-contrastive estimation', () => languageRun({ output: 'nce', samples: 3 })],
  [
    'a language model with an adaptive softmax',
    () => languageRun({ output: 'adaptive', cutoffs: [3], tieWeights: false }),
  ],
  ['a classifier', classifierRun],
  ['a translator', translatorRun],
])('%s with every setting on', (_name, make) => {
  test('goes on from each checkpoint as if it had not stopped: events, weights, memory, chance', async () => {
    const fresh = () => {
      manualSeed(11);
      return make();
    };
    const whole = fresh();
    const events: TrainingEvent[] = [];
    const checkpoints: Checkpoint[] = [];
    for await (const event of whole.run()) {
      events.push(event);
      if (event.type !== 'checkpoint') continue;
      checkpoints.push(throughFile(event.take()));
    }
    const end = throughFile(whole.checkpoint());
    expect(events.some((e) => e.type === 'step' && e.clipped)).toBe(true);
    expect(new Set(events.flatMap((e) => (e.type === 'step' ? [e.lr] : []))).size).toBeGreaterThan(3);
    for (const checkpoint of checkpoints.filter(({ step }) => [1, 4, 7, 13].includes(step))) {
      manualSeed(999); // whatever happened in between
      const resumed = make();
      resumed.restore(checkpoint);
      expect(resumed.checkpoint()).toEqual(checkpoint);
      const rest: TrainingEvent[] = [];
      for await (const event of resumed.run()) rest.push(event);
      expect(told(rest)).toEqual(told(events).filter((e) => e.type === 'end' || e.step > checkpoint.step));
      expect(throughFile(resumed.checkpoint())).toEqual(end);
    }
  });
});

/** −log softmax(logits)[target], in plain arithmetic. */
function cost(logits: ArrayLike<number>, target: number): number {
  const all = Array.from(logits);
  return Math.log(all.reduce((sum, z) => sum + Math.exp(z), 0)) - all[target];
}

test.each(['lstm', 'gru', 'rnn'] as const)(
  'the windows of a stream cost what its steps do when the stream is read at once (%s)',
  async (cell) => {
    const [streams, windowLength, windows, V] = [2, 5, 4, 7];
    const make = () => {
      manualSeed(6);
      const model = new LanguageModel(V, { cell, hiddenSize: 5 });
      const train = new StreamBatcher(ids.subarray(0, streams * windowLength * windows + 1), { streams, windowLength });
      const task: Task = languageTask(model, { train });
      return {
        model,
        trainer: new Trainer(task, { optimizer: new SGD(model.parameters(), { lr: 0 }), steps: 2 * windows + 1 }),
      };
    };
    const { model, trainer } = make();
    const T = windowLength * windows;
    const at = (t: number, b: number) => ids[b * T + t];
    const input = indices(
      Int32Array.from({ length: T * streams }, (_, k) => at(Math.floor(k / streams), k % streams)),
      [T, streams],
    );
    const logits = noGrad(() => model.eval().forward(input)[0]).dataSync(); // [T, B, V]
    const expected = Array.from({ length: 2 * windows + 1 }, (_, step) => {
      let sum = 0;
      const first = (step % windows) * windowLength; // after the last window the streams start again
      for (let t = first; t < first + windowLength; t++)
        for (let b = 0; b < streams; b++) {
          const row = (t * streams + b) * V;
          sum += cost(logits.subarray(row, row + V), at(t + 1, b));
        }
      return sum / (windowLength * streams);
    });
    const losses: number[] = [];
    const checkpoints: Checkpoint[] = [];
    for await (const event of trainer.run()) {
      if (event.type === 'step') losses.push(event.loss);
      if (event.type === 'checkpoint') checkpoints.push(event.take());
    }
    losses.forEach((loss, k) => expect(loss).toBeCloseTo(expected[k], 5));
    expect(Math.abs(expected[1] - expected[0])).toBeGreaterThan(1e-3);
    for (const checkpoint of checkpoints.filter(({ step }) => [1, 4, 6].includes(step))) {
      const resumed = make();
      resumed.trainer.restore(checkpoint);
      for await (const event of resumed.trainer.run())
        if (event.type === 'step') expect(event.loss).toBeCloseTo(expected[event.step - 1], 5);
    }
  },
);
