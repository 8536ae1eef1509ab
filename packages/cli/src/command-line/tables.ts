// The options of every command.

import { cellNames } from 'unrolled';
import type { OptionTable } from './options.ts';

/** Of every command. */
export const commonOptions = {
  json: { kind: 'flag', default: false, group: 'Output', help: 'print one JSON object on standard output; progress goes to standard error' },
  quiet: { kind: 'flag', default: false, group: 'Output', short: 'q', help: 'print results only, no progress' },
  debug: { kind: 'flag', default: false, group: 'Output', help: 'print where in the program an error came from' },
} as const satisfies OptionTable;

export const computeOptions = {
  backend: { kind: 'choice', default: null, choices: ['native', 'wasm', 'reference'], group: 'Computing', help: 'which kernels compute (default: the fastest there is)' },
  threads: { kind: 'integer', default: null, min: 1, max: 256, group: 'Computing', help: 'threads of the kernels; results do not depend on it (default: all cores)' },
} as const satisfies OptionTable;

export const trainTextOptions = {
  text: { kind: 'string', default: null, placeholder: 'file', also: ['input-txt', 'input-file'], help: 'the text to learn; several, separated by commas, are joined' },
  out: { kind: 'string', default: null, short: 'o', placeholder: 'folder', also: ['checkpoint-dir', 'out-dir', 'work-dir'], help: 'the run folder (default: runs/ and the name of the text). If it holds this run, the run goes on' },
  fresh: { kind: 'flag', default: false, help: 'begin anew, and replace the run that is there' },
  config: { kind: 'string', default: null, placeholder: 'file.json', help: 'a file with these options by their names; flags win over it' },
  unit: { kind: 'choice', default: 'character', choices: ['character', 'codepoint'], help: 'what one symbol is: a character as a reader sees it, or a Unicode code point' },

  cell: { kind: 'choice', default: 'gru', choices: cellNames, group: 'Model', also: ['model', 'model-type'], help: `the recurrent cell: ${cellNames.join(', ')}` },
  hidden: { kind: 'integer', default: 256, min: 1, max: 65_536, group: 'Model', also: ['rnn-size', 'hidden-size'], help: 'units in a layer' },
  layers: { kind: 'integer', default: 1, min: 1, max: 64, group: 'Model', also: ['num-layers'], help: 'layers' },
  embedding: { kind: 'integer', default: null, min: 0, max: 65_536, group: 'Model', also: ['wordvec-size', 'embedding-dim'], help: 'width of the trained embedding; 0 reads one-hot rows (default: as --hidden)' },
  tieWeights: { kind: 'flag', default: false, group: 'Model', help: 'one matrix for embedding and output' },
  dropout: { kind: 'number', default: 0, min: 0, max: 0.99, group: 'Model', help: 'of embedding, layers and output, in training' },
  recurrentDropout: { kind: 'number', default: 0, min: 0, max: 0.99, group: 'Model', help: 'of the recurrent connections, one mask for all steps' },

  seqLength: { kind: 'integer', default: 64, min: 1, group: 'Training', help: 'characters in a window: how far back the gradient reaches' },
  batch: { kind: 'integer', default: 32, min: 1, group: 'Training', also: ['batch-size'], help: 'windows read at the same time' },
  steps: { kind: 'integer', default: null, min: 1, group: 'Training', also: ['max-steps', 'max-iters'], help: 'updates in all' },
  epochs: { kind: 'number', default: null, min: 0, above: true, group: 'Training', also: ['max-epochs', 'num-epochs'], help: 'passes over the text, instead of --steps' },
  minutes: { kind: 'number', default: null, min: 0, above: true, group: 'Training', help: 'about so long on this machine, instead of --steps (default: 1)' },
  optimizer: { kind: 'choice', default: 'adam', choices: ['sgd', 'adagrad', 'rmsprop', 'adam', 'adamw'], group: 'Training', help: 'sgd, adagrad, rmsprop, adam or adamw' },
  lr: { kind: 'number', default: 4e-3, min: 0, above: true, group: 'Training', also: ['learning-rate'], help: 'learning rate' },
  momentum: { kind: 'number', default: 0, min: 0, max: 0.9999, group: 'Training', help: 'of sgd and rmsprop' },
  weightDecay: { kind: 'number', default: 0, min: 0, group: 'Training', help: 'pull of every weight towards 0' },
  schedule: { kind: 'choice', default: 'cosine', choices: ['constant', 'step', 'exponential', 'cosine', 'plateau'], group: 'Training', help: 'of the learning rate: constant, step, exponential, cosine or plateau' },
  warmup: { kind: 'integer', default: 0, min: 0, group: 'Training', also: ['warmup-iters'], help: 'steps in which the rate grows to --lr' },
  decay: { kind: 'number', default: 0.5, min: 0, max: 1, above: true, group: 'Training', help: 'what step and plateau multiply the rate by, and what exponential leaves of it at the end' },
  decayEvery: { kind: 'integer', default: 1000, min: 1, group: 'Training', help: 'steps between the decays of step' },
  clip: { kind: 'number', default: 1, min: 0, group: 'Training', also: ['grad-clip'], help: 'largest norm of all gradients together; 0 for no limit' },
  clipValue: { kind: 'number', default: 0, min: 0, group: 'Training', help: 'largest value of each gradient; 0 for no limit' },
  reduction: { kind: 'choice', default: 'mean', choices: ['mean', 'sum'], group: 'Training', help: 'differentiate the mean over the characters, or the lecture’s sum' },
  seed: { kind: 'integer', default: 1, min: 0, group: 'Training', help: 'everything random follows from it' },

  valFrac: { kind: 'number', default: 0.1, min: 0, max: 0.9, group: 'Watching', help: 'part of the text, at its end, that is kept for validation' },
  evalEvery: { kind: 'integer', default: null, min: 1, group: 'Watching', also: ['eval-val-every', 'eval-interval'], help: 'steps between validations (default: five in all)' },
  patience: { kind: 'integer', default: 0, min: 0, group: 'Watching', help: 'stop after so many validations without a better one; 0 for never' },
  sampleEvery: { kind: 'integer', default: null, min: 1, group: 'Watching', help: 'steps between samples (default: ten in all)' },
  saveSeconds: { kind: 'number', default: 15, min: 0, group: 'Watching', help: 'save at least this often; 0 for after every step' },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const sampleTextOptions = {
  prompt: { kind: 'string', default: '', short: 'p', also: ['primetext', 'start-text', 'start'], help: 'what the text begins with' },
  length: { kind: 'integer', default: 500, min: 0, short: 'n', also: ['max-new-tokens'], help: 'characters to draw' },
  temperature: { kind: 'number', default: 0.8, min: 0, above: true, short: 't', help: 'below 1: the likely becomes likelier; above: everything more alike' },
  topK: { kind: 'integer', default: 0, min: 0, help: 'only the k likeliest characters; 0 for all' },
  topP: { kind: 'number', default: 1, min: 0, max: 1, above: true, help: 'only the likeliest that together reach this probability' },
  greedy: { kind: 'flag', default: false, help: 'always the likeliest character' },
  seed: { kind: 'integer', default: null, min: 0, help: 'draw the same again (default: another text each time)' },
  checkpoint: { kind: 'choice', default: 'best', choices: ['best', 'last'], help: 'best by validation, or last' },
  weights: { kind: 'choice', default: 'float32', choices: ['float32', 'bfloat16', 'int8'], help: 'how weights are stored while drawing; the narrower, the faster' },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const evalTextOptions = {
  text: { kind: 'string', default: null, placeholder: 'file', help: 'the text to measure on (default: what the run kept for validation)' },
  checkpoint: { kind: 'choice', default: 'best', choices: ['best', 'last'], help: 'best by validation, or last' },
  weights: { kind: 'choice', default: 'float32', choices: ['float32', 'bfloat16', 'int8'], help: 'also measure with weights stored like this, and print what it costs' },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const doctorOptions = {
  test: { kind: 'flag', default: true, help: 'a self-test of about ten seconds (--no-test: only say what there is)' },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
