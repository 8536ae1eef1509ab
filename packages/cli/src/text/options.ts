// The options of `unrolled train text`.

import { blockNames, cellNames } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';

export const textOptions = {
  text: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    also: ['input-txt', 'input-file'],
    needs: { demo: [false] },
    help: 'the text to learn; several, separated by commas, are joined',
  },
  demo: {
    kind: 'flag',
    default: false,
    help: 'without a text: learn from the declaration files that come with TypeScript',
  },
  ...runOptions,
  unit: {
    kind: 'choice',
    default: 'character',
    choices: ['character', 'codepoint'],
    help: 'what one symbol is: a character as a reader sees it, or a Unicode code point',
  },

  cell: {
    kind: 'choice',
    default: 'gru',
    choices: cellNames,
    group: 'Model',
    also: ['model', 'model-type'],
    help: `the recurrent cell: ${cellNames.join(', ')}`,
  },
  hidden: {
    kind: 'integer',
    default: 256,
    min: 1,
    max: 65_536,
    group: 'Model',
    also: ['rnn-size', 'hidden-size'],
    help: 'units in a layer',
  },
  layers: { kind: 'integer', default: 1, min: 1, max: 64, group: 'Model', also: ['num-layers'], help: 'layers' },
  embedding: {
    kind: 'integer',
    default: null,
    min: 0,
    max: 65_536,
    group: 'Model',
    also: ['wordvec-size', 'embedding-dim'],
    help: 'width of the trained embedding; 0 reads one-hot rows (default: as --hidden)',
  },
  block: {
    kind: 'choice',
    default: 'none',
    choices: [...blockNames],
    group: 'Model',
    help: 'what is around each layer: nothing, or a residual block: norms, and a small network at every step',
  },
  conv: {
    kind: 'integer',
    default: 0,
    needs: { block: blockNames.filter((name) => name !== 'none') },
    min: 0,
    max: 64,
    group: 'Model',
    help: 'taps of a residual block’s convolution over the last characters, 4 for one; 0 for none',
  },
  tieWeights: { kind: 'flag', default: false, group: 'Model', help: 'one matrix for embedding and output' },
  dropout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'of embedding, layers and output, in training',
  },
  recurrentDropout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'of the recurrent connections, one mask for all steps',
  },

  seqLength: {
    kind: 'integer',
    default: 64,
    min: 1,
    group: 'Training',
    help: 'characters in a window: how far back the gradient reaches',
  },
  ...trainingOptions,
  batch: { ...trainingOptions.batch, help: 'windows read at the same time' },
  reduction: {
    kind: 'choice',
    default: 'mean',
    choices: ['mean', 'sum'],
    group: 'Training',
    help: 'differentiate the mean over the characters, or the lecture’s sum',
  },

  valFrac: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 0.9,
    group: 'Watching',
    help: 'part of the text, at its end, that is kept for validation',
  },
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
