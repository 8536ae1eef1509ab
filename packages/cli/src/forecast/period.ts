// The season of a series where none was named: of all periods, the one whose repetition forecasts the training rows best. It is there for the seasonal naive
// baseline, which a model has to beat, so the best of them is the honest one.

import { type RowRange, type Series, seriesLength } from 'unrolled/data';
import type { Part } from './data.ts';

const [mostRows, mostChannels, seasons] = [2000, 16, 3];
const clearlyBetter = 0.98; // a multiple of the season is not
const [rounding, dip] = [1e-9, 0.8];

/**
 * The period from 2 to `longest` steps with the least mean squared error of repeating the last season over `horizon` steps, of the last training rows of the first
 * series and of standardized channels. The smallest of those that are nearly as good. A season is a distance at which rows are alike again: nearer rows differ
 * more, and so do those a step nearer or farther. Null where there is none, or the rows hold fewer than three.
 */
export function foundPeriod(
  [{ table, train }]: readonly Part[],
  { longest, horizon }: { readonly longest: number; readonly horizon: number },
): number | null {
  const { series } = table;
  const to = Math.min(train.to, seriesLength(series));
  const rows = Math.min(mostRows, to - train.from);
  const most = Math.min(longest, Math.floor(rows / seasons));
  if (most < 2) return null;
  const differences = differencesOf(series, { from: to - rows, to }, most + horizon);
  const repeated = (period: number): number => {
    let sum = 0;
    for (let h = 1; h <= horizon; h++) sum += differences[Math.ceil(h / period) * period];
    return sum / horizon;
  };
  const found: { readonly period: number; readonly error: number }[] = [];
  let largest = differences[1];
  for (let period = 2; period <= most; period++) {
    const [before, here, after] = differences.subarray(period - 1, period + 2);
    if (here < dip * largest && here <= before && here <= after) found.push({ period, error: repeated(period) });
    largest = Math.max(largest, here);
  }
  const least = Math.min(...found.map(({ error }) => error));
  return found.find(({ error }) => error * clearlyBetter <= least + rounding)?.period ?? null;
}

/** Mean of (x_t − x_(t−lag))² of standardized channels for lags from 0 to `most`; Infinity where there are no such rows. */
function differencesOf(series: Series, { from, to }: RowRange, most: number): Float64Array {
  const C = series.names.length;
  const sums = new Float64Array(most + 1);
  for (let c = 0; c < Math.min(C, mostChannels); c++) {
    const x = Float64Array.from({ length: to - from }, (_, t) => series.values[(from + t) * C + c]);
    const variance = varianceOf(x);
    if (variance > 0) for (let lag = 0; lag <= most; lag++) sums[lag] += differenceAt(x, lag) / variance;
  }
  return sums;
}

/** Mean of (x_t − x_(t−lag))² over the rows that have both. */
function differenceAt(x: Float64Array, lag: number): number {
  let [sum, count] = [0, 0];
  for (let t = lag; t < x.length; t++) {
    const d = x[t] - x[t - lag];
    if (Number.isNaN(d)) continue;
    sum += d * d;
    count++;
  }
  return count === 0 ? Infinity : sum / count;
}

function varianceOf(x: Float64Array): number {
  const there = x.filter((value) => !Number.isNaN(value));
  const mean = there.reduce((sum, value) => sum + value, 0) / Math.max(1, there.length);
  return there.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, there.length);
}
