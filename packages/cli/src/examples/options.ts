// Options of the tasks whose data set is a list of examples: a text and its label, a sentence and its translation.

import { cellNames } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { badRowChoices } from '../readers/index.ts';

/** A column of the data, whose `help` says which. */
export const columnOption = {
  kind: 'string',
  default: null,
  placeholder: 'column',
  group: 'Data',
  needs: { demo: 'none' },
} as const;

/** Where the examples are. */
export const dataOptions = {
  where: {
    kind: 'string',
    default: null,
    placeholder: 'sql',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'read only the rows for which this SQL condition is true: "stars <> 3"',
  },
  header: {
    kind: 'flag',
    default: true,
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the first line is data, not a header; the columns are called 1, 2, 3, …',
  },
  validation: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    group: 'Data',
    help: 'validation data (default: a fraction of the training data, see --val-frac)',
  },
  valFrac: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 0.9,
    group: 'Data',
    needs: { validation: 'none' },
    help: 'validation fraction, sampled with --seed',
  },
  group: {
    ...columnOption,
    help: 'group split: rows with the same value in this column (author, patient) are never in both training and validation',
  },
  badRows: {
    kind: 'choice',
    default: 'few',
    choices: badRowChoices,
    group: 'Data',
    needs: { demo: 'none' },
    help: 'rows that cannot be read: few skips them while they are under a tenth, skip always skips them, stop fails',
  },
  maxLength: {
    kind: 'integer',
    default: 400,
    min: 1,
    group: 'Data',
    help: 'maximum sequence length in tokens; longer sequences are truncated',
  },
} as const satisfies OptionTable;

/** The same, of commands that train on number sequences too. */
export const lengthOption = {
  kind: 'integer',
  default: null,
  min: 1,
  group: 'Data',
  help: `maximum sequence length; longer sequences are truncated (default: ${dataOptions.maxLength.default} tokens of a text, 1000 steps of a number sequence)`,
} as const;

/** Tokens that are read of a text, where `--max-length` was not given. */
export const usualTokens = dataOptions.maxLength.default;

/** What a token is. */
export const tokenOptions = {
  unit: {
    kind: 'choice',
    default: 'word',
    choices: ['character', 'codepoint', 'word', 'jamo', 'bpe'],
    group: 'Data',
    help: 'tokenization: character, codepoint, word, jamo (Korean letters) or bpe (byte-pair encoding)',
  },
  vocabulary: {
    kind: 'integer',
    default: null,
    min: 5,
    max: 1_000_000,
    group: 'Data',
    also: ['vocabulary-size', 'vocab-size'],
    help: 'maximum vocabulary size, most frequent tokens first (default: all; 8000 for bpe)',
  },
  minCount: {
    kind: 'integer',
    default: 1,
    min: 1,
    group: 'Data',
    help: 'tokens with fewer occurrences in the training data are unknown',
  },
  lowercase: { kind: 'flag', default: false, group: 'Data', help: 'lowercase the text' },
} as const satisfies OptionTable;

/** The recurrent network. */
export const modelOptions = {
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
    default: 128,
    min: 1,
    max: 65_536,
    group: 'Model',
    also: ['rnn-size', 'hidden-size'],
    help: 'hidden size of each layer and direction',
  },
  layers: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 64,
    group: 'Model',
    also: ['num-layers'],
    help: 'number of layers',
  },
  bidirectional: {
    kind: 'flag',
    default: true,
    group: 'Model',
    help: 'use a unidirectional network',
  },
  embedding: {
    kind: 'integer',
    default: null,
    min: 0,
    max: 65_536,
    group: 'Model',
    also: ['wordvec-size', 'embedding-dim'],
    help: 'embedding size; 0 for one-hot input (default: --hidden)',
  },
  dropout: {
    kind: 'number',
    default: 0.2,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'dropout probability on the embedding, between layers and on the output',
  },
} as const satisfies OptionTable;

/** Models with a trained embedding have this. */
export const embeddingOptions = {
  embeddingScale: {
    kind: 'number',
    default: 1,
    min: 0,
    above: true,
    max: 10,
    group: 'Model',
    help: "standard deviation of the embedding's initial values",
  },
} as const satisfies OptionTable;

/** Models that read words and an image have this. */
export const wordDropoutOptions = {
  wordDropout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'word dropout: fraction of input words replaced by the unknown token in training, so that the model relies more on the image',
  },
} as const satisfies OptionTable;

/** Tasks with a softmax loss have this. */
export const smoothingOptions = {
  labelSmoothing: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.9,
    group: 'Training',
    help: 'label smoothing: fraction of each target spread over all classes',
  },
} as const satisfies OptionTable;
