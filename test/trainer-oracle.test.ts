// The trainer beside plain arithmetic, with every setting on: whole runs, and runs that go on from a checkpoint of every step.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { Linear } from '../packages/unrolled/src/nn/linear.ts';
import {
  Adagrad,
  Adam,
  AdamW,
  constantSchedule,
  type Optimizer,
  plateauSchedule,
  RMSprop,
  SGD,
  warmUp,
} from '../packages/unrolled/src/optim/index.ts';
import { setDefaultDtype, tensor } from '../packages/unrolled/src/tensor/index.ts';
import { type Checkpoint, ExampleTask, Trainer, type TrainingEvent } from '../packages/unrolled/src/train/index.ts';
import { type OptimizerName, type PlainOptions, plainRun } from './plain-trainer.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

const start = [0.3, -0.2] as const;

/** Everything on. Validation losses rise and fall, so that plateau and patience count, forget and count again. */
const base: PlainOptions = {
  steps: 24,
  batches: [
    [
      [1, 2.5],
      [-0.5, -0.7],
    ],
    [
      [2, 4.1],
      [3, 6.3],
      [0.1, 0.4],
    ],
    [[-4, -7.5]],
    [
      [0.02, 0.1],
      [0.01, 0.3],
    ],
  ],
  optimizer: 'Adam',
  lr: 0.05,
  weightDecay: 0.02,
  warmup: 3,
  plateau: { factor: 0.5, patience: 1 },
  clipValue: 3,
  clipNorm: 2,
  evaluateEvery: 2,
  patience: 4,
  validations: [5, 4, 4.5, 4.2, 3, 3.5, 3.1, 3.3, 2, 2.5, 2.4, 2.3],
};

const make: Record<OptimizerName, (o: PlainOptions, model: Linear) => Optimizer> = {
  SGD: ({ lr, momentum, nesterov, weightDecay }, model) =>
    new SGD(model.parameters(), { lr, momentum, nesterov, weightDecay }),
  Adagrad: ({ lr, weightDecay }, model) => new Adagrad(model.parameters(), { lr, weightDecay }),
  RMSprop: ({ lr, momentum, weightDecay }, model) => new RMSprop(model.parameters(), { lr, momentum, weightDecay }),
  Adam: ({ lr, weightDecay }, model) => new Adam(model.parameters(), { lr, weightDecay }),
  AdamW: ({ lr, weightDecay }, model) => new AdamW(model.parameters(), { lr, weightDecay }),
};

/** The same run with the library; `done` validations were found before. */
function makeTrainer(o: PlainOptions, done = 0): { trainer: Trainer; model: Linear } {
  const model = new Linear(1, 1);
  model.weight.set([start[0]]);
  model.bias?.set([start[1]]);
  const validations = o.validations.slice(done);
  const batches = {
    batchesPerEpoch: o.batches.length,
    position: { epoch: 0, batch: 0 },
    next() {
      const { epoch, batch } = this.position;
      const last = batch === this.batchesPerEpoch - 1;
      this.position = last ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + 1 };
      return Int32Array.of(batch);
    },
  };
  const task = new ExampleTask(model, {
    batches,
    loss: ([n]) => {
      const examples = o.batches[n];
      const [x, y] = [0, 1].map((k) =>
        tensor(
          examples.map((pair) => pair[k]),
          [examples.length, 1],
        ),
      );
      return { loss: model.forward(x).sub(y).square().mean(), targets: examples.length, perTarget: 1 };
    },
    evaluate: async () => ({ loss: validations.shift() as number, targets: 1 }),
  });
  const main = o.plateau ? plateauSchedule(o.lr, o.plateau) : constantSchedule(o.lr);
  const trainer = new Trainer(task, {
    optimizer: make[o.optimizer](o, model),
    steps: o.steps,
    schedule: warmUp(o.warmup, main),
    clipValue: o.clipValue,
    clipNorm: o.clipNorm,
    evaluateEvery: o.evaluateEvery,
    patience: o.patience,
  });
  return { trainer, model };
}

