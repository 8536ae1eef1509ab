// PyTorch as the oracle of everything that turns gradients into weights: optimizers, schedules, clipping, first values.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { Embedding, init, Linear, LSTM } from '../packages/unrolled/src/nn/index.ts';
import {
  Adagrad,
  Adam,
  AdamW,
  clipGradNorm,
  cosineSchedule,
  exponentialSchedule,
  plateauSchedule,
  RMSprop,
  type Schedule,
  SGD,
  stepSchedule,
} from '../packages/unrolled/src/optim/index.ts';
import { empty, manualSeed, setDefaultDtype, type Tensor } from '../packages/unrolled/src/tensor/index.ts';
import { expectClose, goldenCases, wave } from './golden.ts';

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

const shapes = [[2, 3], [4]];

interface OptimizerCase {
  optimizer: 'SGD' | 'Adagrad' | 'RMSprop' | 'Adam' | 'AdamW';
  options: object;
  steps: number[][][];
}

const optimizers = { SGD, Adagrad, RMSprop, Adam, AdamW };

describe("five steps of an optimizer are PyTorch's:", () => {
  const named = goldenCases<OptimizerCase>('optimizers').map((golden) => {
    return [`${golden.optimizer} ${JSON.stringify(golden.options)}`, golden] as const;
  });
  test.each(named)('%s', (_title, golden) => {
    const parameters = shapes.map((shape, k) => wave(1 + k, shape));
    const optimizer = new optimizers[golden.optimizer](parameters, golden.options);
    for (const [n, expected] of golden.steps.entries()) {
      for (const [k, p] of parameters.entries()) p.grad = wave(100 * (n + 1) + k, p.shape, 0.7);
      optimizer.step();
      for (const [k, p] of parameters.entries()) expectClose(`parameter ${k} after step ${n + 1}`, p, expected[k]);
    }
  });
});

type ScheduleCase = { rates: number[]; metric?: number[] } & (
  | { schedule: 'StepLR'; options: { every: number; gamma: number } }
  | { schedule: 'ExponentialLR'; options: { gamma: number } }
  | { schedule: 'CosineAnnealingLR'; options: { steps: number; minimum: number } }
  | { schedule: 'ReduceLROnPlateau'; options: { factor: number; patience: number } }
);

function makeSchedule(golden: ScheduleCase, lr: number): Schedule {
  switch (golden.schedule) {
    case 'StepLR':
      return stepSchedule(lr, golden.options);
    case 'ExponentialLR':
      return exponentialSchedule(lr, golden.options.gamma);
    case 'CosineAnnealingLR':
      return cosineSchedule(lr, golden.options);
    case 'ReduceLROnPlateau':
      return plateauSchedule(lr, golden.options);
    default:
      throw new Error(`no schedule ${JSON.stringify(golden satisfies never)}`);
  }
}

describe("the rates of a schedule are PyTorch's:", () => {
  const named = goldenCases<ScheduleCase>('schedules').map((golden) => {
    return [`${golden.schedule} ${JSON.stringify(golden.options)}`, golden] as const;
  });
  test.each(named)('%s', (_title, golden) => {
    const schedule = makeSchedule(golden, 0.8);
    const rates = golden.rates.map((_, step) => {
      const lr = schedule.lr(step);
      if (golden.metric) schedule.observe(golden.metric[step]);
      return lr;
    });
    expectClose('rates', rates, golden.rates);
  });
});

interface ClippingCase {
  maxNorm: number;
  norm: number;
  gradients: number[][];
}

test.each(goldenCases<ClippingCase>('clipping'))(
  'gradients are clipped to the global norm $maxNorm as by PyTorch',
  (golden) => {
    const parameters = shapes.map((shape) => empty(shape));
    for (const [k, p] of parameters.entries()) p.grad = wave(1 + k, p.shape);
    expectClose('norm', [clipGradNorm(parameters, golden.maxNorm)], [golden.norm]);
    // PyTorch divides by the norm plus 1e-6, which leaves it that much below the limit.
    for (const [k, p] of parameters.entries()) expectClose(`gradient ${k}`, p.grad, golden.gradients[k], 1e-6);
  },
);

interface InitializerCase {
  module: 'RNN, LSTM, GRU' | 'Linear' | 'xavierUniform' | 'xavierNormal' | 'Embedding';
  bound?: number;
  deviation?: number;
  gain?: number;
  hiddenSize?: number;
  inFeatures?: number;
  shape?: number[];
}

function drawn(golden: InitializerCase): Tensor {
  switch (golden.module) {
    case 'RNN, LSTM, GRU':
      return new LSTM(4000, golden.hiddenSize as number).cells[0].parameters()[0];
    case 'Linear':
      return new Linear(golden.inFeatures as number, 300).weight;
    case 'xavierUniform':
      return init.xavierUniform(empty(golden.shape as number[]), golden.gain);
    case 'xavierNormal':
      return init.xavierNormal(empty(golden.shape as number[]), golden.gain);
    case 'Embedding':
      return new Embedding(300, 400).weight;
    default:
      throw new Error(`no initializer ${String(golden.module satisfies never)}`);
  }
}

describe("first values are drawn as PyTorch's:", () => {
  const named = goldenCases<InitializerCase>('initializers').map((golden) => {
    const { module, gain } = golden;
    return [gain === undefined ? module : `${module} with gain ${gain}`, golden] as const;
  });
  test.each(named)('%s', (_title, golden) => {
    manualSeed(1);
    const values = Array.from(drawn(golden).dataSync());
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    if (golden.bound !== undefined) {
      const largest = values.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
      expect(largest).toBeLessThanOrEqual(golden.bound);
      expect(largest).toBeGreaterThan(0.999 * golden.bound);
      expect(deviation / (golden.bound / Math.sqrt(3))).toBeCloseTo(1, 1.5);
    } else {
      expect(deviation / (golden.deviation as number)).toBeCloseTo(1, 1.5);
    }
  });
});
