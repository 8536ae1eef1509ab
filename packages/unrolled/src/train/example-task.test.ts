import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { Linear } from '../nn/linear.ts';
import { Adam } from '../optim/index.ts';
import { tensor } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import type { TrainingEvent } from './events.ts';
import { type Batches, ExampleTask } from './example-task.ts';
import type { Evaluation, Json } from './task.ts';
import { type Checkpoint, Trainer } from './trainer.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

/** Six examples, two at a time, in an order that depends on the epoch. */
class Pairs implements Batches {
  readonly batchesPerEpoch = 3;
  position = { epoch: 0, batch: 0 };

  next(): Int32Array {
    const { epoch, batch } = this.position;
    this.position = batch === 2 ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + 1 };
    return Int32Array.of((2 * batch + epoch) % 6, (2 * batch + 1 + epoch) % 6);
  }
}

/** Fits y = 2x; validations come from a list. */
function makeTask(validations: Evaluation[] = []): ExampleTask<Linear> {
  manualSeed(3);
  const model = new Linear(1, 1);
  return new ExampleTask(model, {
    batches: new Pairs(),
    loss: (rows) => {
      const x = tensor(Array.from(rows), [rows.length, 1]);
      return { loss: model.forward(x).sub(x.mul(2)).square().mean(), targets: rows.length, perTarget: 1 };
    },
    evaluate: async () => validations.shift() ?? null,
  });
}

const makeTrainer = (task: ExampleTask<Linear>) =>
  new Trainer(task, { optimizer: new Adam(task.model.parameters(), { lr: 0.1 }), steps: 10, evaluateEvery: 2 });

async function events(trainer: Trainer): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of trainer.run()) all.push(event);
  return all;
}

