// Forecasts from moments of tables: the rows before each go into the pipeline, and what is known of the rows after it too.

import { FormatError } from 'unrolled';
import { type Series, seriesLength } from 'unrolled/data';
import type { SeriesInput, TimeSeriesForecastingPipeline } from 'unrolled/pipelines';
import { describeGaps } from '../readers/index.ts';
import type { SeriesTable } from './read.ts';

export interface TableForecast {
  /** Which of several series it is of; null for a table of one. */
  readonly series: string | null;
  readonly names: readonly string[];
  /** The probability levels of the quantiles. */
  readonly levels: readonly number[];
  readonly columns: readonly ColumnForecast[];
  /** When each step is, or +1, +2, … */
  readonly labels: readonly string[];
  /** The moment before the first step. */
  readonly since: string | null;
}

export interface ColumnForecast {
  readonly name: string;
  /** Digits after the point that tell values of this column apart, for people and for programs. */
  readonly digits: number;
  readonly exactDigits: number;
  /** The rows that were read. */
  readonly history: ArrayLike<number> & Iterable<number>;
  /** The forecast, a number a step. */
  readonly values: ArrayLike<number> & Iterable<number>;
  /** For each quantile, its steps. */
  readonly quantiles: readonly (ArrayLike<number> & Iterable<number>)[];
  /** What the table has for these steps, as far as it goes. */
  readonly target: readonly number[];
}

/** A table, and the first row that is forecast. */
export interface Origin {
  readonly table: SeriesTable;
  readonly from: number;
}

export interface Asking {
  readonly steps: number;
  /** Whether gaps in the rows that are read are filled, from the rows before the origin alone. */
  readonly fill: boolean;
}

/** Forecasts the rows `from` … `from + steps` of each table, which were checked by `inputOf`. */
export async function ask(
  pipeline: TimeSeriesForecastingPipeline,
  origins: readonly Origin[],
  { steps, fill }: Asking,
): Promise<TableForecast[]> {
  const found = await pipeline.forecast(
    origins.map((origin) => inputOf(pipeline, origin, { steps, fill })),
    { steps, missing: fill ? 'fill' : 'error' },
  );
  const { quantiles: levels, deviation } = { ...pipeline.input, deviation: pipeline.model.deviation };
  return found.map(({ columns }, n): TableForecast => {
    const { table, from } = origins[n];
    const { name, series, time } = table;
    const [T, C] = [seriesLength(series), series.names.length];
    const there = Math.max(0, Math.min(steps, T - from));
    return {
      series: name,
      names: series.names,
      levels,
      columns: columns.map(({ column, values, quantiles, history }, c) => ({
        name: column,
        ...digitsFor(deviation[c], history[history.length - 1]),
        history,
        values,
        quantiles: quantiles.map((one) => one.values),
        target: Array.from({ length: there }, (_, k) => series.values[(from + k) * C + c]),
      })),
      labels: Array.from({ length: steps }, (_, k) => time?.label(from + k) ?? `+${k + 1}`),
      since: time?.label(from - 1) ?? null,
    };
  });
}

/** What the pipeline reads. Throws a FormatError that names the row of the table where it lacks something. */
export function inputOf(
  { model }: TimeSeriesForecastingPipeline,
  { table, from }: Origin,
  { steps, fill }: Asking,
): SeriesInput {
  const { name, series, known } = table;
  const { length } = model.config;
  if (from < length)
    throw new FormatError(
      name === null ? 'forecast' : `series ${name}`,
      `${length} rows are read before the first step, and there are ${Math.max(0, from)}`,
    );
  const first = fill ? 0 : from - length; // a gap may begin before the rows that are read
  const columns = columnsOf(series, first, from);
  checkWhole(table, columns, { from, length, fill });
  return { columns, ...(known ? { known: knownOf(known, { first, read: from - length, to: from + steps }) } : {}) };
}

/** Values a hundredth of the deviation apart look different; a program gets a millionth, all that float32 knows, or what a double has. */
function digitsFor(deviation: number, level: number): { digits: number; exactDigits: number } {
  const size = Math.floor(Math.log10(deviation));
  const most = 15 - Math.ceil(Math.log10(Math.abs(level) + deviation)); // a double has 15 digits
  const within = (n: number) => Math.max(0, Math.min(most, n));
  return { digits: within(2 - size), exactDigits: within(6 - size) };
}

/** With so many digits after the point; as 2.1e-300 where that would be many zeros. */
export function written(value: number, digits: number): string {
  return digits > 20 ? value.toPrecision(4) : value.toFixed(digits);
}

function columnsOf({ values, names }: Series, from: number, to: number): Record<string, Float64Array> {
  const C = names.length;
  return Object.fromEntries(
    names.map((name, c) => [name, Float64Array.from({ length: to - from }, (_, t) => values[(from + t) * C + c])]),
  );
}

/** The columns known in advance, from row `first` on; rows `read` … `to` must be there. */
function knownOf(
  known: Series,
  { first, read, to }: { readonly first: number; readonly read: number; readonly to: number },
) {
  const there = seriesLength(known);
  if (there < to)
    throw new FormatError(
      'forecast',
      `${known.names.join(', ')}: known in advance for ${there} rows, and ${to} are needed; add ${to - there} rows with these columns, and leave the others empty`,
    );
  const C = known.names.length;
  const hole = known.values.subarray(read * C, to * C).findIndex((v) => !Number.isFinite(v));
  if (hole < 0) return columnsOf(known, first, to);
  const [t, name] = [read + Math.floor(hole / C), known.names[hole % C]];
  throw new FormatError('forecast', `${name}: known in advance, and lacks a number in row ${t + 1}`);
}

/** A row that is read must have its numbers, or there must be some before it to fill it from. */
function checkWhole(
  { series: { names }, gaps, place }: SeriesTable,
  columns: Readonly<Record<string, Float64Array>>,
  { from, length, fill }: { readonly from: number; readonly length: number; readonly fill: boolean },
): void {
  for (const name of names) {
    const values = columns[name];
    const window = values.subarray(values.length - length);
    const hole = window.findIndex((v) => !Number.isFinite(v));
    if (hole < 0 || (fill && values.some(Number.isFinite))) continue;
    const t = from - length + hole;
    const here = gaps.filter(({ at }) => at === t);
    throw new FormatError(
      place(t),
      `lies in the rows that are read, and lacks a number${here.length > 0 ? ` (${describeGaps(here)})` : ''}; --missing fill takes the values before it`,
    );
  }
}
