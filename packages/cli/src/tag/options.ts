// The options of `unrolled train tag`.

import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { columnOption, embeddingOptions, modelOptions, smoothingOptions, tokenOptions } from '../examples/options.ts';
import { vectorOptions } from '../examples/vectors.ts';
import { characterOptions } from './characters.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';
import { recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';
import { sequenceDataOptions } from '../series/options.ts';

export const tokenDemos = ['brackets', 'bracket-match'] as const;
export const tagDemos = [...tokenDemos, 'activity'] as const;

export const tagOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: tagDemos,
    help: `train on synthetic examples instead of a file (${tagDemos.join(', ')})`,
  },
  ...runOptions,
  tokens: {
    ...columnOption,
    help: 'column with the tokens, as lists or separated by spaces; for a CoNLL file its number (default: 1)',
  },
  tags: {
    ...columnOption,
    help: 'column with one tag for each token; for a CoNLL file its number (default: the last)',
  },
  ...sequenceDataOptions,
  vocabulary: tokenOptions.vocabulary,
  minCount: {
    ...tokenOptions.minCount,
    default: 2,
    help: `${tokenOptions.minCount.help}, so that the model is trained on unknown tokens too`,
  },
  lowercase: tokenOptions.lowercase,
  ...modelOptions,
  ...embeddingOptions,
  ...vectorOptions,
  ...characterOptions,
  ...recurrentDropoutOptions,
  ...trainingOptions,
  batch: { ...trainingOptions.batch, help: 'batch size in sequences' },
  lr: { ...trainingOptions.lr, default: 2e-3 },
  ...smoothingOptions,
  balanced: {
    kind: 'flag',
    default: false,
    group: 'Training',
    help: 'class weights: the loss weights every tag equally, whatever its frequency',
  },
  ...watchingOptions,
  best: {
    kind: 'choice',
    default: 'accuracy',
    choices: ['accuracy', 'macroF1', 'exact', 'loss'],
    group: 'Watching',
    help: 'metric for the best checkpoint and --patience: accuracy, macroF1, exact or loss',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
