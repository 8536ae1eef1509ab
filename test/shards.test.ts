// A batch in shards: the same bits whoever computes them, nearly the same gradient as the whole batch, and one run whatever happens on the way.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, ReferenceBackend, useBackend, type Trainer, type TrainingEvent } from 'unrolled';
import { shardedTasks, shardedTrainer } from './sharded-tasks.ts';
import { worldsInOne } from './worlds.ts';

const before = currentBackend();
beforeAll(() => useBackend(new ReferenceBackend()));
afterAll(() => useBackend(before));

async function eventsOf(trainer: Trainer): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of trainer.run()) events.push(event);
  return events;
}

/** All that a run ends in. */
function endOf(trainer: Trainer) {
  const { model, training, state } = trainer.checkpoint();
  const digest = (values: ArrayLike<number>) =>
    createHash('sha256').update(new Uint8Array(Float64Array.from(values).buffer)).digest('hex').slice(0, 16);
  const tensors = (dict: typeof model) => Array.from(dict, ([name, { data }]) => `${name} ${digest(data)}`);
  return { model: tensors(model), training: tensors(training), state };
}

const told = (events: readonly TrainingEvent[]) =>
  events.map((event) => (event.type === 'checkpoint' ? { type: event.type, due: event.due, best: event.best } : event));

describe.each(Object.entries(shardedTasks))('%s', (name, make) => {
  test.each([
    [4, 2],
    [5, 3],
    [4, 4],
  ])('%i shards in %i processes are the run that one process has', async (shards, size) => {
    const alone = shardedTrainer(make, { shards });
    const events = told(await eventsOf(alone));
    const trainers = worldsInOne(size).map((reduce) => shardedTrainer(make, { shards, reduce }));
    const all = await Promise.all(trainers.map(eventsOf));
    for (const [rank, trainer] of trainers.entries()) {
      expect(told(all[rank])).toEqual(events);
      expect(endOf(trainer)).toEqual(endOf(alone));
    }
  });

  test('shards give nearly the step that the whole batch gives, where a batch is the sum of its rows', async (context) => {
    if (name === 'video') context.skip('its convolutions have batch norms, whose mean and variance are those of a shard');
    const steps = async (shards: number) => {
      const trainer = shardedTrainer(make, { shards, setting: 'plain', steps: 2, evaluateEvery: 0 });
      return (await eventsOf(trainer)).filter((event) => event.type === 'step');
    };
    const [whole, cut] = [await steps(1), await steps(3)];
    for (const [k, step] of whole.entries()) {
      expect(cut[k].targets).toBe(step.targets);
      expect(cut[k].loss).toBeCloseTo(step.loss, 4);
      expect(cut[k].gradientNorm / step.gradientNorm).toBeCloseTo(1, 3);
    }
  });

  test('a run goes on in another number of processes to the same bits', async () => {
    const whole = shardedTrainer(make, { shards: 4 });
    await eventsOf(whole);
    const stop = { aborted: false };
    const first = worldsInOne(2).map((reduce) => shardedTrainer(make, { shards: 4, reduce }));
    const saved = await Promise.all(
      first.map(async (trainer) => {
        for await (const event of trainer.run(stop)) {
          if (event.type === 'step' && event.step === 3) stop.aborted = true;
          if (event.type === 'checkpoint' && event.step === 4) return event.take();
        }
        throw new Error('it did not stop');
      }),
    );
    expect(saved[1]).toEqual(saved[0]);
    for (const size of [1, 4]) {
      const worlds = size === 1 ? [null] : worldsInOne(size);
      const resumed = worlds.map((reduce) => shardedTrainer(make, { shards: 4, reduce }));
      for (const trainer of resumed) trainer.restore(saved[0]);
      await Promise.all(resumed.map(eventsOf));
      for (const trainer of resumed) expect(endOf(trainer)).toEqual(endOf(whole));
    }
  });
});
