// From a configuration to what it names: optimizer, schedule, trainer.

import {
  Adagrad,
  Adam,
  AdamW,
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  type Inspector,
  type Module,
  type Optimizer,
  plateauSchedule,
  RMSprop,
  type Schedule,
  SGD,
  stepSchedule,
  type Task,
  Trainer,
  warmUp,
} from 'unrolled';
import type { OptimizerName, Training } from './config.ts';

export function makeTrainer(task: Task, training: Training, inspect: Inspector | null = null): Trainer {
  return new Trainer(task, {
    optimizer: optimizers[training.optimizer](task.model, training),
    steps: training.steps,
    schedule: makeSchedule(training),
    clipNorm: training.clip || null,
    clipValue: training.clipValue || null,
    evaluateEvery: training.evalEvery,
    patience: training.patience,
    inspect,
  });
}

/** Every optimizer by the name a configuration gives it. */
export const optimizers: Record<OptimizerName, (model: Module, t: Training) => Optimizer> = {
  sgd: (model, { lr, momentum, weightDecay }) => new SGD(model.parameters(), { lr, momentum, weightDecay }),
  adagrad: (model, { lr, weightDecay }) => new Adagrad(model.parameters(), { lr, weightDecay }),
  rmsprop: (model, { lr, momentum, weightDecay }) =>
    new RMSprop(model.parameters(), { lr, momentum, weightDecay, alpha: 0.95 }),
  adam: (model, { lr, weightDecay }) => new Adam(model.parameters(), { lr, weightDecay }),
  adamw: (model, { lr, weightDecay }) => new AdamW(model.parameters(), { lr, weightDecay }),
};

function makeSchedule(t: Training): Schedule {
  const main = {
    constant: () => constantSchedule(t.lr),
    step: () => stepSchedule(t.lr, { every: t.decayEvery, gamma: t.decay }),
    exponential: () => exponentialSchedule(t.lr, t.decay ** (1 / Math.max(1, t.steps))),
    cosine: () => cosineSchedule(t.lr, { steps: Math.max(1, t.steps - t.warmup), minimum: t.lr * 0.02 }),
    plateau: () => plateauSchedule(t.lr, { factor: t.decay, patience: 1 }),
  }[t.schedule]();
  return t.warmup > 0 ? warmUp(t.warmup, main) : main;
}
