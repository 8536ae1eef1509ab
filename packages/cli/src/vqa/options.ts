// The options of `unrolled train vqa`.

import { visualQAForms } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { dataOptions, modelOptions, tokenOptions, wordDropoutOptions } from '../examples/options.ts';
import { convolutionOptions, imageOptions } from '../images/options.ts';
import { runOptions, trainingOptions, unprobedWatchingOptions } from '../runs/options.ts';

export const vqaDemos = ['scenes'] as const;

const { bidirectional: _, ...recurrentOptions } = modelOptions;
/** All questions about one image stay on one side: nothing has to be said of groups. */
const { group: _group, ...questionOptions } = dataOptions;

export const vqaOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: vqaDemos,
    help: 'without a file: drawn scenes of shapes, and questions about them',
  },
  ...runOptions,
  ...imageOptions,
  image: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column with the names of the images',
  },
  question: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column with the questions',
  },
  answer: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column with the answers',
  },
  type: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column with the kind of each question, to tell results by (default: its first words)',
  },
  answers: {
    kind: 'integer',
    default: 1000,
    min: 2,
    max: 100_000,
    group: 'Data',
    help: 'so many of the most frequent answers can be given; questions with others are not learned from',
  },
  ...questionOptions,
  maxLength: { ...dataOptions.maxLength, default: 40, help: 'longer questions are cut to this many tokens' },
  ...tokenOptions,
  lowercase: { ...tokenOptions.lowercase, default: true, help: 'keep capitals apart from lowercase' },
  form: {
    kind: 'choice',
    default: 'product',
    choices: visualQAForms,
    group: 'Model',
    help: 'how image and question meet: product (Antol et al.), recurrent (both go into the RNN), map (every word moves and narrows what is meant in the image), or blind (the question alone, to compare)',
  },
  ...recurrentOptions,
  cell: { ...modelOptions.cell, default: 'lstm' },
  maps: {
    kind: 'integer',
    default: 8,
    min: 1,
    max: 1024,
    group: 'Model',
    needs: { form: ['map'] },
    help: 'of form map: maps of what is meant',
  },
  reading: {
    kind: 'choice',
    default: 'backward',
    choices: ['backward', 'forward'],
    group: 'Model',
    needs: { form: ['map'] },
    help: 'of form map: the words from the last, as "left of a square" is understood, or from the first',
  },
  ...wordDropoutOptions,
  ...convolutionOptions,
  ...trainingOptions,
  batch: { ...trainingOptions.batch, default: 16, help: 'images read at the same time, each with all its questions' },
  lr: { ...trainingOptions.lr, default: 2e-3 },
  ...unprobedWatchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
