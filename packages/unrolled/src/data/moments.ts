// Mean and standard deviation of a series' channels, in float64: at a level of 1.7e9, float32 has steps of 128.

import { requireKinds } from '../checks.ts';
import { FormatError } from '../errors.ts';
import { type Series, seriesLength } from './series.ts';
import type { RowRange } from './windows.ts';

const constant = 1e-13; // of the largest value: below it there is only what arithmetic leaves (a float64 has 16 digits)

/**
 * Mean and standard deviation of each channel over some rows, ignoring values that are not finite. Use the training rows alone:
 * otherwise information leaks from the validation part. A channel that is constant, up to rounding, has deviation 1.
 */
export function momentsOf(
  series: Series,
  range: Partial<RowRange> = {},
): { mean: Float64Array; deviation: Float64Array } {
  requireKinds('momentsOf', { series, range }, { series: { names: 'texts', values: 'numbers' }, range: 'object' });
  const { values, names } = series;
  const { from = 0, to = seriesLength(series) } = range;
  const C = names.length;
  const [mean, deviation] = [new Float64Array(C), new Float64Array(C)];
  for (let c = 0; c < C; c++) {
    const column: number[] = [];
    for (let t = from; t < to; t++) if (Number.isFinite(values[t * C + c])) column.push(values[t * C + c]);
    if (column.length === 0)
      throw new FormatError('momentsOf', `column ${names[c]} has no number in rows ${from} to ${to}`);
    // Relative to the first value, so that a constant has exactly its own mean.
    const [start, n] = [column[0], column.length];
    mean[c] = start + column.reduce((sum, v) => sum + (v - start) / n, 0);
    const [largest, spread] = [most(column, 0), most(column, mean[c])];
    // Scaled by the spread, so that squares stay in range.
    const variance = spread > 0 ? column.reduce((sum, v) => sum + ((v - mean[c]) / spread) ** 2, 0) / n : 0;
    deviation[c] = spread * Math.sqrt(variance);
    if (!(deviation[c] > constant * largest)) deviation[c] = 1;
    if (!Number.isFinite(mean[c]) || !Number.isFinite(deviation[c]))
      throw new FormatError('momentsOf', `column ${names[c]} has values too large to take their mean`);
  }
  return { mean, deviation };
}

/** The largest distance from a value. */
function most(column: readonly number[], from: number): number {
  return column.reduce((largest, v) => Math.max(largest, Math.abs(v - from)), 0);
}
