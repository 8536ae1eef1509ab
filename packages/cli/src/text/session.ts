// From a configuration to what it names: data, model, optimizer, schedule, trainer.

import {
  Adagrad,
  Adam,
  AdamW,
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  LanguageModel,
  LanguageTask,
  manualSeed,
  type Optimizer,
  OptionError,
  plateauSchedule,
  RMSprop,
  type Schedule,
  SGD,
  stepSchedule,
  StreamBatcher,
  Trainer,
  Vocabulary,
  warmUp,
} from 'unrolled';
import type { OptimizerName, TextConfig, TextTraining } from './config.ts';

/** Most rows that a validation reads at the same time, and its window: long, so that the state is carried as in use. */
const validationStreams = 16;
const validationWindow = 128;

export interface TextStreams {
  readonly train: StreamBatcher;
  readonly validation: StreamBatcher | null;
}

/** The first part of the text trains, the last `valFrac` validates. */
export function makeStreams(
  ids: Int32Array,
  { batch, seqLength, valFrac }: Pick<TextTraining, 'batch' | 'seqLength' | 'valFrac'>,
): TextStreams {
  const cut = Math.floor(ids.length * (1 - valFrac));
  const train = new StreamBatcher(ids.subarray(0, cut), { streams: batch, windowLength: seqLength });
  const rest = ids.subarray(cut);
  if (rest.length < 2) return { train, validation: null };
  return { train, validation: validationOf(rest) };
}

/** The streams that a validation reads: fewer and shorter ones for a short text. */
export function validationOf(ids: Int32Array): StreamBatcher {
  if (ids.length < 2) throw new OptionError('validation', 'text', `expected at least 2 characters, got ${ids.length}`);
  const streams = Math.max(1, Math.min(validationStreams, Math.floor(ids.length / (2 * validationWindow))));
  return new StreamBatcher(ids, {
    streams,
    windowLength: Math.max(1, Math.min(validationWindow, Math.floor((ids.length - 1) / streams))),
  });
}

export interface TextSession {
  readonly model: LanguageModel;
  readonly task: LanguageTask;
  readonly trainer: Trainer;
}

/** Everything of a run at its first step. Seeds the library. */
export function makeSession(config: Pick<TextConfig, 'model' | 'training'>, streams: TextStreams): TextSession {
  const { training } = config;
  manualSeed(training.seed);
  const { vocabularySize, ...options } = config.model;
  const model = new LanguageModel(vocabularySize, options);
  const task = new LanguageTask(model, { ...streams, reduction: training.reduction });
  const trainer = new Trainer(task, {
    optimizer: optimizers[training.optimizer](model, training),
    steps: training.steps,
    schedule: makeSchedule(training),
    clipNorm: training.clip || null,
    clipValue: training.clipValue || null,
    evaluateEvery: training.evalEvery,
    patience: training.patience,
  });
  return { model, task, trainer };
}

/** Every optimizer by the name a configuration gives it. */
export const optimizers: Record<OptimizerName, (model: LanguageModel, t: TextTraining) => Optimizer> = {
  sgd: (model, { lr, momentum, weightDecay }) => new SGD(model.parameters(), { lr, momentum, weightDecay }),
  adagrad: (model, { lr, weightDecay }) => new Adagrad(model.parameters(), { lr, weightDecay }),
  rmsprop: (model, { lr, momentum, weightDecay }) =>
    new RMSprop(model.parameters(), { lr, momentum, weightDecay, alpha: 0.95 }),
  adam: (model, { lr, weightDecay }) => new Adam(model.parameters(), { lr, weightDecay }),
  adamw: (model, { lr, weightDecay }) => new AdamW(model.parameters(), { lr, weightDecay }),
};

function makeSchedule(t: TextTraining): Schedule {
  const main = {
    constant: () => constantSchedule(t.lr),
    step: () => stepSchedule(t.lr, { every: t.decayEvery, gamma: t.decay }),
    exponential: () => exponentialSchedule(t.lr, t.decay ** (1 / Math.max(1, t.steps))),
    cosine: () => cosineSchedule(t.lr, { steps: Math.max(1, t.steps - t.warmup), minimum: t.lr * 0.02 }),
    plateau: () => plateauSchedule(t.lr, { factor: t.decay, patience: 1 }),
  }[t.schedule]();
  return t.warmup > 0 ? warmUp(t.warmup, main) : main;
}

/** The vocabulary of a saved run. */
export function loadVocabulary(json: unknown, source: string): Vocabulary {
  return Vocabulary.fromJSON(json, source);
}
