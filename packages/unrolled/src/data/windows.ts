// A long series as examples: so many steps to read, so many to foretell, cut out at every place.
//
//   rows      0 1 2 3 4 5 6 7 8 9 …          length 4, horizon 2
//   window 0  [reads · ·][says]
//   window 1    [reads · ·][says]
//   window 2      [reads · ·][says]
//
// Split by time and not by chance, or a window of the one part would hold most rows of a neighbour in the other. What counts is where the rows
// to foretell lie: those of training all come before the border, those of validation all after it. A window of the validation may read rows
// before the border: at that time they were known.

import { requireKinds, shown } from '../checks.ts';
import { checkOptions, FormatError, OptionError } from '../errors.ts';
import { requireOneOf, requireWhole } from './made/made.ts';
import { type Series, seriesLength } from './series.ts';

/** Rows from `from` up to, not including, `to`. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export interface WindowsOptions extends Partial<RowRange> {
  /** Steps read. */
  readonly length: number;
  /** Steps foretold. */
  readonly horizon: number;
  /** Rows from one window to the next. Default 1. */
  readonly stride?: number;
  /** Series known in advance (the hour, holidays, a tariff), row for row beside `series`: for the steps foretold too. Default: none. */
  readonly known?: Series | null;
  /** A window with a number that is not finite: refuse the series, or leave the window out. Default 'refuse'. */
  readonly missing?: 'refuse' | 'skip';
}

/** Some windows, time first. */
export interface WindowBatch {
  /** [length, B, C] */
  readonly input: Float32Array;
  /** [horizon, B, C] */
  readonly target: Float32Array;
  /** [length + horizon, B, K], or null without known series. */
  readonly known: Float32Array | null;
  readonly rows: number;
}

/**
 *     const { train, validation } = splitByTime(seriesLength(series), { validation: 0.2 });
 *     const windows = new Windows(series, { length: 96, horizon: 24, ...train });
 *     windows.count;
 *     windows.batch([0, 5]);       // two of them
 *
 * `from` and `to` (default: all rows) say which rows may be foretold. Throws a FormatError that names row and column of what is not a number, and
 * an OptionError when no window fits.
 */
export class Windows {
  readonly series: Series;
  readonly known: Series | null;
  readonly length: number;
  readonly horizon: number;
  /** Windows left out because a number was missing. */
  readonly skipped: number;
  /** The first row that each window reads. */
  readonly #starts: Int32Array;

