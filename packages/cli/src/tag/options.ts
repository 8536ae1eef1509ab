// The options of `unrolled train tag`.

import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { dataOptions, modelOptions, smoothingOptions, tokenOptions } from '../examples/options.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';

export const tagDemos = ['brackets', 'bracket-match'] as const;

export const tagOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: tagDemos,
    help: `without a file: examples synthetic (${tagDemos.join(', ')})`,
  },
  ...runOptions,
  tokens: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column with the tokens, as lists or parted by spaces; of a CoNLL file its number (default: 1)',
  },
  tags: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column with a tag for each of them; of a CoNLL file its number (default: the last)',
  },
  ...dataOptions,
  vocabulary: tokenOptions.vocabulary,
  minCount: {
    ...tokenOptions.minCount,
    default: 2,
    help: `${tokenOptions.minCount.help}, so that the model learns what to say of those`,
  },
  lowercase: tokenOptions.lowercase,
  ...modelOptions,
  ...trainingOptions,
  batch: { ...trainingOptions.batch, help: 'sequences read at the same time' },
  lr: { ...trainingOptions.lr, default: 2e-3 },
  ...smoothingOptions,
  balanced: { kind: 'flag', default: false, group: 'Training', help: 'rare tags count as much as frequent ones' },
  ...watchingOptions,
  best: {
    kind: 'choice',
    default: 'accuracy',
    choices: ['accuracy', 'macroF1', 'exact', 'loss'],
    group: 'Watching',
    help: 'what the best model and --patience go by: accuracy, macroF1, exact or loss',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
