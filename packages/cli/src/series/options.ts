// The options of classification and tagging that are for numbers.

import type { OptionTable } from '../command-line/options.ts';
import { dataOptions, lengthOption } from '../examples/options.ts';
import { decimals } from '../readers/index.ts';
import { missingChoices } from './source.ts';

export const numberOptions = {
  features: {
    kind: 'string',
    default: null,
    placeholder: 'a,b,c',
    group: 'Numbers',
    needs: { demo: 'none' },
    help: 'columns to read at each step (default: all columns of numbers); of an .npz file the array of the features',
  },
  series: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Numbers',
    needs: { demo: 'none' },
    help: 'column that says which sequence a row belongs to, for tables with a step in a row (default: --group, or a file each)',
  },
  time: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Numbers',
    needs: { demo: 'none' },
    help: 'column that the steps of a sequence are in order of (default: a column called time, date, step, …; else as they stand)',
  },
  decimal: {
    kind: 'choice',
    default: null,
    choices: decimals,
    group: 'Numbers',
    needs: { demo: 'none' },
    help: 'decimal separator of numbers like 1,234 (default: the one that fits every cell of the column)',
  },
  missing: {
    kind: 'choice',
    default: 'fill',
    choices: missingChoices,
    group: 'Numbers',
    needs: { demo: 'none' },
    help: 'missing values: fill with the value before, skip the sequences that have them, or stop with an error',
  },
  standardize: {
    kind: 'flag',
    default: true,
    group: 'Numbers',
    help: 'read the features as they are, not standardized by the mean and deviation of the training data',
  },
  differences: {
    kind: 'flag',
    default: false,
    group: 'Numbers',
    help: "also read each feature's difference from the step before: motion is visible at once",
  },
} as const satisfies OptionTable;

/** The group split, of commands that train on texts and on numbers. */
const groupOption = {
  ...dataOptions.group,
  help: `${dataOptions.group.help}; of numbers with a step in a row, and without --series, the column that says which sequence a row belongs to`,
} as const;

/** What of a text's options means nothing for numbers. */
export const textOnly = [
  'text',
  'tokens',
  'multiLabel',
  'unit',
  'vocabulary',
  'minCount',
  'lowercase',
  'embedding',
  'vectors',
  'charFeatures',
  'charEmbedding',
  'charHidden',
] as const;

/** Steps that are read of a sequence, where `--max-length` was not given. */
export const usualSteps = 1000;

/** The data of classification and tagging, which may be texts or numbers. */
export const sequenceDataOptions = {
  ...dataOptions,
  group: groupOption,
  maxLength: lengthOption,
  ...numberOptions,
} as const satisfies OptionTable;