  constructor(series: Series, options: WindowsOptions) {
    checkOptions('Windows', options, ['length', 'horizon', 'stride', 'from', 'to', 'known', 'missing']);
    const T = seriesLength(series);
    const { length, horizon, stride = 1, from = 0, to = T, known = null, missing = 'refuse' } = options;
    for (const [name, n] of Object.entries({ length, horizon, stride })) requireWhole('Windows', name, n, 1);
    requireWhole('Windows', 'to', to, 0, T);
    requireWhole('Windows', 'from', from, 0, to);
    requireOneOf('Windows', 'missing', missing, ['refuse', 'skip']);
    if (!Number.isInteger(T))
      throw new OptionError(
        'Windows',
        'series',
        `${series.values.length} values are not rows of ${series.names.length}`,
      );
    if (known && seriesLength(known) !== T)
      throw new OptionError('Windows', 'known', `has ${seriesLength(known)} rows, and the series has ${T}`);
    this.series = series;
    this.known = known;
    this.length = length;
    this.horizon = horizon;
    const first = Math.max(0, from - length);
    const all: number[] = [];
    for (let start = first; start + length + horizon <= to; start += stride) all.push(start);
    if (all.length === 0) {
      throw new OptionError(
        'Windows',
        'length, horizon',
        `a window has ${length} + ${horizon} rows, and there are ${Math.max(0, to - first)} from row ${first} to row ${to}`,
      );
    }
    const whole = all.filter(this.#isWhole(series, known, first, to, missing));
    if (whole.length === 0)
      throw new FormatError('Windows', `each of the ${all.length} windows lacks a number somewhere`);
    this.#starts = Int32Array.from(whole);
    this.skipped = all.length - whole.length;
  }

  /** How many windows there are. */
  get count(): number {
    return this.#starts.length;
  }

  /** The first row that window `n` foretells. */
  origin(n: number): number {
    return this.#starts[n] + this.length;
  }

  batch(windows: ArrayLike<number>): WindowBatch {
    requireKinds('Windows.batch', { windows }, { windows: 'numbers' });
    const starts = Array.from(windows, (n) => this.#starts[n]);
    return {
      input: gather(this.series, starts, 0, this.length),
      target: gather(this.series, starts, this.length, this.horizon),
      known: this.known && gather(this.known, starts, 0, this.length + this.horizon),
      rows: starts.length,
    };
  }

  /** Whether a window that begins at `start` has all its numbers. */
  #isWhole(
    series: Series,
    known: Series | null,
    from: number,
    to: number,
    missing: 'refuse' | 'skip',
  ): (start: number) => boolean {
    const bad = new Int32Array(to - from + 1); // bad[t]: rows before from + t that lack a number
    const tables = known ? [series, known] : [series];
    for (let t = from; t < to; t++) {
      const hole = tables.map((table) => holeIn(table, t)).find((name) => name !== null);
      if (hole && missing === 'refuse') {
        throw new FormatError(
          'Windows',
          `row ${t}, column ${hole}: not a finite number; fill it (fillGaps), or leave out such windows with missing: 'skip'`,
        );
      }
      bad[t - from + 1] = bad[t - from] + (hole ? 1 : 0);
    }
    return (start) => bad[start - from + this.length + this.horizon] === bad[start - from];
  }
}

/** The column in which row t lacks a number; null where it has all. */
function holeIn({ values, names }: Series, t: number): string | null {
  for (const [c, name] of names.entries()) if (!Number.isFinite(values[t * names.length + c])) return name;
  return null;
}

/** `count` rows from `offset` after each of the starts: [count, B, C]. */
function gather({ values, names }: Series, starts: readonly number[], offset: number, count: number): Float32Array {
  const C = names.length;
  const out = new Float32Array(count * starts.length * C);
  for (let t = 0, k = 0; t < count; t++)
    for (const start of starts) for (let c = 0; c < C; c++) out[k++] = values[(start + offset + t) * C + c];
  return out;
}

/**
 * The rows of a series cut into parts, in the order of time: training first, then validation, then test. Parts are shares of all rows.
 *
 *     splitByTime(1000, { validation: 0.2, test: 0.1 });   // train 0–700, validation 700–900, test 900–1000
 */
export function splitByTime(
  count: number,
  options: { readonly validation?: number; readonly test?: number } = {},
): { readonly train: RowRange; readonly validation: RowRange; readonly test: RowRange } {
  requireKinds('splitByTime', { count, options }, { count: 'number', options: 'object' });
  checkOptions('splitByTime', options, ['validation', 'test']);
  const { validation = 0.2, test = 0 } = options;
  for (const [name, part] of Object.entries({ validation, test }))
    if (!(typeof part === 'number' && part >= 0 && part < 1))
      throw new OptionError('splitByTime', name, `expected a share from 0 to 1, got ${shown(part)}`);
  if (validation + test >= 1)
    throw new OptionError('splitByTime', 'validation, test', `${validation} + ${test} leave nothing to train on`);
  const end = count - Math.round(count * test);
  const border = end - Math.round(count * validation);
  return { train: { from: 0, to: border }, validation: { from: border, to: end }, test: { from: end, to: count } };
}

/**
 * A copy in which gaps of up to `longest` rows (default: all) are straight lines between the numbers around them; gaps at an end repeat the
 * nearest number. `filled` counts the numbers that were put in.
 */
export function fillGaps(series: Series, longest = Number.POSITIVE_INFINITY): { series: Series; filled: number } {
  requireKinds('fillGaps', { series, longest }, { series: { names: 'texts', values: 'numbers' }, longest: 'number' });
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

/**
 * Mean and standard deviation of each channel over some rows, numbers that are not finite left out: for the rows of training alone, or the
 * validation would be known before its time. A channel that never changes has deviation 1.
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
    mean[c] = column.reduce((sum, v) => sum + v, 0) / column.length;
    const variance = column.reduce((sum, v) => sum + (v - mean[c]) ** 2, 0) / column.length;
    deviation[c] = Math.sqrt(variance) || 1;
  }
  return { mean, deviation };
}
