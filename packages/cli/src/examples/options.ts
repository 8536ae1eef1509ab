// Options of the tasks that learn from examples, each complete in itself: a text and its label, a sentence and its translation.

import { cellNames } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { badRowChoices } from '../readers/index.ts';

/** Where the examples are. */
export const dataOptions = {
  where: {
    kind: 'string',
    default: null,
    placeholder: 'sql',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'only rows for which this is true: "stars <> 3"',
  },
  header: {
    kind: 'flag',
    default: true,
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the first line is data too; the columns are then called 1, 2, 3, …',
  },
  validation: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    group: 'Data',
    help: 'examples to validate on (default: a part of the others, see --val-frac)',
  },
  valFrac: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 0.9,
    group: 'Data',
    needs: { validation: 'none' },
    help: 'part of the examples that is drawn for validation, by --seed',
  },
  group: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'rows that agree in this column stay on one side: all of one author, all of one patient',
  },
  badRows: {
    kind: 'choice',
    default: 'few',
    choices: badRowChoices,
    group: 'Data',
    needs: { demo: 'none' },
    help: 'rows that cannot be used: left out while they are few (under a tenth), always (skip), or never (stop)',
  },
  maxLength: {
    kind: 'integer',
    default: 400,
    min: 1,
    group: 'Data',
    help: 'longer sequences are cut to this many tokens',
  },
} as const satisfies OptionTable;

/** What a token is. */
export const tokenOptions = {
  unit: {
    kind: 'choice',
    default: 'word',
    choices: ['character', 'codepoint', 'word', 'jamo', 'bpe'],
    group: 'Data',
    help: 'what one token is: character, codepoint, word, jamo (letters of Korean syllables) or bpe (learnt pieces of words)',
  },
  vocabulary: {
    kind: 'integer',
    default: null,
    min: 5,
    max: 1_000_000,
    group: 'Data',
    also: ['vocabulary-size', 'vocab-size'],
    help: 'most different tokens, the frequent ones first (default: all; 8000 for bpe)',
  },
  minCount: {
    kind: 'integer',
    default: 1,
    min: 1,
    group: 'Data',
    help: 'tokens seen less often in training are unknown ones',
  },
  lowercase: { kind: 'flag', default: false, group: 'Data', help: 'read capitals as lowercase' },
} as const satisfies OptionTable;

/** Of the network that reads. */
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
    help: 'units in a layer, for each direction',
  },
  layers: { kind: 'integer', default: 1, min: 1, max: 64, group: 'Model', also: ['num-layers'], help: 'layers' },
  bidirectional: {
    kind: 'flag',
    default: true,
    group: 'Model',
    help: 'read in one direction only',
  },
  embedding: {
    kind: 'integer',
    default: null,
    min: 0,
    max: 65_536,
    group: 'Model',
    also: ['wordvec-size', 'embedding-dim'],
    help: 'width of the trained embedding; 0 reads one-hot rows (default: as --hidden)',
  },
  dropout: {
    kind: 'number',
    default: 0.2,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'of embedding, layers and output, in training',
  },
} as const satisfies OptionTable;

/** Of models that read words and see. */
export const wordDropoutOptions = {
  wordDropout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'part of the words that are hidden in training, so that less is made of how they follow each other',
  },
} as const satisfies OptionTable;

/** Of the loss of a symbol or a label. */
export const smoothingOptions = {
  labelSmoothing: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.9,
    group: 'Training',
    help: 'part of every target that is spread over all',
  },
} as const satisfies OptionTable;
