// What the trainer refuses, lets pass and puts back: batches that are not finite, checkpoints that do not fit, options that are none.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { StreamBatcher } from '../data/streams.ts';
import { NonFiniteError, ShapeError, UnrolledError } from '../errors.ts';
import { LanguageModel } from '../models/language-model.ts';
import { BatchNorm1d, Linear, Module, type Parameter } from '../nn/index.ts';
import { Adam, plateauSchedule, SGD } from '../optim/index.ts';
import { tensor } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TrainingEvent } from './events.ts';
import { ExampleTask } from './example-task.ts';
import { languageTask } from './language-task.ts';
import type { Evaluation } from './task.ts';
import { type Checkpoint, Trainer, type TrainerOptions } from './trainer.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

/** What each batch's loss is multiplied by; its gradient too. */
function scaledTask(scales: (batch: number) => number, validations: Evaluation[] = []): ExampleTask<Linear> {
  manualSeed(3);
  const model = new Linear(1, 1);
  const batches = {
    batchesPerEpoch: 1000,
    position: { epoch: 0, batch: 0 },
    next() {
      const { batch } = this.position;
      this.position = { epoch: 0, batch: batch + 1 };
      return Int32Array.of(batch);
    },
  };
  return new ExampleTask(model, {
    batches,
    loss: ([batch]) => {
      const x = tensor([1, 2], [2, 1]);
      const loss = model.forward(x).sub(x.mul(2)).square().mean().mul(scales(batch));
      return { loss, targets: 2, perTarget: 1 };
    },
    evaluate: async () => validations.shift() ?? null,
  });
}

const trainerOf = (task: ExampleTask<Linear>, options: Partial<TrainerOptions> = {}) =>
  new Trainer(task, { optimizer: new Adam(task.model.parameters(), { lr: 0.1 }), steps: 40, ...options });

const weightsOf = (model: Module) => [...model.stateDict().values()].flatMap(({ data }) => [...data]);

/** The events up to the end, or to the error, which comes with them. */
async function eventsOf(trainer: Trainer): Promise<{ events: TrainingEvent[]; error: unknown }> {
  const events: TrainingEvent[] = [];
  try {
    for await (const event of trainer.run()) events.push(event);
    return { events, error: null };
  } catch (error) {
    return { events, error };
  }
}

const skippedSteps = (events: TrainingEvent[]) => events.flatMap((e) => (e.type === 'skipped' ? [e.step] : []));

