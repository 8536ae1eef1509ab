// Time series forecasting, with quantiles.

import { requireKinds, requireList, requireWhole, shown } from '../checks.ts';
import { CausalFill } from '../data/gaps.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { type SignalLike, throwIfAborted } from '../abort.ts';
import { compute } from '../inference/compute.ts';
import { Forecaster } from '../models/forecaster.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { TimeSeriesForecastingInput } from './contract/input.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import { requireModel } from './require-model.ts';
import { RunError } from './run-error.ts';

/** The history of one series, and its covariates known in advance. */
export interface SeriesInput {
  /** Values of each column by its name, oldest first; the last `input.length` of them are read. */
  readonly columns: Readonly<Record<string, ArrayLike<number>>>;
  /** Columns known in advance, by their names: as long as the others, plus the steps to forecast. */
  readonly known?: Readonly<Record<string, ArrayLike<number>>>;
  /** Time of each row, as increasing numbers (milliseconds, say): the forecast then has times too. */
  readonly times?: ArrayLike<number>;
}

/** Options of `forecast`. */
export interface ForecastingOptions {
  /** Number of steps. Beyond the horizon the model reads its own forecasts. Default: the horizon. */
  readonly steps?: number;
  /** Missing values (NaN) in the rows that are read: an error, or filled from the values before the forecast. Default 'error'. */
  readonly missing?: 'error' | 'fill';
  readonly signal?: SignalLike | null;
}

/** The forecast of one column: means and quantiles at each step. */
export interface ColumnForecast {
  readonly column: string;
  /** One number a step, in the data's units: the mean, the median or the quantile nearest to it. */
  readonly values: readonly number[];
  /** For each probability level the quantile at every step; none for a point forecast. */
  readonly quantiles: readonly { readonly level: number; readonly values: readonly number[] }[];
  /** The numbers that were read, the oldest first, missing ones filled. */
  readonly history: readonly number[];
}

/** The forecast of one series, column by column. */
export interface SeriesForecast {
  readonly columns: readonly ColumnForecast[];
  /** Time of each step, where times were given: the last one plus the most frequent difference. */
  readonly times: readonly number[] | null;
}

/** Forecasts time series. */
export interface TimeSeriesForecastingPipeline {
  readonly task: 'time-series-forecasting';
  readonly info: RunInfo;
  readonly input: TimeSeriesForecastingInput;
  readonly model: Forecaster;
  /** Forecasts each series. */
  forecast(series: SeriesInput | readonly SeriesInput[], options?: ForecastingOptions): Promise<SeriesForecast[]>;
}

const who = 'time-series-forecasting';
const rowsPerBatch = 64; // series

export async function makeTimeSeriesForecasting(run: OpenedRun): Promise<TimeSeriesForecastingPipeline> {
  const model = run.restore((config) => new Forecaster(config));
  return timeSeriesForecastingOf(model, { input: await withColumns(run, model) }, run.info);
}

/** What a forecaster is made of besides its model. */
export type TimeSeriesForecastingParts = Pick<TimeSeriesForecastingPipeline, 'input'>;

