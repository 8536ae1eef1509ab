// Missing values, and how they are filled. Linear interpolation between the values on both sides looks best, but its right end is a
// value from later: what a forecast reads may only be filled from values before its origin, the first row that it forecasts.
//
//   rows       3   .   .   6   .   .   | origin
//   linear     3   4   5   6   7   8   9       uses the 9 that comes after the origin
//   CausalFill 3   4   5   6   6   6           interpolation between past values, then the last value (forward fill)

import { requireKinds, requireWhole } from '../checks.ts';
import { type Series, seriesLength } from './series.ts';

/**
 * Interpolates gaps of up to `longest` rows (default: all) linearly; gaps at an end repeat the nearest value. Returns a copy.
 * `filled` counts the values that were filled in. For series that are known in advance, and for plots: what a forecast reads is
 * filled by `Windows` with `missing: 'fill'`, which uses past values only.
 */
export function interpolateGaps(
  series: Series,
  longest = Number.POSITIVE_INFINITY,
): { series: Series; filled: number } {
  requireKinds(
    'interpolateGaps',
    { series, longest },
    { series: { names: 'texts', values: 'numbers' }, longest: 'number' },
  );
  const { names } = series;
  const values = series.values.slice();
  const [T, C] = [seriesLength(series), names.length];
  let filled = 0;
  for (let c = 0; c < C; c++) {
    let last = -1; // the last row with a number
    for (let t = 0; t <= T; t++) {
      if (t < T && !Number.isFinite(values[t * C + c])) continue;
      const gap = t - last - 1;
      const [before, after] = [last >= 0 ? values[last * C + c] : null, t < T ? values[t * C + c] : null];
      if (gap > 0 && gap <= longest && (before !== null || after !== null)) {
        for (let k = 1; k <= gap; k++) {
          const [a, b] = [before ?? (after as number), after ?? (before as number)];
          values[(last + k) * C + c] = a + ((b - a) * k) / (gap + 1);
          filled++;
        }
      }
      last = t;
    }
  }
  return { series: { values, names }, filled };
}

/** Fills missing values as seen from a forecast origin, using only the rows before it. */
export class CausalFill {
  readonly #series: Series;
  /** Linear interpolation across all gaps. */
  readonly #lines: Series['values'];
  /** [T, C]: the last row up to this one with a finite value; -1 where there is none. */
  readonly #last: Int32Array;

  constructor(series: Series) {
    requireKinds('CausalFill', { series }, { series: { values: 'numbers', names: 'texts' } });
    this.#series = series;
    this.#lines = interpolateGaps(series).series.values;
    const C = series.names.length;
    this.#last = new Int32Array(series.values.length);
    for (let i = 0; i < this.#last.length; i++) {
      if (Number.isFinite(series.values[i])) this.#last[i] = Math.floor(i / C);
      else this.#last[i] = i < C ? -1 : this.#last[i - C];
    }
  }

  /** Value of row t, channel c, for t < origin; NaN where no row before the origin has one. */
  value(t: number, c: number, origin: number): number {
    const C = this.#series.names.length;
    requireWhole('CausalFill.value', 'origin', origin, 1, this.#last.length / C);
    requireWhole('CausalFill.value', 't', t, 0, origin - 1);
    requireWhole('CausalFill.value', 'c', c, 0, C - 1);
    const last = this.#last[(origin - 1) * C + c];
    if (last < 0) return Number.NaN;
    return t <= last ? this.#lines[t * C + c] : this.#series.values[last * C + c];
  }
}
