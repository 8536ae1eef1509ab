// What costs nothing to say, for comparison: it stays as it is, and it repeats itself.

import { type Forecaster, naiveForecast } from 'unrolled';
import { type Windows } from 'unrolled/data';
import type { TimeAxis } from './time.ts';

export type Naive = ReturnType<typeof naiveForecast> & { readonly name: string };

/** `scales`: of each series, for MASE; see `seasonalScale`. */
export function naives(
  model: Forecaster,
  windows: Windows | null,
  period: number | null,
  scales: readonly ArrayLike<number>[] = [],
): Naive[] {
  if (!windows) return [];
  const last = { name: 'the last value again', ...naiveForecast(model, windows, 1, scales) };
  if (period === null || period === 1) return [last];
  return [last, { name: `as ${period} steps before`, ...naiveForecast(model, windows, period, scales) }];
}

/** The season that was given, or the usual one of the steps of the time column, as far as a window holds one. */
export function periodOf(given: number | null, time: TimeAxis | null, length: number): number | null {
  if (given !== null) return given;
  const usual = time?.season ?? null;
  return usual !== null && usual <= length ? usual : null;
}
