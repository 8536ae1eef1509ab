// The windows of all series of a run, and their scaling.

import { type Forecaster, FormatError } from 'unrolled';
import { type RowRange, type Series, seriesLength, Windows } from 'unrolled/data';
import { grouped } from '../terminal/index.ts';
import { knownBeside, type Missing, type Part } from './data.ts';
import type { SeriesTable } from './read.ts';
import { t } from '../language/index.ts';

export interface CutWindows {
  readonly windows: Windows;
  /** The series that windows were cut from; `windows.part(n)` counts these. */
  readonly tables: readonly SeriesTable[];
  /** Series that are too short, or have no window without a gap. */
  readonly warnings: readonly string[];
}

export interface TensorShape {
  readonly length: number;
  readonly horizon: number;
  readonly missing: Missing;
}

/** Windows whose targets lie in the given rows of each series; null where there are none. */
export function cutWindows(
  ranges: readonly (readonly [table: SeriesTable, rows: RowRange])[],
  { length, horizon, missing }: TensorShape,
): CutWindows | null {
  const found: { table: SeriesTable; windows: Windows }[] = [];
  const without: string[] = [];
  for (const [table, rows] of ranges) {
    const several = ranges.length > 1;
    if (rows.to === rows.from) continue;
    if (several && rows.to - Math.max(0, rows.from - length) < length + horizon) {
      without.push(`${table.name} (${grouped(rows.to - rows.from)} rows)`);
      continue;
    }
    try {
      const known = knownBeside(table);
      found.push({ table, windows: new Windows(table.series, { length, horizon, known, missing, ...rows }) });
    } catch (error) {
      if (!several || !(error instanceof FormatError) || missing === 'refuse') throw error;
      without.push(t`${table.name} (gaps)`);
    }
  }
  if (found.length === 0) return null;
  const some = `${without.slice(0, 3).join(', ')}${without.length > 3 ? ', …' : ''}`;
  return {
    windows: found.length === 1 ? found[0].windows : Windows.join(found.map(({ windows }) => windows)),
    tables: found.map(({ table }) => table),
    warnings:
      without.length === 0
        ? []
        : [t`${without.length} of ${ranges.length} series have no window of ${length} + ${horizon} rows: ${some}`],
  };
}

/** Mean and deviation of the training rows of all series together. */
export function standardize(model: Forecaster, parts: readonly Part[]): Forecaster {
  const rows = (of: (table: SeriesTable) => Series | null): Series | null => {
    const pieces = parts.map(({ table, train }) => ({ from: of(table), to: train.to }));
    const names = pieces[0].from?.names ?? [];
    if (names.length === 0) return null;
    const values = pieces.map(({ from, to }) => (from as Series).values.subarray(0, to * names.length));
    const all = new Float64Array(values.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of values) {
      all.set(piece, at);
      at += piece.length;
    }
    return { names, values: all };
  };
  return model.standardize(
    rows(({ series }) => series) as Series,
    {},
    rows(({ known }) => known),
  );
}

/** Columns that are constant, and series whose changes are lost in a scaling that they share with much larger ones. */
export function scaleWarnings(model: Forecaster, parts: readonly Part[]): string[] {
  const [{ table: first }] = parts;
  const constant = first.series.names.filter((_, c) => parts.every((part) => spread(part, c) === 0));
  const still = constant.length === 0 ? [] : [t`never changes in the rows to learn from: ${constant.join(', ')}`];
  const { deviation } = model;
  const small = parts.flatMap((part) => {
    const { name, series } = part.table;
    const at = series.names.findIndex((_, c) => spread(part, c) > 0 && spread(part, c) < 0.01 * deviation[c]);
    return at < 0 || parts.length < 2 ? [] : [`${name} (${series.names[at]})`];
  });
  if (small.length === 0) return still;
  const some = `${small.slice(0, 3).join(', ')}${small.length > 3 ? ', …' : ''}`;
  const are = small.length === 1 ? t('1 series changes') : t`${grouped(small.length)} series change`;
  return [
    ...still,
    t`${are} by less than a hundredth of the deviation of all together, and little can be learned of it: ${some}; learn series of one size together (--where)`,
  ];
}

/** The distance from the smallest to the largest of the training rows. */
function spread({ table: { series }, train }: Part, c: number): number {
  const C = series.names.length;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let t = 0; t < train.to; t++) {
    const v = series.values[t * C + c];
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return high > low ? high - low : 0;
}

export function rowsOf(table: SeriesTable): RowRange {
  return { from: 0, to: seriesLength(table.series) };
}
