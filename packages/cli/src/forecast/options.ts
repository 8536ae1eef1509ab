// The options of `unrolled train forecast`.

import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions, trustOptions } from '../command-line/tables.ts';
import { dataOptions, modelOptions } from '../examples/options.ts';
import { decimals } from './cells.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';

export const forecastDemos = ['sines'] as const;

/** What is done where a number is missing: nothing starts, it is filled in from the values before it, or the windows with it are left out. */
export const missingChoices = ['stop', 'fill', 'skip'] as const;

export const forecastOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: forecastDemos,
    help: `without a file: a series synthetic (${forecastDemos.join(', ')})`,
  },
  ...runOptions,
  columns: {
    kind: 'string',
    default: null,
    placeholder: 'a,b,c',
    group: 'Data',
    help: 'the columns to forecast (default: all that hold numbers)',
  },
  time: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    help: 'the column that says when: rows must rise in it, and uneven steps are named (default: one called date, time, …)',
  },
  series: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    help: 'the column that says which series a row is of, in a table of several: unique_id, shop, sensor',
  },
  decimal: {
    kind: 'choice',
    default: null,
    choices: decimals,
    group: 'Data',
    help: 'the decimal sign of numbers like 1,234 (default: what fits all cells of a column)',
  },
  known: {
    kind: 'string',
    default: null,
    placeholder: 'a,b,c',
    group: 'Data',
    help: 'columns that are known in advance too: the hour, holidays, a tariff',
  },
  missing: {
    kind: 'choice',
    default: 'stop',
    choices: missingChoices,
    group: 'Data',
    help: 'where a number is missing: stop, fill it in from the values before it (it is no target), or skip the windows with it',
  },
  where: dataOptions.where,
  header: dataOptions.header,
  validation: {
    ...dataOptions.validation,
    help: 'rows that go on where the others end, to validate on (default: the last ones, see --val-frac)',
  },
  valFrac: { ...dataOptions.valFrac, default: 0.2, help: 'part of the rows, the last ones, that validates' },
  length: {
    kind: 'integer',
    default: 96,
    min: 1,
    group: 'Data',
    also: ['seq-len', 'window'],
    help: 'steps that are read',
  },
  horizon: {
    kind: 'integer',
    default: 24,
    min: 1,
    group: 'Data',
    also: ['pred-len'],
    help: 'steps that are forecast',
  },
  period: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Data',
    help: 'steps after which the series is expected to repeat itself: compares with saying just that (24 for hours)',
  },
  cell: modelOptions.cell,
  hidden: { ...modelOptions.hidden, default: 64, help: 'units in a layer' },
  layers: modelOptions.layers,
  dropout: { ...modelOptions.dropout, default: 0.1, help: 'of the layers and their output, in training' },
  method: {
    kind: 'choice',
    default: 'direct',
    choices: ['direct', 'recursive'],
    group: 'Model',
    help: 'direct says all steps at once; recursive goes on from its own words',
  },
  quantiles: {
    kind: 'string',
    default: '0.1,0.5,0.9',
    placeholder: 'a,b,c',
    group: 'Model',
    help: 'how likely the truth is to lie below each of the values said; none for one value only',
  },
  loss: {
    kind: 'choice',
    default: 'mse',
    choices: ['mse', 'mae'],
    group: 'Model',
    help: 'what is made small with --quantiles none: squares or distances',
  },
  skip: {
    kind: 'choice',
    default: 'last',
    choices: ['none', 'last', 'linear'],
    group: 'Model',
    help: 'what the network adds to: nothing, the last value, or a linear function of the window',
  },
  normalization: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'reversible'],
    group: 'Model',
    help: 'reversible: each window is brought to mean 0 and deviation 1 and back, for levels that wander',
  },
  perChannel: {
    kind: 'flag',
    default: false,
    group: 'Model',
    help: 'one network reads each column alone, and learns from all of them',
  },
  ...trainingOptions,
  lr: { ...trainingOptions.lr, default: 2e-3 },
  optimizer: { ...trainingOptions.optimizer, default: 'adamw' },
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

/** Of `unrolled forecast`, which asks a trained one. */
export const askOptions = {
  steps: {
    kind: 'integer',
    default: null,
    min: 1,
    short: 'n',
    help: 'steps to forecast (default: those of its horizon)',
  },
  back: {
    kind: 'integer',
    default: 0,
    min: 0,
    help: 'begin so many rows before the end, and show what came beside what is said',
  },
  plot: {
    kind: 'string',
    default: null,
    placeholder: 'file.svg',
    help: 'draw it: into an SVG file, or in the terminal (--plot terminal)',
  },
  columns: { kind: 'string', default: null, placeholder: 'a,b,c', help: 'only these columns of its answer' },
  only: { kind: 'string', default: null, placeholder: 'a,b,c', help: 'of several series: only these' },
  format: { kind: 'choice', default: 'table', choices: ['table', 'csv'], help: 'a table for people, or csv' },
  where: { kind: 'string', default: null, placeholder: 'sql', help: 'only rows of the table for which this is true' },
  missing: {
    kind: 'choice',
    default: null,
    choices: ['stop', 'fill'],
    help: 'where a number is missing: stop, or fill it in from the values before it (default: as in training)',
  },
  checkpoint: { kind: 'choice', default: 'best', choices: ['best', 'last'], help: 'best by validation, or last' },
  ...trustOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
