// One forecast from one moment of a table: the rows before it go in, what is known of the rows after it goes in too, values and quantiles come out.

import { type Forecaster, FormatError, type Series, seriesLength, tensor } from 'unrolled';
import { describeGaps } from './cells.ts';
import type { SeriesTable } from './read.ts';

export interface Picture {
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
  /** Digits after the point that tell values of this column apart. */
  readonly digits: number;
  readonly history: readonly number[];
  readonly values: readonly number[];
  /** Of each quantile, the steps. */
  readonly quantiles: readonly (readonly number[])[];
  readonly truth: readonly number[];
}

/** Foretells the rows `from` … `from + steps`. */
export function ask(model: Forecaster, table: SeriesTable, { from, steps }: { from: number; steps: number }): Picture {
  const { series, known, time } = table;
  const { length, quantiles } = model.config;
  const [T, C, Q] = [seriesLength(series), series.names.length, quantiles.length];
  if (from < length)
    throw new FormatError('forecast', `${length} rows are read before the first step, and there are ${from}`);
  const window = rowsOf(series, from - length, from);
  checkWhole(table, from - length, from);
  const { values, quantiles: spread } = model.forecast(tensor(window, [length, 1, C]), {
    steps,
    ...(known ? { known: knownOf(known, from - length, from + steps) } : {}),
  });
  const [said, likely] = [values.dataSync(), spread.dataSync()];
  const stepsOf = (at: (k: number) => number) => Array.from({ length: steps }, (_, k) => at(k));
  const columns = series.names.map((name, c) => ({
    name,
    digits: digitsFor(model.deviation[c]),
    history: Array.from({ length }, (_, t) => window[t * C + c]),
    values: stepsOf((k) => said[k * C + c]),
    quantiles: quantiles.map((_, q) => stepsOf((k) => likely[(k * C + c) * Q + q])),
    truth: Array.from({ length: Math.min(steps, T - from) }, (_, k) => series.values[(from + k) * C + c]),
  }));
  return {
    names: series.names,
    levels: quantiles,
    columns,
    labels: stepsOf((k) => k).map((k) => time?.label(from + k) ?? `+${k + 1}`),
    since: time?.label(from - 1) ?? null,
  };
}

/** Values a thousandth of the deviation apart look different. */
function digitsFor(deviation: number): number {
  return Math.max(0, Math.min(8, 2 - Math.floor(Math.log10(deviation))));
}

function rowsOf({ values, names }: Series, from: number, to: number): Float32Array {
  return Float32Array.from(values.subarray(from * names.length, to * names.length));
}

function knownOf(known: Series, from: number, to: number) {
  const there = seriesLength(known);
  if (there < to)
    throw new FormatError(
      'forecast',
      `${known.names.join(', ')}: known in advance for ${there} rows, and ${to} are needed; add ${to - there} rows with these columns, and leave the others empty`,
    );
  return tensor(rowsOf(known, from, to), [to - from, 1, known.names.length]);
}

function checkWhole({ series: { values, names }, gaps, place }: SeriesTable, from: number, to: number): void {
  const hole = values.subarray(from * names.length, to * names.length).findIndex((v) => !Number.isFinite(v));
  if (hole < 0) return;
  const t = from + Math.floor(hole / names.length);
  const here = gaps.filter(({ at }) => at === t);
  throw new FormatError(
    place(t),
    `lies in the rows that are read, and lacks a number${here.length > 0 ? ` (${describeGaps(here)})` : ''}; --missing fill draws a straight line there`,
  );
}
