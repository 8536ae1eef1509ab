import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentBackend, ReferenceBackend, useBackend } from '../backend/index.ts';
import { StreamBatcher } from '../data/streams.ts';
import { LanguageModel } from '../models/language-model.ts';
import { Adam } from '../optim/index.ts';
import { manualSeed } from '../tensor/random-state.ts';
import type { TrainingEvent } from './events.ts';
import { languageTask } from './language-task.ts';
import { fit } from './fit.ts';
import { type Checkpoint, Trainer } from './trainer.ts';

const before = currentBackend();
beforeAll(() => useBackend(new ReferenceBackend()));
afterAll(() => useBackend(before));

const ids = Int32Array.from({ length: 101 }, (_, i) => (i * i + 3 * i) % 7);
const data = (part: Int32Array) => new StreamBatcher(part, { streams: 2, windowLength: 7 });

function trainerOf(ema: number | null, steps = 8): Trainer {
  manualSeed(5);
  const model = new LanguageModel(7, { cell: 'gru', hiddenSize: 4, dropout: 0.2, tieWeights: true });
  const task = languageTask(model, { train: data(ids.subarray(0, 75)), validation: data(ids.subarray(75)) });
  return new Trainer(task, {
    optimizer: new Adam(model.parameters(), { lr: 0.05 }),
    steps,
    evaluateEvery: 3,
    saveEvery: 1,
    ema,
  });
}

async function run(trainer: Trainer) {
  const [events, checkpoints]: [TrainingEvent[], Checkpoint[]] = [[], []];
  for await (const event of trainer.run()) {
    if (event.type === 'checkpoint') checkpoints.push(event.take());
    else events.push(event);
  }
  return { events, checkpoints };
}

const values = (checkpoint: Checkpoint, name: string) => Array.from(checkpoint.model.get(name)?.data ?? []);
const name = 'rnn.weight_hh_l0';

test('the average of step t is d · average + (1 − d) · weight with d = min(decay, (1 + t) / (10 + t)), from the weights of the beginning', async () => {
  const plain = trainerOf(null);
  const start = Array.from(plain.checkpoint().model.get(name)?.data ?? []);
  const weights = await run(plain);
  const averaged = await run(trainerOf(0.4));
  let expected = start;
  for (const [k, checkpoint] of averaged.checkpoints.entries()) {
    const t = k + 1;
    const d = Math.min(0.4, (1 + t) / (10 + t)); // 2/11, 3/12, 4/13, 5/14, 0.4, …
    const now = values(weights.checkpoints[k], name);
    expected = expected.map((a, i) => d * a + (1 - d) * now[i]);
    for (const [i, value] of values(checkpoint, name).entries()) expect(value).toBeCloseTo(expected[i], 5);
    expect(Array.from(checkpoint.training.get(`weights.${name}`)?.data ?? [])).toEqual(now);
  }
  const losses = ({ events }: typeof weights) => events.flatMap((e) => (e.type === 'step' ? [e.loss] : []));
  expect(losses(averaged)).toEqual(losses(weights)); // training itself is the same
});

test('validations measure the averages, and the model holds them at the end', async () => {
  const trainer = trainerOf(0.9);
  const { events, checkpoints } = await run(trainer);
  const last = checkpoints[checkpoints.length - 1];
  expect(Array.from(trainer.task.model.stateDict().get(name)?.data ?? [])).toEqual(values(last, name));
  const evaluation = events.filter((event) => event.type === 'evaluation').at(-1);
  const again = await trainer.task.evaluate();
  expect(again?.loss).toBe(evaluation?.type === 'evaluation' ? evaluation.loss : null);
  expect(trainer.checkpoint().model).toEqual(last.model);
  expect(trainer.checkpoint().training).toEqual(last.training);
});

test('a run that is resumed ends in the bits of one that was not', async () => {
  const whole = await run(trainerOf(0.9));
  for (const at of [0, 3, 6]) {
    const resumed = trainerOf(0.9);
    resumed.restore(whole.checkpoints[at]);
    const { checkpoints } = await run(resumed);
    expect(checkpoints.at(-1)).toEqual(whole.checkpoints.at(-1));
  }
});

test('a checkpoint without averages is refused, and nothing has changed', async () => {
  const { checkpoints } = await run(trainerOf(null, 2));
  const trainer = trainerOf(0.9);
  const own = trainer.checkpoint();
  expect(() => trainer.restore(checkpoints[1])).toThrow('the run that saved it did not average its weights');
  expect(trainer.checkpoint()).toEqual(own);
});

test('a decay that is none is refused', async () => {
  const { task } = trainerOf(null);
  const optimizer = new Adam(task.model.parameters(), { lr: 0.1 });
  for (const ema of [0, 1, -0.5, Number.NaN])
    await expect(fit(task, { optimizer, steps: 1, ema })).rejects.toThrow(
      'Trainer: ema: expected a decay between 0 and 1',
    );
});
