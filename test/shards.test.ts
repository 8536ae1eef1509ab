// A batch in shards: the same bits whoever computes them, nearly the same gradient as the whole batch, and one run whatever happens on the way.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  constantSchedule,
  currentBackend,
  ReferenceBackend,
  useBackend,
  NonFiniteError,
  type Trainer,
  type TrainingEvent,
} from 'unrolled';
import { additionsOf, joinedAfter, shardsOf, subtrees } from '../packages/unrolled/src/train/shards.ts';
import { shardedTasks, shardedTrainer } from './sharded-tasks.ts';
import type { World } from 'unrolled/world';
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
    createHash('sha256')
      .update(new Uint8Array(Float64Array.from(values).buffer))
      .digest('hex')
      .slice(0, 16);
  const tensors = (dict: typeof model) => Array.from(dict, ([name, { data }]) => `${name} ${digest(data)}`);
  return { model: tensors(model), training: tensors(training), state };
}

/** The weights and what the optimizer carries; the task has drawn a batch even where its step was refused. */
const weightsOf = (trainer: Trainer) => JSON.stringify({ ...endOf(trainer), state: null });

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
    if (name === 'video')
      context.skip('its convolutions have batch norms, whose mean and variance are those of a shard');
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

describe('a moving average of the weights and early stopping', () => {
  // A learning rate that is too high: validations get worse after a while.
  const impatient = (reduce: World | null) =>
    shardedTrainer(shardedTasks.text, {
      shards: 4,
      steps: 60,
      reduce,
      ema: 0.6,
      patience: 3,
      evaluateEvery: 1,
      schedule: constantSchedule(0.3),
    });

  test('are those of one process, in any number of them', async () => {
    const alone = impatient(null);
    const events = told(await eventsOf(alone));
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'no improvement' });
    for (const size of [2, 3]) {
      const trainers = worldsInOne(size).map(impatient);
      const all = await Promise.all(trainers.map(eventsOf));
      for (const [rank, trainer] of trainers.entries()) {
        expect(told(all[rank])).toEqual(events);
        expect(endOf(trainer)).toEqual(endOf(alone));
      }
    }
  });

  test('go on in another number of processes, and a run that had ended early is over in all', async () => {
    const alone = impatient(null);
    const whole = told(await eventsOf(alone));
    const first = worldsInOne(2).map(impatient);
    const saved = await Promise.all(
      first.map(async (trainer) => {
        for await (const event of trainer.run())
          if (event.type === 'checkpoint' && event.step === 2) return event.take();
        throw new Error('it ended before');
      }),
    );
    const resumed = worldsInOne(3).map(impatient);
    for (const trainer of resumed) trainer.restore(saved[0]);
    await Promise.all(resumed.map(eventsOf));
    for (const trainer of resumed) expect(endOf(trainer)).toEqual(endOf(alone));
    const over = worldsInOne(2).map(impatient);
    for (const trainer of over) trainer.restore(resumed[0].checkpoint());
    for (const events of await Promise.all(over.map(eventsOf))) expect(told(events)).toEqual([whole.at(-1)]);
  });
});

describe('a loss that is not a number in one process', () => {
  const poisoned = (trainer: Trainer, step: number, shard: number) => {
    const { task } = trainer;
    const next = task.nextShards?.bind(task) as NonNullable<typeof task.nextShards>;
    let steps = 0;
    task.nextShards = () => {
      const compute = next();
      const hit = ++steps === step;
      return (n) => {
        const batch = compute(n);
        return batch && hit && n === shard ? { ...batch, loss: batch.loss.mul(Number.NaN) } : batch;
      };
    };
    return trainer;
  };
  const make = (onNonFinite: 'stop' | 'skip', size: number) =>
    (size === 1 ? [null] : worldsInOne(size)).map((reduce) =>
      poisoned(shardedTrainer(shardedTasks.caption, { shards: 4, reduce, onNonFinite }), 3, 2),
    );

  test('stops all of them with one error that names the rank, and no weight has changed', async () => {
    const trainers = make('stop', 2);
    const before: string[] = [];
    const errors = await Promise.all(
      trainers.map(async (trainer) => {
        try {
          for await (const event of trainer.run()) if (event.type === 'step') before.push(weightsOf(trainer));
          return null;
        } catch (error) {
          return error;
        }
      }),
    );
    for (const error of errors) expect(error).toBeInstanceOf(NonFiniteError);
    expect(String(errors[1])).toBe(String(errors[0]));
    expect(String(errors[0])).toMatch(/the loss of step 3 is NaN; it began in .*, on rank 1\./);
    for (const trainer of trainers) expect(weightsOf(trainer)).toBe(before.at(-1));
  });

  test('is left out by all of them alike, where that is asked for', async () => {
    const [alone, ...others] = [...make('skip', 1), ...make('skip', 3)];
    const events = told(await eventsOf(alone));
    expect(events.filter(({ type }) => type === 'skipped')).toHaveLength(1);
    const all = await Promise.all(others.map(eventsOf));
    for (const [k, trainer] of others.entries()) {
      expect(told(all[k]).map(({ type }) => type)).toEqual(events.map(({ type }) => type));
      expect(endOf(trainer)).toEqual(endOf(alone));
    }
  });
});

test('a trainer refuses fewer shards than processes, and a task that cannot be cut', () => {
  const [world] = worldsInOne(4);
  expect(() => shardedTrainer(shardedTasks.text, { shards: 2, reduce: world })).toThrow(
    'Trainer: shards: 4 processes need a batch of at least as many shards, got 2; with 8 each computes two',
  );
  expect(() => shardedTrainer(shardedTasks.text, { shards: 0 })).toThrow(
    'Trainer: shards: expected a whole number from 1',
  );
  const whole = (setting: 'plain' | 'full') => {
    const task = shardedTasks.memory(setting);
    const { model, stepsPerEpoch } = task;
    const [next, evaluate] = [task.next.bind(task), task.evaluate.bind(task)];
    return { model, stepsPerEpoch, next, evaluate, state: () => task.state(), setState: () => {} };
  };
  expect(() => shardedTrainer(whole, { shards: 2 })).toThrow(
    'Trainer: shards: this task cannot cut its batches: it has no divide and nextShards',
  );
});

describe('the tree of additions', () => {
  /** As it is defined: the largest power of two on the left. */
  const expected = (from: number, to: number): string => {
    if (to - from === 1) return String(from);
    let half = 1;
    while (2 * half < to - from) half *= 2;
    return `(${expected(from, from + half)}+${expected(from + half, to)})`;
  };

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 31])('is the same for %i shards in any number of processes', (count) => {
    for (let size = 1; size <= count; size++) {
      const sums: string[] = [];
      for (let rank = 0; rank < size; rank++) {
        for (const { from, to } of subtrees(shardsOf(count, rank, size))) {
          const stack: string[] = [];
          for (let k = 0; k < to - from; k++) {
            stack.push(String(from + k));
            for (let joins = joinedAfter(k, to - from); joins > 0; joins--) {
              const right = stack.pop();
              stack.push(`(${stack.pop()}+${right})`);
            }
          }
          sums.push(...stack);
        }
      }
      const { owners, additions } = additionsOf(count, size);
      expect(sums).toHaveLength(owners.length);
      for (const [a, b] of additions) sums[a] = `(${sums[a]}+${sums[b]})`;
      expect(sums[0]).toBe(expected(0, count));
    }
  });
});