/** What a run told, and the checkpoint of every step, as a file would hold it. */
async function follow({ trainer, model }: ReturnType<typeof makeTrainer>) {
  const told: Record<string, unknown>[] = [];
  const checkpoints: Checkpoint[] = [];
  let end: TrainingEvent | null = null;
  for await (const event of trainer.run()) {
    if (event.type === 'step') {
      const { step, loss, smoothLoss, lr, gradientNorm, clipped } = event;
      const weights = model.parameters().flatMap((p) => [...p.dataSync()]);
      told.push({ step, loss, smoothLoss, lr, gradientNorm, clipped, best: null, weights });
    } else if (event.type === 'evaluation') (told.at(-1) as { best: unknown }).best = event.best;
    else if (event.type === 'checkpoint') {
      const taken = event.take();
      checkpoints.push({ ...taken, state: JSON.parse(JSON.stringify(taken.state)) as Checkpoint['state'] });
    } else end = event;
  }
  return { told, checkpoints, end };
}

/** Numbers to 1e-10, everything else to the letter. */
function expectSame(told: readonly object[], plain: readonly object[]): void {
  const rounded = (steps: readonly object[]) =>
    steps.map((step) =>
      JSON.parse(JSON.stringify(step, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(9)) : v))),
    );
  expect(rounded(told)).toEqual(rounded(plain));
}

const cases: [string, Partial<PlainOptions>][] = [
  ['Adam', {}],
  ['AdamW', { optimizer: 'AdamW' }],
  ['RMSprop with momentum', { optimizer: 'RMSprop', momentum: 0.6 }],
  ['Adagrad', { optimizer: 'Adagrad', lr: 0.3 }],
  ['SGD with Nesterov momentum', { optimizer: 'SGD', momentum: 0.8, nesterov: true, lr: 0.03 }],
  ['plain SGD at a constant rate', { optimizer: 'SGD', lr: 0.03, plateau: null, warmup: 0 }],
  ['clipping by value alone', { clipNorm: null }],
  ['clipping by norm alone', { clipValue: null }],
  ['no clipping', { clipNorm: null, clipValue: null, lr: 0.01 }],
  ['no patience', { patience: 0 }],
  ['patience that runs out', { patience: 2 }],
  ['patience that runs out late', { patience: 3 }],
  ['a validation at the end alone', { evaluateEvery: 1000, validations: [5] }],
];

describe('a run is what plain arithmetic says, whole and from each of its checkpoints:', () => {
  test.each(cases)('%s', async (_name, changes) => {
    const o = { ...base, ...changes };
    const plain = plainRun(o, start);
    const { told, checkpoints, end } = await follow(makeTrainer(o));
    expectSame(told, plain.steps);
    expect(end).toMatchObject({ step: plain.steps.length, reason: plain.reason, bestLoss: plain.bestLoss });
    for (const checkpoint of checkpoints.slice(0, -1)) {
      const done = Math.floor(checkpoint.step / o.evaluateEvery);
      const resumed = makeTrainer(o, done);
      resumed.trainer.restore(checkpoint);
      const rest = await follow(resumed);
      expectSame(rest.told, plain.steps.slice(checkpoint.step));
      expect(rest.end).toEqual(end);
    }
  });

  test('the cases meet what they are there for', () => {
    const run = (changes: Partial<PlainOptions>) => plainRun({ ...base, ...changes }, start);
    const { steps } = run({});
    expect(new Set(steps.map(({ clipped }) => clipped)).size).toBe(2);
    expect(new Set(steps.map(({ lr }) => lr.toPrecision(6))).size).toBeGreaterThan(5);
    expect(new Set(steps.map(({ best }) => best)).size).toBe(3);
    expect([run({ patience: 2 }).steps.length, run({ patience: 3 }).steps.length]).toEqual([8, 16]);
  });
});

test('a rate that was set by hand is the rate of the run that goes on', async () => {
  const o = { ...base, plateau: null, warmup: 0, steps: 6 };
  const by = (trainer: Trainer, optimizer: Optimizer) => ({ trainer, optimizer });
  const plainly = () => {
    const { trainer, model } = makeTrainer(o);
    const optimizer = make.Adam(o, model);
    return by(new Trainer(trainer.task, { optimizer, steps: 6 }), optimizer);
  };
  const first = plainly();
  let saved: Checkpoint | null = null;
  const rates: number[] = [];
  for await (const event of first.trainer.run()) {
    if (event.type === 'step') rates.push(event.lr);
    if (event.type !== 'checkpoint') continue;
    if (event.step === 2) first.optimizer.lr = 0.007;
    if (event.step === 3) saved = event.take();
  }
  expect(rates).toEqual([0.05, 0.05, 0.007, 0.007, 0.007, 0.007]);
  const second = plainly();
  second.trainer.restore(saved as unknown as Checkpoint);
  for await (const event of second.trainer.run()) if (event.type === 'step') expect(event.lr).toBe(0.007);
});
