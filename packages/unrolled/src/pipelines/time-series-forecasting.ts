// Time series forecasting, with quantiles.

import { checkOptions, OptionError } from '../errors.ts';
import { type SignalLike, throwIfAborted } from '../inference/abort.ts';
import { compute } from '../inference/compute.ts';
import { Forecaster } from '../models/forecaster.ts';
import { tensor } from '../tensor/create.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { TimeSeriesForecastingInput } from './contract/input.ts';
import type { OpenedRun, RunInfo } from './run.ts';
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
  readonly signal?: SignalLike | null;
}

/** The forecast of one column: means and quantiles at each step. */
export interface ColumnForecast {
  readonly column: string;
  /** Forecast of each step in the data's units: the mean, the median or the quantile nearest to it. */
  readonly values: Float32Array;
  /** For each probability level the quantile at every step; empty for a point forecast. */
  readonly quantiles: readonly { readonly level: number; readonly values: Float32Array }[];
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
  const input = await withColumns(run, model);
  const { length, quantiles } = model.config;
  const [C, K, Q] = [input.columns.length, input.known.length, quantiles.length];
  return {
    task: who,
    info: run.info,
    input,
    model,
    async forecast(series, options = {}) {
      checkOptions(who, options, ['steps', 'signal']);
      const { steps = model.config.horizon, signal } = options;
      const list = Array.isArray(series) ? (series as readonly SeriesInput[]) : [series as SeriesInput];
      const found: SeriesForecast[] = [];
      for (let from = 0; from < list.length; from += rowsPerBatch) {
        throwIfAborted(who, signal);
        const some = list.slice(from, from + rowsPerBatch);
        const B = some.length;
        const window = new Float32Array(length * B * C);
        const known = K > 0 ? new Float32Array((length + steps) * B * K) : null;
        for (const [b, one] of some.entries()) fill(one, b, B, from + b, steps, window, known);
        const { values, spread } = compute(model, () => {
          const ahead = known ? { known: tensor(known, [length + steps, B, K]) } : {};
          const forecast = model.forecast(tensor(window, [length, B, C]), { steps, ...ahead });
          return { values: forecast.values.dataSync(), spread: forecast.quantiles.dataSync() };
        });
        for (const [b, { times }] of some.entries()) {
          const at = (k: number, c: number) => (k * B + b) * C + c;
          const stepsOf = (value: (k: number) => number) => Float32Array.from({ length: steps }, (_, k) => value(k));
          const columns = input.columns.map((column, c) => ({
            column,
            values: stepsOf((k) => values[at(k, c)]),
            quantiles: quantiles.map((level, q) => ({ level, values: stepsOf((k) => spread[at(k, c) * Q + q]) })),
          }));
          found.push({ columns, times: times ? continued(times, steps) : null });
        }
        await yieldToEventLoop();
      }
      return found;
    },
  };

  /** Row b of the batch: window [length, B, C] and known [length + steps, B, K]. */
  function fill(
    { columns, known = {} }: SeriesInput,
    b: number,
    B: number,
    n: number,
    steps: number,
    window: Float32Array,
    ahead: Float32Array | null,
  ): void {
    let rows = -1;
    for (const [c, name] of input.columns.entries()) {
      const values = columnOf(columns, name, n);
      rows = rows < 0 ? values.length : rows;
      if (values.length !== rows)
        throw new OptionError(who, `series ${n}`, `column ${name} has ${values.length} rows, and another ${rows}`);
      if (rows < length)
        throw new OptionError(who, `series ${n}`, `the model reads ${length} rows, and there are ${rows}`);
      for (let t = 0; t < length; t++)
        window[(t * B + b) * C + c] = finite(values[rows - length + t], name, rows - length + t, n);
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
        (ahead as Float32Array)[(t * B + b) * K + k] = finite(values[rows - length + t], name, rows - length + t, n);
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

function columnOf(columns: Readonly<Record<string, ArrayLike<number>>>, name: string, n: number): ArrayLike<number> {
  const values = Object.hasOwn(Object(columns), name) ? columns[name] : undefined;
  if (values) return values;
  const there = Object.keys(Object(columns)).join(', ') || 'none';
  throw new OptionError(who, `series ${n}`, `column ${name} is missing; there are ${there}`);
}

function finite(value: number, name: string, t: number, n: number): number {
  if (Number.isFinite(value)) return value;
  throw new OptionError(who, `series ${n}`, `column ${name}, row ${t}: expected a number, got ${value}`);
}

/** Times continued by the most frequent difference. */
function continued(times: ArrayLike<number>, steps: number): number[] {
  const counts = new Map<number, number>();
  for (let t = 1; t < times.length; t++) {
    const step = Number((times[t] - times[t - 1]).toPrecision(9));
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [usual] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0]);
  return Array.from({ length: steps }, (_, k) => times[times.length - 1] + (k + 1) * usual);
}
