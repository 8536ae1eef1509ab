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
    help: 'run folder (default: runs/ and the name of the data); an existing run in it is resumed',
  },
  fresh: { kind: 'flag', default: false, help: 'start over and replace the run in the folder' },
  config: {
    kind: 'string',
    default: null,
    placeholder: 'file.json',
    help: 'JSON file with these options by name; flags override it',
  },
} as const satisfies OptionTable;

export const trainingOptions = {
  batch: {
    kind: 'integer',
    default: 32,
    min: 1,
    group: 'Training',
    also: ['batch-size'],
    help: 'batch size',
  },
  steps: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Training',
    also: ['max-steps', 'max-iters'],
    help: 'number of training steps (default: chosen from the size of the data, printed before training starts)',
  },
  epochs: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    group: 'Training',
    also: ['max-epochs', 'num-epochs'],
    needs: { steps: 'none' },
    help: 'number of epochs, instead of --steps',
  },
  minutes: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    group: 'Training',
    needs: { steps: 'none', epochs: 'none' },
    help: 'train for about this long on this machine, validations and samples included, instead of --steps',
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
    help: 'momentum for sgd and rmsprop',
  },
  weightDecay: { kind: 'number', default: 0, min: 0, group: 'Training', help: 'weight decay (L2)' },
  schedule: {
    kind: 'choice',
    default: 'cosine',
    choices: ['constant', 'step', 'exponential', 'cosine', 'plateau'],
    group: 'Training',
    help: 'learning rate schedule: constant, step, exponential, cosine or plateau',
  },
  warmup: {
    kind: 'integer',
    default: null,
    min: 0,
    group: 'Training',
    also: ['warmup-iters'],
    help: 'warmup steps, in which the learning rate grows linearly to --lr (default: a twentieth of the steps)',
  },
  decay: {
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    above: true,
    group: 'Training',
    needs: { schedule: ['step', 'exponential', 'plateau'] },
    help: 'decay factor: step and plateau multiply the learning rate by it, exponential ends at this fraction of it',
  },
  decayEvery: {
    kind: 'integer',
    default: 1000,
    min: 1,
    group: 'Training',
    needs: { schedule: ['step'] },
    help: 'for --schedule step: steps between decays',
  },
  clip: {
    kind: 'number',
    default: 1,
    min: 0,
    group: 'Training',
    also: ['grad-clip'],
    help: 'maximum global gradient norm (gradient clipping); 0 for no clipping',
  },
  clipValue: {
    kind: 'number',
    default: 0,
    min: 0,
    group: 'Training',
    help: 'maximum absolute value of each gradient element; 0 for no clipping',
  },
  shards: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 4096,
    group: 'Training',
    help: 'parts of a batch whose gradients are added in a fixed order: several processes (mpirun, srun) compute some each, and any number of them gives the same run',
  },
  ema: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.999999,
    group: 'Training',
    also: ['ema-decay'],
    help: 'exponential moving average of the weights with this decay, typically 0.999: validated and saved in place of the weights; 0 for none',
  },
  seed: {
    kind: 'integer',
    default: 1,
    min: 0,
    group: 'Training',
    help: 'random seed; the same seed and data give the same run, bit for bit',
  },
} as const satisfies OptionTable;

export const watchingOptions = {
  evalEvery: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Watching',
    also: ['eval-val-every', 'eval-interval'],
    help: 'steps between validations (default: five over the run)',
  },
  patience: {
    kind: 'integer',
    default: null,
    min: 0,
    group: 'Watching',
    help: 'early stopping: stop after this many validations without improvement; 0 for never (default: 5 where neither --steps, --epochs nor --minutes is given, else 0)',
  },
  sampleEvery: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Watching',
    help: 'steps between printed samples (default: ten over the run)',
  },
  saveSeconds: {
    kind: 'number',
    default: 15,
    min: 0,
    group: 'Watching',
    help: 'seconds between checkpoints; 0 saves after every step',
  },
  keepCheckpoints: {
    kind: 'integer',
    default: 2,
    min: 2,
    max: 1000,
    group: 'Watching',
    help: 'newest checkpoints to keep besides the best one, for unrolled average',
  },
  check: {
    kind: 'flag',
    default: true,
    group: 'Watching',
    help: 'skip the checks of the network at the start (about a second)',
  },
  inspect: {
    kind: 'flag',
    default: false,
    group: 'Watching',
    help: 'record gradients through time and gate activations every 100 steps; the trained weights are the same',
  },
} as const satisfies OptionTable;

/** Options of tasks whose network is neither checked nor inspected. */
const { check: _check, inspect: _inspect, ...unprobed } = watchingOptions;
export const unprobedWatchingOptions = unprobed;

/** What every task's values hold; how many steps is decided later, by `steps`, `epochs` or `minutes`. */
export type RunValues = Values<typeof runOptions & typeof trainingOptions & typeof unprobedWatchingOptions> &
  Partial<Pick<Values<typeof watchingOptions>, 'check' | 'inspect'>> & {
    readonly embeddingScale?: number;
    readonly vectors?: string | null;
  };

/** The settings of training among a task's values, but for those that depend on the data and on the machine. */
export function trainingOf(
  values: RunValues,
): Omit<Training, 'steps' | 'evalEvery' | 'sampleEvery' | 'patience' | 'warmup'> {
  const { lr, momentum, weightDecay, decayEvery, decay, clip, clipValue, shards, seed } = values;
  return {
    optimizer: values.optimizer as OptimizerName,
    lr,
    momentum,
    weightDecay,
    schedule: values.schedule as ScheduleName,
    decayEvery,
    decay,
    clip,
    clipValue,
    ...(shards > 1 ? { shards } : {}),
    // Pretrained vectors are as they are.
    ...(values.embeddingScale === undefined || values.vectors ? {} : { embeddingScale: values.embeddingScale }),
    ...(values.ema > 0 ? { ema: values.ema } : {}), // runs of before this option are resumed by the same command
    seed,
  };
}
