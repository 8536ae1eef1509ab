// The options of `unrolled train text`.

import { blockNames } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { presetOption } from '../command-line/preset.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { modelOptions, tokenOptions } from '../examples/options.ts';
import { outputLayerOptions } from '../runs/output-options.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';
import { textPresets } from '../runs/presets.ts';
import { recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';

export const textOptions = {
  text: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    also: ['input-txt', 'input-file'],
    needs: { demo: [false] },
    help: 'text to train on; several files, separated by commas, are concatenated',
  },
  demo: {
    kind: 'flag',
    default: false,
    help: 'train on a text that is already here: the declaration files of TypeScript where they are near, or made stories',
  },
  ...runOptions,
  ...presetOption(textPresets),
  unit: {
    kind: 'choice',
    default: 'character',
    choices: ['character', 'codepoint', 'word', 'bpe'],
    help: 'tokenization: character (grapheme cluster), codepoint (Unicode code point), word (with the ends of lines) or bpe (byte-pair encoding)',
  },
  vocabulary: { ...tokenOptions.vocabulary, needs: { unit: ['word', 'bpe'] } },
  minCount: {
    ...tokenOptions.minCount,
    default: 2,
    needs: { unit: ['word', 'bpe'] },
    help: 'words with fewer occurrences in the training part are unknown; for bpe, pairs with fewer are not merged',
  },
  lowercase: { ...tokenOptions.lowercase, needs: { unit: ['word', 'bpe'] } },

  cell: modelOptions.cell,
  hidden: { ...modelOptions.hidden, default: 256, help: 'hidden size of each layer' },
  layers: modelOptions.layers,
  embedding: {
    kind: 'integer',
    default: null,
    min: 0,
    max: 65_536,
    group: 'Model',
    also: ['wordvec-size', 'embedding-dim'],
    help: 'embedding size; 0 for one-hot input (default: --hidden)',
  },
  block: {
    kind: 'choice',
    default: 'none',
    choices: [...blockNames],
    group: 'Model',
    help: 'residual block around each recurrent layer, with normalization and a feed-forward network (default none: no block)',
  },
  conv: {
    kind: 'integer',
    default: 0,
    needs: { block: blockNames.filter((name) => name !== 'none') },
    min: 0,
    max: 64,
    group: 'Model',
    help: 'kernel size of the causal convolution in each residual block, typically 4; 0 for none',
  },
  tieWeights: { kind: 'flag', default: false, group: 'Model', help: 'tie the output weights to the embedding' },
  ...outputLayerOptions,
  dropout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'dropout probability on the embedding, between layers and on the output',
  },
  ...recurrentDropoutOptions,

  seqLength: {
    kind: 'integer',
    default: 64,
    min: 1,
    group: 'Training',
    help: 'truncated BPTT window, in characters or tokens',
  },
  ...trainingOptions,
  batch: { ...trainingOptions.batch, help: 'batch size in windows' },
  reduction: {
    kind: 'choice',
    default: 'mean',
    choices: ['mean', 'sum'],
    group: 'Training',
    help: 'loss reduction: mean over the characters, or the sum over the window as in the lecture',
  },

  valFrac: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 0.9,
    group: 'Watching',
    help: 'validation fraction, taken from the end of the text',
  },
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
