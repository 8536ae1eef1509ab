// A table of numbers over time, learnt to be gone on with: what the run machinery needs to know of it.

import {
  type CellName,
  evaluateForecaster,
  Forecaster,
  type ForecasterConfig,
  type ForecasterOptions,
  forecastTask,
  FormatError,
  type RowRange,
  Windows,
} from 'unrolled';
import type { Values } from '../command-line/options.ts';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { Prepared, TaskKind } from '../runs/kind.ts';
import { grouped, table } from '../terminal/index.ts';
import { ask } from './ask.ts';
import { type ForecastData, type ForecastSource, knownBeside, readForecast } from './data.ts';
import { evaluateForecast, scoreRows } from './evaluate.ts';
import { inspectForecast } from './inspect.ts';
import { naives } from './naive.ts';
import { forecastOptions } from './options.ts';
import { predictForecast } from './predict.ts';
import { quantilesOf } from './quantiles.ts';
import { drawTerminal } from './terminal.ts';

type ForecastValues = Values<typeof forecastOptions>;

export interface ForecastSettings {
  readonly batch: number;
  readonly period: number | null;
}

export type ForecastConfig = RunConfig<
  ForecasterConfig,
  ForecastSettings,
  RunData & { readonly rows: number; readonly read: ForecastSource }
>;

export const forecast: TaskKind<typeof forecastOptions, Forecaster> = {
  name: 'forecast',
  summary: 'learn how numbers go on: a load, prices, the weather',
  args: [['[files...]', 'CSV, TSV, JSON lines or Parquet: a row a step, the oldest first']],
  options: forecastOptions,
  examples: [
    'unrolled train forecast load.csv --time hour --period 24',
    'unrolled train forecast load.csv --columns load,price --known holiday,tariff --length 168 --horizon 24',
    'unrolled train forecast weather.parquet --skip linear --normalization reversible --minutes 5',
    'unrolled train forecast --demo sines',
  ],
  counts: 'windows',
  async prepare(values, paths) {
    const { demo, columns, known, time, missing, where, header, validation, valFrac } = values;
    const read = { paths, demo, columns, known, time, missing, where, header, validation, valFrac };
    return prepareForecast(await readForecast(read), read, values);
  },
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, prepared) => [
    `forecast ${run} --plot terminal`,
    `forecast ${run} --back ${(prepared.model as ForecasterConfig).horizon} --plot forecast.svg`,
    `forecast ${run} --format csv > forecast.csv`,
    `eval ${run}`,
  ],
  evaluates: ['file', 'text', 'where'],
  predicts: ['file', 'where'],
  evaluate: evaluateForecast,
  inspect: inspectForecast,
  predict: predictForecast,
};

function prepareForecast(data: ForecastData, read: ForecastSource, values: ForecastValues): Prepared<Forecaster> {
  const { batch, seed, demo } = values;
  const period = values.period ?? (demo && values.length >= 24 ? 24 : null); // a day of the waves
  const { series } = data.table;
  const known = knownBeside(data.table);
  const model = modelConfig(values, series.names.length, known?.names.length ?? 0);
  checkRows(data, model, period);
  const missing = read.missing === 'skip' ? 'skip' : 'refuse';
  const { length, horizon } = model;
  const cut = (rows: RowRange) => new Windows(series, { length, horizon, known, missing, ...rows });
  const train = cut(data.train);
  const validation = data.validation.to > data.validation.from ? cut(data.validation) : null;
  const skipped = train.skipped + (validation?.skipped ?? 0);
  const left = skipped > 0 ? [`${grouped(skipped)} windows with such a cell were left out`] : [];
  return {
    name: data.name,
    model,
    settings: { batch, period } satisfies ForecastSettings,
    data: { source: data.source, sha256: data.sha256, rows: data.validation.to, read } as RunData,
    contents: { columns: { names: series.names, known: known?.names ?? [] } },
    warnings: [...data.warnings, ...left],
    mostEpochs: 40,
    make(config) {
      const made = new Forecaster(config.model as ForecasterConfig).standardize(series, data.train);
      return { model: made, task: forecastTask(made, { train, validation, batchSize: batch, seed }) };
    },
    introduce(made, { training }) {
      const { cell, numLayers, hiddenSize, method, skip } = made.config;
      const rows = (range: RowRange) => grouped(range.to - range.from);
      const ends = validation && data.table.time ? `, from ${data.table.time.label(data.validation.from)} on` : '';
      return [
        ['rows', `${rows(data.train)} to learn, ${rows(data.validation)} to validate${ends}`],
        ['columns', `${listed(series.names)}${known ? `; known in advance: ${listed(known.names)}` : ''}`],
        ['windows', `${length} steps read, ${horizon} foretold, ${grouped(train.count)} to learn from`],
        [
          'model',
          `${cell}, ${numLayers} × ${hiddenSize} units, ${method}, added to ${bases[skip]}, ${grouped(made.parameterCount())} parameters`,
        ],
        ...naives(made, validation, period).map(
          ({ name, mse }) => ['to beat', `mse ${mse.toFixed(4)} (${name})`] as const,
        ),
        ['steps', `${grouped(training.steps)} of ${batch} windows`],
      ];
    },
    async showcase(made) {
      const from = data.validation.to - horizon;
      const what = validation ? 'rows it has not seen' : 'rows it has seen';
      const picture = ask(made, data.table, { from, steps: horizon });
      const lines = [`what it says of ${what}, the last ${horizon}:`, '', ...drawTerminal(picture, 2)];
      if (!validation) return lines;
      const { metrics } = await evaluateForecaster(made, validation);
      const scores = scoreRows(metrics, naives(made, validation, period));
      return [...lines, '', ...table(scores, { header: ['on the validation rows', 'mse', 'mae'] })];
    },
  };
}

const bases = { none: 'nothing', last: 'the last value', linear: 'a linear function of the window' };

function listed(names: readonly string[]): string {
  const some = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${names.length}: ${some}, …` : some;
}

function modelConfig(values: ForecastValues, channels: number, known: number): ForecasterConfig {
  const { length, horizon, cell, hidden, layers, dropout, method, skip, normalization, perChannel } = values;
  const quantiles = quantilesOf(values.quantiles);
  const options: ForecasterOptions = {
    channels,
    length,
    horizon,
    known,
    cell: cell as CellName,
    hiddenSize: hidden,
    numLayers: layers,
    dropout,
    method: method as 'direct',
    perChannel,
    skip: skip as 'last',
    normalization: normalization as 'none',
    ...(quantiles.length > 0 ? { quantiles } : { loss: values.loss as 'mse' }),
  };
  return new Forecaster(options).config;
}

/** Says what is too short for what, before anything begins. */
function checkRows({ source, train, validation }: ForecastData, model: ForecasterConfig, period: number | null): void {
  const { length, horizon } = model;
  if (train.to < length + horizon)
    throw new FormatError(
      source,
      `has ${train.to} rows to learn from, and a window has ${length} + ${horizon}; choose a shorter --length or --horizon`,
    );
  const kept = validation.to - validation.from;
  if (kept > 0 && kept < horizon)
    throw new FormatError(
      source,
      `keeps ${kept} rows for validation, fewer than the ${horizon} of --horizon; choose a larger --val-frac, or 0 for none`,
    );
  if (period !== null && period > length)
    throw new FormatError(
      source,
      `--period ${period} is longer than the ${length} steps that are read; choose a longer --length`,
    );
}