/** The pipeline of a model in memory, as it is at every moment: also while it is trained. */
export function timeSeriesForecastingOf(
  model: Forecaster,
  parts: TimeSeriesForecastingParts,
  info: RunInfo = unsaved,
): TimeSeriesForecastingPipeline {
  requireModel('timeSeriesForecastingOf', model, [Forecaster], parts, { input: { columns: 'texts', known: 'texts' } });
  const { input } = parts;
  const { length, quantiles } = model.config;
  const [C, K, Q] = [input.columns.length, input.known.length, quantiles.length];
  return {
    task: who,
    info,
    input,
    model,
    async forecast(series, options = {}) {
      checkOptions(who, options, ['steps', 'missing', 'signal']);
      const { steps = model.config.horizon, missing = 'error', signal } = options;
      requireWhole(who, 'steps', steps, 1);
      if (missing !== 'error' && missing !== 'fill')
        throw new OptionError(who, 'missing', `expected error or fill, got ${shown(missing)}`);
      const list = Array.isArray(series) ? (series as readonly SeriesInput[]) : [series as SeriesInput];
      const found: SeriesForecast[] = [];
      for (let from = 0; from < list.length; from += rowsPerBatch) {
        throwIfAborted(who, signal);
        const some = list.slice(from, from + rowsPerBatch);
        const B = some.length;
        const window = new Float64Array(length * B * C);
        const known = K > 0 ? new Float64Array((length + steps) * B * K) : null;
        for (const [b, one] of some.entries()) requireSeries(one, from + b);
        for (const [b, one] of some.entries()) read(one, b, B, from + b, { steps, missing }, window, known);
        const { values, quantiles: spread } = compute(model, () =>
          model.forecastWindows({ input: window, known, rows: B }, { steps }),
        );
        for (const [b, { times }] of some.entries()) {
          const at = (k: number, c: number) => (k * B + b) * C + c;
          const stepsOf = (value: (k: number) => number) => Array.from({ length: steps }, (_, k) => value(k));
          const columns = input.columns.map((column, c) => ({
            column,
            values: stepsOf((k) => values[at(k, c)]),
            quantiles: quantiles.map((level, q) => ({ level, values: stepsOf((k) => spread[at(k, c) * Q + q]) })),
            history: Array.from({ length }, (_, t) => window[at(t, c)]),
          }));
          found.push({ columns, times: times ? continued(times, steps) : null });
        }
        await yieldToEventLoop();
      }
      return found;
    },
  };

  /** Row b of the batch: window [length, B, C] and known [length + steps, B, K]. */
  function read(
    { columns, known = {} }: SeriesInput,
    b: number,
    B: number,
    n: number,
    { steps, missing }: { readonly steps: number; readonly missing: 'error' | 'fill' },
    window: Float64Array,
    ahead: Float64Array | null,
  ): void {
    let rows = -1;
    for (const [c, name] of input.columns.entries()) {
      const values = columnOf(columns, name, n);
      rows = rows < 0 ? values.length : rows;
      if (values.length !== rows)
        throw new OptionError(who, `series ${n}`, `column ${name} has ${values.length} rows, and another ${rows}`);
      if (rows < length)
        throw new OptionError(who, `series ${n}`, `the model reads ${length} rows, and there are ${rows}`);
      const past = missing === 'fill' ? filled(values) : values;
      for (let t = 0; t < length; t++)
        window[(t * B + b) * C + c] = finite(past[rows - length + t], name, rows - length + t, n);
    }
    for (const [k, name] of input.known.entries()) {
      const values = columnOf(known, name, n);
      if (values.length < rows + steps)
        throw new OptionError(
          who,
          `series ${n}`,
          `${name} is known in advance: expected ${rows + steps} rows, those of the series and ${steps} more, got ${values.length}`,
        );
      for (let t = 0; t < length + steps; t++)
        (ahead as Float64Array)[(t * B + b) * K + k] = finite(values[rows - length + t], name, rows - length + t, n);
    }
  }
}

/** The contract with its column names, which older runs have in a file of their own. */
async function withColumns(run: OpenedRun, model: Forecaster): Promise<TimeSeriesForecastingInput> {
  let input = run.part.input as TimeSeriesForecastingInput;
  if (input.columns.length === 0) {
    const [content, source] = await run.json('columns');
    const { names, known } = Object(content) as Record<string, unknown>;
    const texts = (list: unknown) => Array.isArray(list) && list.every((name) => typeof name === 'string');
    if (!texts(names) || !texts(known))
      throw new RunError('corrupt', source, 'does not name the columns of the series');
    input = { ...input, columns: names as string[], known: known as string[] };
  }
  const { channels, known } = model.config;
  if (input.columns.length === channels && input.known.length === known) return input;
  throw new RunError(
    'mismatch',
    run.info.name,
    `names ${input.columns.length} and ${input.known.length} columns, and the model reads ${channels} and ${known}`,
  );
}

function requireSeries(series: unknown, n: number): void {
  const name = `series[${n}]`;
  requireKinds(who, { [name]: series }, { [name]: { columns: 'object', known: 'object?', times: 'numbers?|null' } });
}

function columnOf(columns: Readonly<Record<string, ArrayLike<number>>>, name: string, n: number): ArrayLike<number> {
  const values = Object.hasOwn(Object(columns), name) ? columns[name] : undefined;
  if (values) {
    requireList(who, `series ${n}: ${name}`, values);
    return values as ArrayLike<number>;
  }
  const there = Object.keys(Object(columns)).join(', ') || 'none';
  throw new OptionError(who, `series ${n}`, `column ${name} is missing; there are ${there}`);
}

function finite(value: number, name: string, t: number, n: number): number {
  if (Number.isFinite(value)) return value;
  throw new OptionError(who, `series ${n}`, `column ${name}, row ${t}: expected a number, got ${shown(value)}`);
}

/** A column in which a missing value lies on a straight line between those around it, and after the last one is the last one again. */
function filled(values: ArrayLike<number>): Float64Array {
  const past = new CausalFill({ names: ['values'], values: Float64Array.from(values) });
  return Float64Array.from({ length: values.length }, (_, t) => past.value(t, 0, values.length));
}

/** Times that go on by the most frequent difference. */
function continued(times: ArrayLike<number>, steps: number): number[] {
  const counts = new Map<number, number>();
  for (let t = 1; t < times.length; t++) {
    const step = Number((times[t] - times[t - 1]).toPrecision(9));
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [usual] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0]);
  return Array.from({ length: steps }, (_, k) => times[times.length - 1] + (k + 1) * usual);
}
