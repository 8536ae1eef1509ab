// One forecast from one moment of a table: the rows before it go in, what is known of the rows after it goes in too, values and quantiles come out.

import { type Forecaster, FormatError } from 'unrolled';
import { CausalFill, type Series, seriesLength } from 'unrolled/data';
import { describeGaps } from './cells.ts';
import type { SeriesTable } from './read.ts';

export interface RawImage {
  /** Which of several series it is of; null for a table of one. */
  readonly series: string | null;
  readonly names: readonly string[];
  readonly levels: readonly number[];
  /** Of each column: what was, what is said, and what came as far as that is known. */
  readonly columns: readonly ColumnForecast[];
  /** Of each step: when it is, or +1, +2, … */
  readonly labels: readonly string[];
  /** The moment before the first step. */
  readonly since: string | null;
}

export interface ColumnForecast {
  readonly name: string;
  /** Digits after the point that tell values of this column apart, for people and for programs. */
  readonly digits: number;
  readonly exactDigits: number;
  readonly history: readonly number[];
  readonly values: readonly number[];
  /** Of each quantile, the steps. */
  readonly quantiles: readonly (readonly number[])[];
  readonly target: readonly number[];
}

export interface Question {
  readonly from: number;
  readonly steps: number;
  /** Whether gaps in what is read are filled, from the rows before `from` alone. */
  readonly fill: boolean;
}

/** Forecasts the rows `from` … `from + steps`. */
export function ask(model: Forecaster, table: SeriesTable, { from, steps, fill }: Question): RawImage {
  const { name: which, series, known, time } = table;
  const { length, quantiles } = model.config;
  const [T, C, Q] = [seriesLength(series), series.names.length, quantiles.length];
  if (from < length)
    throw new FormatError(
      which === null ? 'forecast' : `series ${which}`,
      `${length} rows are read before the first step, and there are ${Math.max(0, from)}`,
    );
  const input = fill ? filled(series, from - length, from) : rowsOf(series, from - length, from);
  checkWhole(table, input, from - length);
  const { values: predicted, quantiles: likely } = model.forecastWindows(
    { input, known: known && knownOf(known, from - length, from + steps), rows: 1 },
    { steps },
  );
  const stepsOf = (at: (k: number) => number) => Array.from({ length: steps }, (_, k) => at(k));
  const columns = series.names.map((name, c) => ({
    name,
    ...digitsFor(model.deviation[c], input[(length - 1) * C + c]),
    history: Array.from({ length }, (_, t) => input[t * C + c]),
    values: stepsOf((k) => predicted[k * C + c]),
    quantiles: quantiles.map((_, q) => stepsOf((k) => likely[(k * C + c) * Q + q])),
    target: Array.from({ length: Math.max(0, Math.min(steps, T - from)) }, (_, k) => series.values[(from + k) * C + c]),
  }));
  return {
    series: which,
    names: series.names,
    levels: quantiles,
    columns,
    labels: stepsOf((k) => k).map((k) => time?.label(from + k) ?? `+${k + 1}`),
    since: time?.label(from - 1) ?? null,
  };
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

function filled(series: Series, from: number, to: number): Float64Array {
  const past = new CausalFill(series);
  const C = series.names.length;
  return Float64Array.from({ length: (to - from) * C }, (_, i) => past.value(from + Math.floor(i / C), i % C, to));
}

function rowsOf({ values, names }: Series, from: number, to: number): Float64Array {
  return Float64Array.from(values.subarray(from * names.length, to * names.length));
}

function knownOf(known: Series, from: number, to: number): Float64Array {
  const there = seriesLength(known);
  if (there < to)
    throw new FormatError(
      'forecast',
      `${known.names.join(', ')}: known in advance for ${there} rows, and ${to} are needed; add ${to - there} rows with these columns, and leave the others empty`,
    );
  const rows = rowsOf(known, from, to);
  const hole = rows.findIndex((v) => !Number.isFinite(v));
  if (hole < 0) return rows;
  const [t, name] = [from + Math.floor(hole / known.names.length), known.names[hole % known.names.length]];
  throw new FormatError('forecast', `${name}: known in advance, and lacks a number in row ${t + 1}`);
}

function checkWhole({ series: { names }, gaps, place }: SeriesTable, input: Float64Array, from: number): void {
  const hole = input.findIndex((v) => !Number.isFinite(v));
  if (hole < 0) return;
  const t = from + Math.floor(hole / names.length);
  const here = gaps.filter(({ at }) => at === t);
  throw new FormatError(
    place(t),
    `lies in the rows that are read, and lacks a number${here.length > 0 ? ` (${describeGaps(here)})` : ''}; --missing fill takes the values before it`,
  );
}