describe('ExampleTask', () => {
  test('reads at least one batch ahead, is waited for, and refuses the position of another task', async () => {
    const { model } = makeTask();
    const loss = () => ({ loss: tensor(0), targets: 1, perTarget: 1 });
    for (const ahead of [0, -1, 1.5, '2' as unknown as number])
      expect(() => new ExampleTask(model, { batches: new Pairs(), loss, ahead })).toThrow(
        'ExampleTask: ahead: expected a whole number from 1',
      );
    const reading = new ExampleTask(model, { batches: new Pairs(), loss, ahead: 1, read: async () => 7 });
    expect(() => reading.next()).toThrow('a task that reads is to be waited for: await task.ready()');
    await reading.ready();
    expect(reading.next()().targets).toBe(1);
    for (const position of [
      { epoch: -1, batch: 0 },
      { epoch: 0, batch: 0.5 },
      { epoch: 0 },
      { batch: 0 },
      null,
    ] as Json[])
      expect(() => reading.setState({ json: { position } })).toThrow('its task state has no position');
  });

  test('a run that goes on from any checkpoint ends in the same bits', async () => {
    const evaluations = () => [5, 4, 3, 2, 1].map((loss) => ({ loss, targets: 1, metrics: { accuracy: loss / 10 } }));
    const whole = makeTask(evaluations());
    const straight = await events(makeTrainer(whole));
    for (const at of [1, 3, 4, 7]) {
      const first = makeTask(evaluations());
      let saved: Checkpoint | null = null;
      for await (const event of makeTrainer(first).run()) {
        if (event.type === 'checkpoint' && event.step === at) saved = event.take();
        if (saved) break;
      }
      const second = makeTask(evaluations().slice(Math.floor(at / 2)));
      const resumed = makeTrainer(second);
      const { model, training, state } = saved as Checkpoint;
      resumed.restore({ model, training, state: JSON.parse(JSON.stringify(state)) as typeof state });
      const rest = await events(resumed);
      const plain = (e: TrainingEvent) => JSON.stringify(e);
      expect(rest.map(plain)).toEqual(straight.filter((e) => e.step > at || e.type === 'end').map(plain));
      expect(second.model.stateDict()).toEqual(whole.model.stateDict());
    }
  });

  test('the best model is the one with the lowest score, whatever its loss', async () => {
    const all = await events(
      makeTrainer(
        makeTask([
          { loss: 1, targets: 4, score: 0.5, metrics: { accuracy: 0.5 } },
          { loss: 3, targets: 4, score: 0.25, metrics: { accuracy: 0.75 } },
          { loss: 0.5, targets: 4, score: 0.5, metrics: { accuracy: 0.5 } },
        ]),
      ),
    );
    const evaluations = all.flatMap((e) => (e.type === 'evaluation' ? [e] : []));
    expect(evaluations.map((e) => e.best)).toEqual([true, true, false]);
    expect(evaluations[1]).toMatchObject({ loss: 3, score: 0.25, metrics: { accuracy: 0.75 } });
    expect(all.at(-1)).toMatchObject({ type: 'end', bestLoss: 3, bestMetrics: { accuracy: 0.75 } });
  });

  test('the state of another kind of task is refused', () => {
    expect(() => makeTask().setState({ json: { position: 4 } })).toThrow(
      'checkpoint: its task state has no position; was it saved by another kind of task?',
    );
  });

  /** The same, with its numbers read from elsewhere, later the earlier they were asked for. */
  function makeReadingTask(log: string[], ahead = 3): ExampleTask<Linear, number[]> {
    manualSeed(3);
    const model = new Linear(1, 1);
    return new ExampleTask(model, {
      batches: new Pairs(),
      ahead,
      read: async (rows, { epoch, batch }) => {
        log.push(`read ${epoch}.${batch}`);
        await new Promise((resolve) => setTimeout(resolve, (17 * rows[0]) % 5));
        return Array.from(rows);
      },
      loss: (rows, data) => {
        expect(data).toEqual(Array.from(rows));
        log.push(`learn ${data}`);
        const x = tensor(data, [data.length, 1]);
        return { loss: model.forward(x).sub(x.mul(2)).square().mean(), targets: data.length, perTarget: 1 };
      },
    });
  }

  const trainerOf = (task: ExampleTask<Linear, number[]>) =>
    new Trainer(task, { optimizer: new Adam(task.model.parameters(), { lr: 0.1 }), steps: 7 });

  test('batches are prefetched up to the given depth, and trained on in order', async () => {
    const log: string[] = [];
    for await (const event of trainerOf(makeReadingTask(log)).run()) if (event.type === 'step') log.push('step');
    const plain: string[] = [];
    const batches = new Pairs();
    for (let k = 0; k < 7; k++) plain.push(`learn ${Array.from(batches.next())}`);
    expect(log.filter((line) => line.startsWith('learn'))).toEqual(plain);
    let [read, trained] = [0, 0];
    for (const line of log) {
      if (line.startsWith('read')) read++;
      if (line.startsWith('learn')) trained++;
      expect(read - trained).toBeLessThanOrEqual(3);
    }
    expect(log.slice(0, 3)).toEqual(['read 0.0', 'read 0.1', 'read 0.2']);
  });

  test('a run that reads ahead goes on from a checkpoint with the batch that is next', async () => {
    const whole = makeReadingTask([]);
    for await (const _ of trainerOf(whole).run());
    for (const at of [1, 4]) {
      const first = trainerOf(makeReadingTask([]));
      let saved: Checkpoint | null = null;
      for await (const event of first.run())
        if (event.type === 'checkpoint' && event.step === at) {
          saved = first.checkpoint();
          break;
        }
      const second = makeReadingTask([], 1); // how far ahead does not matter
      const trainer = trainerOf(second);
      trainer.restore(saved as unknown as Checkpoint);
      for await (const _ of trainer.run());
      expect(second.model.weight.toArray()).toEqual(whole.model.weight.toArray());
    }
  });

  test('what cannot be read ends the run where it is wanted', async () => {
    manualSeed(3);
    const model = new Linear(1, 1);
    const task = new ExampleTask(model, {
      batches: new Pairs(),
      read: async (_rows, { epoch, batch }) => {
        if (epoch === 1) throw new Error('gone');
        return batch;
      },
      loss: () => ({ loss: model.weight.square().mean(), targets: 1, perTarget: 1 }),
    });
    let steps = 0;
    await expect(async () => {
      for await (const event of new Trainer(task, {
        optimizer: new Adam(model.parameters()),
        steps: 9,
      }).run())
        if (event.type === 'step') steps++;
    }).rejects.toThrow('gone');
    expect(steps).toBe(3);
  });
});
