// The options of `unrolled train forecast`.

import type { OptionTable } from '../command-line/options.ts';
import { checkpointOption, commonOptions, computeOptions, trustOptions } from '../command-line/tables.ts';
import { dataOptions, modelOptions } from '../examples/options.ts';
import { calendarFeatureNames } from 'unrolled/data';
import { decimals } from '../readers/index.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';
import { recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';

export const forecastDemos = ['sines'] as const;

/** How missing values are handled: an error, forward filling, or skipping the windows that have them. */
export const missingChoices = ['stop', 'fill', 'skip'] as const;

export const forecastOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: forecastDemos,
    help: `train on a synthetic series instead of a file (${forecastDemos.join(', ')})`,
  },
  ...runOptions,
  columns: {
    kind: 'string',
    default: null,
    placeholder: 'a,b,c',
    group: 'Data',
    help: 'columns to forecast (default: all numeric columns)',
  },
  time: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    help: 'time column: rows must be in ascending order, and irregular steps are reported (default: a column called date, time, …)',
  },
  series: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    help: 'series column of a long-format table with several series: unique_id, shop, sensor',
  },
  decimal: {
    kind: 'choice',
    default: null,
    choices: decimals,
    group: 'Data',
    help: 'decimal separator of numbers like 1,234 (default: the one that fits every cell of the column)',
  },
  known: {
    kind: 'string',
    default: null,
    placeholder: 'a,b,c',
    group: 'Data',
    help: 'future covariates, known in advance: hour, holidays, a tariff',
  },
  calendar: {
    kind: 'string',
    default: null,
    placeholder: 'a,b,c',
    group: 'Data',
    needs: { demo: 'none' },
    help: `features of the time column as future covariates, each as sine and cosine of its cycle: ${calendarFeatureNames.join(', ')}`,
  },
  missing: {
    kind: 'choice',
    default: 'stop',
    choices: missingChoices,
    group: 'Data',
    help: 'missing values: stop with an error, fill forward (filled values are no targets), or skip the windows that have them',
  },
  where: dataOptions.where,
  header: dataOptions.header,
  validation: {
    ...dataOptions.validation,
    help: 'validation rows that continue the training rows (default: the last ones, see --val-frac)',
  },
  valFrac: { ...dataOptions.valFrac, default: 0.2, help: 'validation fraction, taken from the end' },
  length: {
    kind: 'integer',
    default: 96,
    min: 1,
    group: 'Data',
    also: ['seq-len', 'window'],
    help: 'input window length in steps',
  },
  horizon: {
    kind: 'integer',
    default: 24,
    min: 1,
    group: 'Data',
    also: ['pred-len'],
    help: 'forecast horizon in steps',
  },
  period: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Data',
    help: 'season length of the seasonal naive baseline and of MASE (default: by the time column, 24 for hours, 7 for days; without one the season that is best on the training rows)',
  },
  cell: modelOptions.cell,
  hidden: { ...modelOptions.hidden, default: 64, help: 'hidden size of each layer' },
  layers: modelOptions.layers,
  dropout: { ...modelOptions.dropout, default: 0.3, help: 'dropout probability between layers and on the output' },
  ...recurrentDropoutOptions,
  method: {
    kind: 'choice',
    default: 'direct',
    choices: ['direct', 'recursive'],
    group: 'Model',
    help: 'direct predicts all steps at once; recursive feeds each prediction back as input',
  },
  quantiles: {
    kind: 'string',
    default: '0.1,0.5,0.9',
    placeholder: 'a,b,c',
    group: 'Model',
    help: 'quantiles to predict; none for a point forecast',
  },
  spread: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    max: 1000,
    group: 'Model',
    help: 'factor on the distance of the quantiles from the middle one, 1 for as they are predicted (default: the one with which the interval holds as much as it says on the validation rows)',
  },
  loss: {
    kind: 'choice',
    default: 'mse',
    choices: ['mse', 'mae'],
    group: 'Model',
    help: 'loss of a point forecast (--quantiles none): mean squared or mean absolute error',
  },
  skip: {
    kind: 'choice',
    default: null,
    choices: ['none', 'last', 'linear'],
    group: 'Model',
    help: 'skip connection to the output: none, the last value, or a linear function of the window (default: linear; last for --method recursive)',
  },
  normalization: {
    kind: 'choice',
    default: 'reversible',
    choices: ['none', 'reversible'],
    group: 'Model',
    help: 'reversible: instance normalization of each window, undone on the output (RevIN); none for series whose level means something',
  },
  perChannel: {
    kind: 'flag',
    default: false,
    group: 'Model',
    help: 'channel independence: one shared network reads each column separately',
  },
  refit: {
    kind: 'flag',
    default: false,
    group: 'Training',
    needs: { validation: 'none' },
    help: 'then train once more on all rows, for as many steps as the best checkpoint had; the run is called as this one with -all behind',
  },
  ...trainingOptions,
  lr: { ...trainingOptions.lr, default: 1e-3 },
  weightDecay: { ...trainingOptions.weightDecay, default: 1e-2 },
  optimizer: { ...trainingOptions.optimizer, default: 'adamw' },
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

/** Options of `unrolled forecast`, which predicts with a trained run. */
export const askOptions = {
  steps: {
    kind: 'integer',
    default: null,
    min: 1,
    short: 'n',
    help: 'steps to forecast (default: the horizon of the run)',
  },
  back: {
    kind: 'integer',
    default: 0,
    min: 0,
    help: 'start this many rows before the end, and print the actual values next to the forecast',
  },
  plot: {
    kind: 'string',
    default: null,
    placeholder: 'file.svg',
    help: 'plot the forecast to an SVG file, or in the terminal (--plot terminal)',
  },
  columns: { kind: 'string', default: null, placeholder: 'a,b,c', help: 'print only these columns' },
  only: { kind: 'string', default: null, placeholder: 'a,b,c', help: 'forecast only these series' },
  format: { kind: 'choice', default: 'table', choices: ['table', 'csv'], help: 'output format' },
  where: {
    kind: 'string',
    default: null,
    placeholder: 'sql',
    help: 'read only the rows for which this SQL condition is true',
  },
  missing: {
    kind: 'choice',
    default: null,
    choices: ['stop', 'fill'],
    help: 'missing values: stop with an error or fill forward (default: as in training)',
  },
  ...checkpointOption,
  ...trustOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
