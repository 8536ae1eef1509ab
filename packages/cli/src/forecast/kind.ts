// Forecasting time series, as the machinery of runs sees it.

import {
  type CellName,
  evaluateForecaster,
  Forecaster,
  type ForecasterConfig,
  type ForecasterOptions,
  forecastTask,
  FormatError,
} from 'unrolled';
import { type RowRange, seriesLength } from 'unrolled/data';
import {
  type TimeSeriesForecastingInput,
  timeSeriesForecastingOf,
  type TimeSeriesForecastingPipeline,
} from 'unrolled/pipelines';
import type { Values } from '../command-line/options.ts';
import type { Prepared, TaskKind } from '../runs/kind.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import { grouped } from '../terminal/index.ts';
import { ask, type TableForecast } from './ask.ts';
import type { Decimal } from '../readers/index.ts';
import type { ForecastConfig } from './config.ts';
import { type ForecastData, type ForecastSource, readForecast } from './data.ts';
import { evaluateForecast } from './evaluate.ts';
import { inspectForecast } from './inspect.ts';
import { naives, periodOf } from './naive.ts';
import { forecastOptions } from './options.ts';
import { foundPeriod } from './period.ts';
import { predictForecast } from './predict.ts';
import { quantilesOf } from './quantiles.ts';
import { showForecast } from './view.ts';
import { type CutWindows, cutWindows, scaleWarnings, standardize } from './windows.ts';
import { t } from '../language/index.ts';

type ForecastValues = Values<typeof forecastOptions>;

export const forecast: TaskKind<ForecastConfig, typeof forecastOptions, Forecaster> = {
  name: 'forecast',
  summary: 'train a time series forecaster: load, prices, weather',
  args: [['[files...]', 'CSV, TSV, JSON lines or Parquet with one row per time step, in ascending order']],
  options: forecastOptions,
  examples: [
    'unrolled train forecast load.csv --time hour --calendar hour,weekday --refit',
    'unrolled train forecast load.csv --columns load,price --known holiday,tariff --length 168 --horizon 24',
    'unrolled train forecast shops.csv --series shop --time week --horizon 8',
    'unrolled train forecast weather.parquet --skip linear --normalization reversible --minutes 5',
    'unrolled train forecast --demo sines',
  ],
  counts: 'windows',
  refit: ({ spread }) => (spread === undefined ? {} : { spread }), // nothing is left to find it on
  async prepare(values, paths) {
    const { demo, columns, known, calendar, time, series, decimal, missing, where, header, validation, valFrac } =
      values;
    const read = {
      paths,
      demo,
      columns,
      known,
      time,
      missing,
      where,
      header,
      validation,
      valFrac,
      // Only where they were given: runs of before these options are gone on with by the same command.
      ...(series === null ? {} : { series }),
      ...(decimal === null ? {} : { decimal: decimal as Decimal }),
      ...(calendar === null ? {} : { calendar }),
    };
    return prepareForecast(await readForecast(read), read, values);
  },
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, prepared) => {
    const { horizon } = prepared.model as ForecasterConfig;
    // The last rows, from which a forecast goes on, may be among those that training left out.
    const { missing } = (prepared.data as ForecastConfig['data']).read;
    const ask = missing === 'skip' ? `forecast ${run} --missing fill` : `forecast ${run}`;
    return [
      `${ask} --plot terminal`,
      `${ask} --back ${horizon} --plot forecast.svg`,
      `${ask} --format csv > forecast.csv`,
      `eval ${run}`,
    ];
  },
  evaluates: ['file', 'text', 'where', 'forecasts', 'every'],
  predicts: ['file', 'where'],
  evaluate: evaluateForecast,
  inspect: inspectForecast,
  predict: predictForecast,
};

