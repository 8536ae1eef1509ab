// From a configuration to what it names: optimizer, schedule, trainer.

import {
  Adagrad,
  Adam,
  AdamW,
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  type Optimizer,
  type ParameterGroup,
  plateauSchedule,
  RMSprop,
  type Schedule,
  SGD,
  stepSchedule,
  type Task,
  type Tensor,
  Trainer,
  warmUp,
} from 'unrolled';
import { liveInspector } from 'unrolled/analysis';
import type { OptimizerName, Training } from './config.ts';

/** What --inspect looks at, in at most a twentieth of the time. */
const inspected = { rows: 1, steps: 64 };
const mostTime = 0.05;

export function makeTrainer(task: Task, training: Training, inspect = false): Trainer {
  const probe = inspect ? task.probe?.(inspected) : null;
  return new Trainer(task, {
    optimizer: optimizers[training.optimizer](task.parameters?.(training.lr) ?? task.model.parameters(), training),
    steps: training.steps,
    schedule: makeSchedule(training),
    clipNorm: training.clip || null,
    clipValue: training.clipValue || null,
    evaluateEvery: training.evalEvery,
    evaluatePart: training.validationPart ?? 1,
    patience: training.patience,
    ema: training.ema ?? null,
    inspect: probe ? liveInspector({ probe, mostTime }) : null,
  });
}

type Parameters = Iterable<Tensor | ParameterGroup<{ lr: number }>>;

/** Every optimizer by the name a configuration gives it. */
export const optimizers: Record<OptimizerName, (parameters: Parameters, t: Training) => Optimizer> = {
  sgd: (parameters, { lr, momentum, weightDecay }) => new SGD(parameters, { lr, momentum, weightDecay }),
  adagrad: (parameters, { lr, weightDecay }) => new Adagrad(parameters, { lr, weightDecay }),
  rmsprop: (parameters, { lr, momentum, weightDecay }) =>
    new RMSprop(parameters, { lr, momentum, weightDecay, alpha: 0.95 }),
  adam: (parameters, { lr, weightDecay }) => new Adam(parameters, { lr, weightDecay }),
  adamw: (parameters, { lr, weightDecay }) => new AdamW(parameters, { lr, weightDecay }),
};

/** The rate over the steps of the leg that a run is in. */
export function makeSchedule(whole: Training): Schedule {
  const { from = 0 } = whole;
  const t = { ...whole, steps: whole.steps - from };
  const main = {
    constant: () => constantSchedule(t.lr),
    step: () => stepSchedule(t.lr, { every: t.decayEvery, gamma: t.decay }),
    exponential: () => exponentialSchedule(t.lr, t.decay ** (1 / Math.max(1, t.steps))),
    cosine: () => cosineSchedule(t.lr, { steps: Math.max(1, t.steps - t.warmup), minimum: t.lr * 0.02 }),
    plateau: () => plateauSchedule(t.lr, { factor: t.decay, patience: 1 }),
  }[t.schedule]();
  const schedule = t.warmup > 0 ? warmUp(t.warmup, main) : main;
  return from === 0 ? schedule : { ...schedule, lr: (step) => schedule.lr(step - from) };
}
