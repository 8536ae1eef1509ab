// The options that every `unrolled train …` has. A task's table spreads these and says which defaults are its own.

import type { Values, OptionTable } from '../command-line/options.ts';
import type { OptimizerName, ScheduleName, Training } from './config.ts';

export const runOptions = {
  out: {
    kind: 'string',
    default: null,
    short: 'o',
    placeholder: 'folder',
    also: ['checkpoint-dir', 'out-dir', 'work-dir'],
    help: 'the run folder (default: runs/ and the name of the data). If it holds this run, the run goes on',
  },
  fresh: { kind: 'flag', default: false, help: 'begin anew, and replace the run that is there' },
  config: {
    kind: 'string',
    default: null,
    placeholder: 'file.json',
    help: 'a file with these options by their names; flags win over it',
  },
} as const satisfies OptionTable;

export const trainingOptions = {
  batch: {
    kind: 'integer',
    default: 32,
    min: 1,
    group: 'Training',
    also: ['batch-size'],
    help: 'examples read at the same time',
  },
  steps: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Training',
    also: ['max-steps', 'max-iters'],
    help: 'training steps',
  },
  epochs: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    group: 'Training',
    also: ['max-epochs', 'num-epochs'],
    needs: { steps: 'none' },
    help: 'epochs, instead of --steps',
  },
  minutes: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    group: 'Training',
    needs: { steps: 'none', epochs: 'none' },
    help: 'about so long on this machine, instead of --steps (default: 1)',
  },
  optimizer: {
    kind: 'choice',
    default: 'adam',
    choices: ['sgd', 'adagrad', 'rmsprop', 'adam', 'adamw'],
    group: 'Training',
    help: 'sgd, adagrad, rmsprop, adam or adamw',
  },
  lr: {
    kind: 'number',
    default: 4e-3,
    min: 0,
    above: true,
    group: 'Training',
    also: ['learning-rate'],
    help: 'learning rate',
  },
  momentum: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.9999,
    group: 'Training',
    needs: { optimizer: ['sgd', 'rmsprop'] },
    help: 'of sgd and rmsprop',
  },
  weightDecay: { kind: 'number', default: 0, min: 0, group: 'Training', help: 'weight decay' },
  schedule: {
    kind: 'choice',
    default: 'cosine',
    choices: ['constant', 'step', 'exponential', 'cosine', 'plateau'],
    group: 'Training',
    help: 'of the learning rate: constant, step, exponential, cosine or plateau',
  },
  warmup: {
    kind: 'integer',
    default: 0,
    min: 0,
    group: 'Training',
    also: ['warmup-iters'],
    help: 'steps in which the rate grows to --lr',
  },
  decay: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    above: true,
    group: 'Training',
    needs: { schedule: ['step', 'exponential', 'plateau'] },
    help: 'what step and plateau multiply the rate by, and what exponential leaves of it at the end',
  },
  decayEvery: {
    kind: 'integer',
    default: 1000,
    min: 1,
    group: 'Training',
    needs: { schedule: ['step'] },
    help: 'steps between the decays of step',
  },
  clip: {
    kind: 'number',
    default: 1,
    min: 0,
    group: 'Training',
    also: ['grad-clip'],
    help: 'largest norm of all gradients together; 0 for no limit',
  },
  clipValue: {
    kind: 'number',
    default: 0,
    min: 0,
    group: 'Training',
    help: 'largest value of each gradient; 0 for no limit',
  },
  seed: { kind: 'integer', default: 1, min: 0, group: 'Training', help: 'everything random follows from it' },
} as const satisfies OptionTable;

export const watchingOptions = {
  evalEvery: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Watching',
    also: ['eval-val-every', 'eval-interval'],
    help: 'steps between validations (default: five in all)',
  },
  patience: {
    kind: 'integer',
    default: 0,
    min: 0,
    group: 'Watching',
    help: 'stop after so many validations without a better one; 0 for never',
  },
  sampleEvery: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Watching',
    help: 'steps between samples (default: ten in all)',
  },
  saveSeconds: {
    kind: 'number',
    default: 15,
    min: 0,
    group: 'Watching',
    help: 'save at least this often; 0 for after every step',
  },
  check: {
    kind: 'flag',
    default: true,
    group: 'Watching',
    help: 'leave out the checks of the network at the start (about a second)',
  },
  inspect: {
    kind: 'flag',
    default: false,
    group: 'Watching',
    help: 'look inside every 100 steps: gradients through time, gates; the run ends in the same bits',
  },
} as const satisfies OptionTable;

/** Of tasks whose network is neither checked nor looked into. */
const { check: _check, inspect: _inspect, ...unprobed } = watchingOptions;
export const unprobedWatchingOptions = unprobed;

/** What every task's values hold; how many steps is decided later, by `steps`, `epochs` or `minutes`. */
export type RunValues = Values<typeof runOptions & typeof trainingOptions & typeof unprobedWatchingOptions> &
  Partial<Pick<Values<typeof watchingOptions>, 'check' | 'inspect'>>;

/** The settings of training among a task's values, but for those that depend on the data and on the machine. */
export function trainingOf(values: RunValues): Omit<Training, 'steps' | 'evalEvery' | 'sampleEvery'> {
  const { lr, momentum, weightDecay, warmup, decayEvery, decay, clip, clipValue, patience, seed } = values;
  return {
    optimizer: values.optimizer as OptimizerName,
    lr,
    momentum,
    weightDecay,
    schedule: values.schedule as ScheduleName,
    warmup,
    decayEvery,
    decay,
    clip,
    clipValue,
    patience,
    seed,
  };
}