function prepareForecast(
  data: ForecastData,
  read: ForecastSource,
  values: ForecastValues,
): Prepared<ForecastConfig, Forecaster> {
  const { batch, seed, spread } = values;
  const { names, known, parts, missing } = data;
  const model = modelConfig(values, names.length, known.length);
  checkRows(data, model, values.period);
  const { length, horizon } = model;
  const timed = periodOf(values.period, parts[0].table.time, length);
  const found = timed === null ? foundPeriod(parts, { longest: length, horizon }) : null;
  const period = timed ?? found;
  const train = cutWindows(parts.map(({ table, train: rows }) => [table, rows] as const), { length, horizon, missing }); // biome-ignore format: one line
  if (!train) throw new FormatError(data.source, `no series has a window of ${length} + ${horizon} rows to learn from`);
  const validation = validationOf(data, { length, horizon });
  const windows = validation?.windows ?? null;
  const skipped = train.windows.skipped + (windows?.skipped ?? 0);
  const left = skipped > 0 && missing === 'skip' ? [t`${grouped(skipped)} windows with such a cell were left out`] : [];
  const unmeasured = (validation?.warnings ?? []).map((warning) => t`to validate on, ${warning}`);
  const input: TimeSeriesForecastingInput = {
    kind: 'time-series-forecasting',
    columns: names,
    known,
    length,
    horizon,
    quantiles: model.quantiles,
  };
  const scaled = standardize(new Forecaster(model), parts);
  return {
    name: data.name,
    model,
    contract: { type: 'forecaster', input },
    settings: { batch, period: values.period ?? found, ...(spread === null ? {} : { spread }) },
    data: {
      source: data.source,
      sha256: data.sha256,
      rows: parts.reduce((sum, { validation: { to } }) => sum + to, 0),
      read,
    },
    contents: { columns: { names, known, found: data.found } },
    warnings: [...data.warnings, ...train.warnings, ...unmeasured, ...left, ...scaleWarnings(scaled, parts)],
    mostEpochs: 40,
    best: windows ? 'loss' : null,
    make(config) {
      const made = standardize(new Forecaster(config.model), parts);
      if (spread !== null) made.spread = spread;
      const calibrate = spread === null;
      const task = forecastTask(made, { train: train.windows, validation: windows, batchSize: batch, seed, calibrate });
      return { model: made, task };
    },
    introduce(made, { training }) {
      const { cell, numLayers, hiddenSize, method, skip } = made.config;
      const rows = (of: 'train' | 'validation') =>
        grouped(parts.reduce((sum, part) => sum + part[of].to - part[of].from, 0));
      const [{ table: first, validation: after }] = parts;
      const single = parts.length === 1 && windows && first.time;
      const ends = single ? t`, from ${single.label(after.from)} on` : '';
      return [
        ...(read.series ? [[t('series'), t`${grouped(parts.length)} in column ${read.series}`] as const] : []),
        [t('rows'), t`${rows('train')} to learn, ${rows('validation')} to validate${ends}`],
        ...(values.period === null && period !== null
          ? [
              [
                t('season'),
                found === null
                  ? t`${period} rows, by the steps of ${parts[0].table.time?.column}`
                  : t`${period} rows, found in the training rows`,
              ] as const,
            ]
          : []),
        [t('columns'), `${listed(names)}${known.length > 0 ? t`; known in advance: ${listed(known)}` : ''}`],
        [t('windows'), t`${length} steps read, ${horizon} forecast, ${grouped(train.windows.count)} to learn from`],
        [
          t('model'),
          t`${cell}, ${numLayers} × ${hiddenSize} units, ${method}, added to ${t(bases[skip])}, ${grouped(made.parameterCount())} parameters`,
        ],
        ...naives(made, windows, period).map(
          ({ name, mse }) => [t('to beat'), t`mse ${mse.toFixed(4)} (${t(name)})`] as const,
        ),
        [t('steps'), t`${grouped(training.steps)} of ${batch} windows`],
      ];
    },
    async showcase(made) {
      const cut = validation ?? train;
      const { whole: part, forecast: shown } = await lastForecast(
        timeSeriesForecastingOf(made, { input }),
        cut,
        missing,
      );
      const { metrics } = windows ? await evaluateForecaster(made, windows) : { metrics: null };
      const scores = metrics && { model: metrics, naive: naives(made, windows, period) };
      return showForecast({
        of: rowsShown(part, horizon, validation !== null),
        forecast: shown,
        scores,
      });
    },
  };
}

/** The windows to validate on; null where no rows were kept for it. */
function validationOf(data: ForecastData, shape: { length: number; horizon: number }): CutWindows | null {
  const ranges = data.parts.map(({ table: of, validation }) => [of, validation] as const);
  const kept = ranges.reduce((sum, [, { from, to }]) => sum + to - from, 0);
  if (kept === 0) return null;
  try {
    const cut = cutWindows(ranges, { ...shape, missing: data.missing });
    if (cut) return cut;
  } catch (error) {
    if (!(error instanceof FormatError) || data.missing === 'refuse') throw error;
  }
  throw new FormatError(
    data.source,
    `no window of the ${grouped(kept)} rows for validation is without a gap; choose a larger --val-frac, --missing fill, or --val-frac 0 for none`,
  );
}

/** The forecast of the last window that can be shown. */
async function lastForecast(
  pipeline: TimeSeriesForecastingPipeline,
  { windows, tables }: CutWindows,
  missing: string,
): Promise<{ readonly whole: boolean; readonly forecast: TableForecast }> {
  const { horizon } = pipeline.input;
  const last = windows.count - 1;
  const table = tables[windows.part(last)];
  const from = windows.origin(last);
  const [forecast] = await ask(pipeline, [{ table, from }], { steps: horizon, fill: missing === 'fill' });
  const end = from + horizon === seriesLength(table.series);
  return { whole: end, forecast };
}

/** Which rows are shown. `last`: those at the end, and not the last ones without a gap. */
function rowsShown(last: boolean, n: number, validation: boolean): string {
  if (validation)
    return last ? `the last ${n} of the validation rows` : `the last ${n} without a gap of the validation rows`;
  return last ? `the last ${n} of the training rows` : `the last ${n} without a gap of the training rows`;
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
    ...recurrentDropoutOf(values),
    method: method as 'direct',
    perChannel,
    skip: (skip ?? (method === 'recursive' ? 'last' : 'linear')) as 'last',
    normalization: normalization as 'none',
    ...(quantiles.length > 0 ? { quantiles } : { loss: values.loss as 'mse' }),
  };
  return new Forecaster(options).config;
}

/** Says what is too short for what, before anything begins. */
function checkRows({ source, parts }: ForecastData, model: ForecasterConfig, period: number | null): void {
  const { length, horizon } = model;
  const most = (of: (part: ForecastData['parts'][number]) => RowRange) =>
    Math.max(...parts.map((part) => of(part).to - of(part).from));
  const [train, kept] = [most((part) => part.train), most((part) => part.validation)];
  const each = parts.length > 1 ? 'in the longest series ' : '';
  if (train < length + horizon)
    throw new FormatError(
      source,
      `has ${train} rows ${each}to learn from, and a window has ${length} + ${horizon}; choose a shorter --length or --horizon`,
    );
  if (kept > 0 && kept < horizon)
    throw new FormatError(
      source,
      `keeps ${kept} rows ${each}for validation, fewer than the ${horizon} of --horizon; choose a larger --val-frac, or 0 for none`,
    );
  if (period !== null && period > length)
    throw new FormatError(
      source,
      `--period ${period} is longer than the ${length} steps that are read; choose a longer --length`,
    );
}