describe('batches that are not finite are left out,', () => {
  const bad = (from: number, to: number) => (batch: number) => (batch >= from && batch < to ? Number.NaN : 1);

  test('ten in a row', async () => {
    const { events, error } = await eventsOf(trainerOf(scaledTask(bad(2, 12)), { onNonFinite: 'skip', steps: 15 }));
    expect(error).toBe(null);
    expect(skippedSteps(events)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(events.at(-1)).toMatchObject({ type: 'end', step: 15, reason: 'finished' });
  });

  test('and not an eleventh', async () => {
    const { events, error } = await eventsOf(trainerOf(scaledTask(bad(2, 13)), { onNonFinite: 'skip', steps: 15 }));
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(String(error)).toContain('the loss of step 13 is NaN');
    expect(skippedSteps(events).length).toBe(10);
  });

  test('and again ten after one that is', async () => {
    const scales = (batch: number) => (batch % 11 === 10 ? 1 : Number.NaN);
    const { events, error } = await eventsOf(trainerOf(scaledTask(scales), { onNonFinite: 'skip', steps: 33 }));
    expect(error).toBe(null);
    expect(skippedSteps(events).length).toBe(30);
  });

  test('counted on by a run that goes on', async () => {
    const trainer = trainerOf(scaledTask(bad(2, 99)), { onNonFinite: 'skip' });
    let saved: Checkpoint | null = null;
    for await (const event of trainer.run()) {
      if (event.type !== 'checkpoint' || event.step !== 8) continue;
      const { state, ...rest } = event.take();
      saved = { ...rest, state: JSON.parse(JSON.stringify(state)) as typeof state };
      break;
    }
    const resumed = trainerOf(scaledTask(bad(2, 99)), { onNonFinite: 'skip' });
    resumed.restore(saved as unknown as Checkpoint);
    const { events, error } = await eventsOf(resumed);
    expect(skippedSteps(events)).toEqual([9, 10, 11, 12]);
    expect(error).toBeInstanceOf(NonFiniteError);
  });

  test('and leave no trace: the run is the one without them', async () => {
    const [damaged, clean] = [scaledTask(bad(3, 6)), scaledTask(() => 1)];
    await eventsOf(trainerOf(damaged, { onNonFinite: 'skip', steps: 12 }));
    await eventsOf(trainerOf(clean, { steps: 9 }));
    expect(weightsOf(damaged.model)).toEqual(weightsOf(clean.model));
  });
});

describe('a gradient that is not finite is refused', () => {
  test.each([
    ['plainly', {}],
    ['though it would be clipped by value', { clipValue: 1 }],
    ['though it would be clipped by norm', { clipNorm: 1 }],
  ])('%s', async (_name, options) => {
    const task = scaledTask(() => 1);
    const { model } = task;
    const original = model.forward.bind(model);
    // √0: value 0, derivative ∞, which a limit would make a finite number of.
    model.forward = (x: Tensor) => original(x).add(original(x).sub(original(x).detach()).sqrt());
    const start = weightsOf(model);
    const { error } = await eventsOf(trainerOf(task, options));
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(String(error)).toContain('a gradient of step 1 is not finite; it began in op sqrt');
    expect(weightsOf(model)).toEqual(start);
  });
});

test('a gradient that is not finite once, and is when it is computed again, is told by its parameter', async () => {
  let computed = 0;
  const task = scaledTask(() => 1);
  const { model } = task;
  const bias = model.bias as Parameter;
  const compute = task.next.bind(task);
  // 1 / exp(s · bias): for a large s the exponential overflows, which the loss does not show, and the gradient of the bias does.
  task.next = () => {
    const batch = compute();
    return () => {
      const { loss, ...rest } = batch();
      const s = computed++ === 0 ? 1e5 : 1;
      return { ...rest, loss: loss.add(tensor([1]).div(bias.mul(0).add(1).mul(s).exp()).sum()) };
    };
  };
  const { error } = await eventsOf(trainerOf(task));
  expect(computed).toBe(2);
  expect(String(error)).toContain('a gradient of step 1 is not finite; it began in the gradient of parameter bias');
});

describe('an update that is not finite is refused', () => {
  test('with the name of the parameter, and what to do', async () => {
    const task = scaledTask(() => 1);
    const start = weightsOf(task.model);
    const optimizer = new SGD(task.model.parameters(), { lr: 1e38 });
    const trainer = trainerOf(task, { optimizer });
    const { error } = await eventsOf(trainer);
    expect(String(error)).toMatch(
      /step 1 of SGD with a learning rate of 1e\+38 would make a weight infinite; it began in parameter (weight|bias)\./,
    );
    expect(String(error)).toContain('no weight has changed; lower the learning rate, or clip the gradients');
    expect([weightsOf(task.model), trainer.step, optimizer.steps]).toEqual([start, 0, 0]);
  });

  test('or left out: one gradient of 1e25 costs one step, not the parameter', async () => {
    const task = scaledTask((batch) => (batch === 4 ? 1e25 : 1));
    const { events, error } = await eventsOf(trainerOf(task, { onNonFinite: 'skip', steps: 200 }));
    expect([error, skippedSteps(events)]).toEqual([null, [5]]);
    const losses = events.flatMap((e) => (e.type === 'step' ? [e.loss] : []));
    expect(losses.at(-1)).toBeLessThan(1e-3 * losses[0]);
  });
});

test("a step that is refused leaves a batch norm's means as they were", async () => {
  class Normed extends Module {
    readonly norm = new BatchNorm1d(1);
    readonly head = new Linear(1, 1);
  }
  manualSeed(1);
  const model = new Normed();
  const [fine, refused] = [1, Number.NaN].map((scale) => {
    const x = tensor([1, 2, 4], [3, 1]);
    return () => ({
      loss: model.head.forward(model.norm.forward(x)).square().mean().mul(scale),
      targets: 3,
      perTarget: 1,
    });
  });
  let step = 0;
  const task = new ExampleTask(model, {
    batches: { batchesPerEpoch: 1, position: { epoch: 0, batch: 0 }, next: () => Int32Array.of(0) },
    loss: () => (step++ === 0 ? fine : refused)(),
  });
  const trainer = new Trainer(task, { optimizer: new SGD(model.parameters()), steps: 9 });
  let kept: number[] = [];
  await expect(async () => {
    for await (const event of trainer.run()) if (event.type === 'step') kept = weightsOf(model);
  }).rejects.toThrow(NonFiniteError);
  expect([...model.namedBuffers()].find(([name]) => name === 'norm.running_mean')?.[1].itemSync()).toBeCloseTo(
    0.1 * (7 / 3),
    6,
  );
  expect(weightsOf(model)).toEqual(kept);
});

test('a validation that is not finite is no best one, and the next that is becomes it', async () => {
  const losses = [Number.NaN, 3, Infinity, 2];
  const task = scaledTask(
    () => 1,
    losses.map((loss) => ({ loss, targets: 1 })),
  );
  const { events } = await eventsOf(trainerOf(task, { evaluateEvery: 1, steps: 4 }));
  expect(events.flatMap((e) => (e.type === 'evaluation' ? [e.best] : []))).toEqual([false, true, false, true]);
  expect(events.at(-1)).toMatchObject({ type: 'end', bestLoss: 2 });
});

test('among equal scores the lower loss is the best, among equal losses the first, and patience waits for neither', async () => {
  const validations = [
    [0.5, 1],
    [0.2, 3],
    [0.2, 2],
    [0.2, 2],
    [0.2, 4],
  ].map(([score, loss]) => ({ score, loss, targets: 1 }));
  const { events } = await eventsOf(
    trainerOf(
      scaledTask(() => 1, validations),
      { evaluateEvery: 1, steps: 9, patience: 3 },
    ),
  );
  expect(events.flatMap((e) => (e.type === 'evaluation' ? [e.best] : []))).toEqual([true, true, true, false, false]);
  expect(events.at(-1)).toMatchObject({ type: 'end', step: 5, reason: 'no improvement', bestLoss: 2 });
});

describe('a checkpoint that does not fit is refused, and nothing has changed:', () => {
  const ids = Int32Array.from({ length: 61 }, (_, i) => (i * i + 3 * i) % 7);

  function makeRun(options: { hiddenSize?: number; streams?: number } = {}): Trainer {
    manualSeed(4);
    const { hiddenSize = 4, streams = 3 } = options;
    const task = languageTask(new LanguageModel(7, { cell: 'gru', hiddenSize }), {
      train: new StreamBatcher(ids, { streams, windowLength: 5 }),
    });
    const optimizer = new Adam(task.model.parameters(), { lr: 0.02 });
    return new Trainer(task, { optimizer, steps: 20, schedule: plateauSchedule(0.02) });
  }

  async function after(trainer: Trainer, steps: number): Promise<Checkpoint> {
    for await (const event of trainer.run())
      if (event.type === 'checkpoint' && event.step === steps) return event.take();
    throw new Error('unreachable');
  }

  const withState = (c: Checkpoint, changes: object): Checkpoint => ({ ...c, state: { ...c.state, ...changes } });
  const nan = (c: Checkpoint, part: 'model' | 'training', name: string): Checkpoint => {
    const tensors = new Map(c[part]);
    const old = tensors.get(name);
    if (!old) throw new Error(`no ${name} among ${[...tensors.keys()].join(', ')}`);
    const data = old.data.slice();
    data[data.length - 1] = Number.NaN;
    return { ...c, [part]: tensors.set(name, { ...old, data }) };
  };
  const without = (c: Checkpoint, name: string): Checkpoint => {
    const training = new Map(c.training);
    training.delete(name);
    return { ...c, training };
  };

  const damaged: [string, (c: Checkpoint) => Checkpoint, string][] = [
    ['another version', (c) => withState(c, { version: 2 }), 'expected version 1, got 2; update unrolled'],
    ['no state', (c) => ({ ...c, state: null as never }), 'expected version 1, got undefined'],
    ['half a step', (c) => withState(c, { step: 1.5 }), 'step: expected a whole number from 0, got 1.5'],
    ['a loss as text', (c) => withState(c, { smoothLoss: '2' }), 'smoothLoss: expected a number or null, got "2"'],
    ['a best loss that is none', (c) => withState(c, { bestLoss: Number.NaN }), 'bestLoss: expected a number or null'],
    ['a best score that is none', (c) => withState(c, { bestScore: {} }), 'bestScore: expected a number or null'],
    [
      'metrics as a list of texts',
      (c) => withState(c, { bestMetrics: ['a'] }),
      'bestMetrics: expected numbers by name',
    ],
    ['patience below 0', (c) => withState(c, { withoutImprovement: -1 }), 'withoutImprovement: expected a whole'],
    ['skipped batches below 0', (c) => withState(c, { skipped: -1 }), 'skipped: expected a whole number'],
    [
      'a weight that is no number',
      (c) => nan(c, 'model', 'embedding.weight'),
      'embedding.weight: expected finite float32',
    ],
    ['a memory that is no number', (c) => nan(c, 'training', 'optimizer.0.exp_avg'), '0.exp_avg: expected finite'],
    ['a memory that is missing', (c) => without(c, 'optimizer.1.exp_avg_sq'), 'lacks 1.exp_avg_sq'],
    ['an optimizer without steps', (c) => withState(c, { optimizer: {} }), 'optimizer state: expected steps'],
    ['a carried state that is no number', (c) => nan(c, 'training', 'task.carried.0'), 'carried.0: expected finite'],
    ['a carried state that is missing', (c) => without(c, 'task.carried.0'), 'task.carried.0 does not fit'],
    ['a task without a position', (c) => withState(c, { task: null }), 'its task state has no position'],
    [
      'a position outside of the data',
      (c) => withState(c, { task: { position: 99, carried: 0 } }),
      'got 99; was the data',
    ],
    ['no schedule', (c) => withState(c, { schedule: null }), 'schedule state: expected rate, bad and best'],
    ['a rate below 0', (c) => withState(c, { schedule: { rate: -1, bad: 0 } }), 'schedule state: expected rate'],
    ['no chance', (c) => withState(c, { random: null }), 'setRandomState: state: expected an object, got null'],
    [
      'a counter that is none',
      (c) => withState(c, { random: { ...c.state.random, counter: 'x' } }),
      'random state: counter is not what a run saves: "x"',
    ],
  ];

  test.each(damaged)('%s', async (_name, spoil, message) => {
    const good = await after(makeRun(), 7);
    const trainer = makeRun();
    const before = await after(trainer, 3);
    let thrown: unknown;
    try {
      trainer.restore(spoil(good));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UnrolledError);
    expect(String(thrown)).toContain(message);
    expect(trainer.checkpoint()).toEqual(before);
    trainer.restore(good);
    expect(trainer.checkpoint()).toEqual(good);
  });

  test('of another size', async () => {
    const trainer = makeRun();
    const before = await after(trainer, 3);
    const wide = await after(makeRun({ hiddenSize: 5 }), 2);
    expect(() => trainer.restore(wide)).toThrow(ShapeError);
    const narrow = await after(makeRun({ streams: 2 }), 2);
    expect(() => trainer.restore(narrow)).toThrow('was the batch size changed?');
    expect(trainer.checkpoint()).toEqual(before);
  });
});

test.each<[object, string]>([
  [{ evaluateEvery: 1.5 }, 'evaluateEvery: expected a whole number from 0, got 1.5'],
  [{ saveEvery: -1 }, 'saveEvery: expected a whole number from 0, got -1'],
  [{ patience: Number.NaN }, 'patience: expected a whole number from 0, got NaN'],
  [{ steps: '9' }, 'steps: expected a whole number from 0, got "9" (a string)'],
  [{ clipValue: -1 }, 'clipValue: expected a number above 0, got -1'],
  [{ clipNorm: Infinity }, 'clipNorm: expected a number above 0, got Infinity'],
  [{ onNonFinite: 'ignore' }, "onNonFinite: expected 'stop' or 'skip', got \"ignore\""],
  [{ optimizer: {} }, 'optimizer: expected an optimizer'],
])('an option that is none is refused: %o', (options, message) => {
  expect(() =>
    trainerOf(
      scaledTask(() => 1),
      options,
    ),
  ).toThrow(message);
});
