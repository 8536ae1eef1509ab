// Windows of a time series as examples: a history to read and a horizon to forecast, cut out at every origin.
//
//   rows      0 1 2 3 4 5 6 7 8 9 …          length 4, horizon 2
//   window 0  [history ·][horizon]
//   window 1    [history ·][horizon]
//   window 2      [history ·][horizon]
//
// Split by time and not at random, or a window of one part would contain most rows of a neighbor in the other. What counts is where the rows
// to forecast lie: those of training are all before the border, those of validation all after it. A window of the validation may read rows
// before the border: at that time they were known.

import { requireEach, requireKinds, requireOneOf, requireWhole, shown } from '../checks.ts';
import { checkOptions, FormatError, OptionError } from '../errors.ts';
import { CausalFill } from './gaps.ts';
import { type Series, seriesLength } from './series.ts';

/** Rows from `from` up to, not including, `to`. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Options of `Windows`: lengths of past and future, stride and rows. */
export interface WindowsOptions extends Partial<RowRange> {
  /** Length of the history: steps read. */
  readonly length: number;
  /** Steps forecast. */
  readonly horizon: number;
  /** Stride: rows from one window to the next. Default 1. */
  readonly stride?: number;
  /** Covariates known in advance (the hour, holidays, a tariff), row by row next to `series`: for the steps forecast too. Default: none. */
  readonly known?: Series | null;
  /**
   * How missing values are handled: 'refuse' the series, 'skip' the windows that contain one, or 'fill' it in the history, from
   * the rows before its origin alone, and leave it out of the targets (NaN). Default 'refuse'.
   */
  readonly missing?: 'refuse' | 'skip' | 'fill';
}

/** A batch of windows, time first, in float64: models subtract the level before they continue in float32. */
export interface WindowBatch {
  /** History [length, B, C]. */
  readonly input: Float64Array;
  /** Targets [horizon, B, C]; NaN where a value is missing (with `missing: 'fill'`). */
  readonly target: Float64Array;
  /** Covariates [length + horizon, B, K], or null without known series. */
  readonly known: Float64Array | null;
  readonly rows: number;
}

/**
 *     const { train, validation } = splitByTime(seriesLength(series), { validation: 0.2 });
 *     const windows = new Windows(series, { length: 96, horizon: 24, ...train });
 *     windows.count;
 *     windows.batch([0, 5]);       // two of them
 *
 * `from` and `to` (default: all rows) are the rows that may be forecast. Throws a FormatError that names row and column of a missing value, and
 * an OptionError when no window fits.
 */
export class Windows {
  readonly series: Series;
  readonly known: Series | null;
  readonly length: number;
  readonly horizon: number;
  readonly #options: WindowsOptions;
  /** The series that windows are cut from: one, or those that were joined. */
  #sources: readonly Source[];
  /** For each window: the index of its series, and the first row that it reads. */
  #of: Int32Array;
  #starts: Int32Array;
  #skipped: number;

  constructor(series: Series, options: WindowsOptions) {
    checkOptions('Windows', options, ['length', 'horizon', 'stride', 'from', 'to', 'known', 'missing']);
    const T = seriesLength(series);
    if (!Number.isInteger(T))
      throw new OptionError(
        'Windows',
        'series',
        `${series.values.length} values are not rows of ${series.names.length}`,
      );
    const { length, horizon, stride = 1, from = 0, to = T, known = null, missing = 'refuse' } = options;
    for (const [name, n] of Object.entries({ length, horizon, stride })) requireWhole('Windows', name, n, 1);
    requireWhole('Windows', 'to', to, 0, T);
    requireWhole('Windows', 'from', from, 0, to);
    requireOneOf('Windows', 'missing', missing, ['refuse', 'skip', 'fill']);
    if (known && seriesLength(known) !== T)
      throw new OptionError('Windows', 'known', `has ${seriesLength(known)} rows, and the series has ${T}`);
    this.series = series;
    this.known = known;
    this.length = length;
    this.horizon = horizon;
    this.#options = options;
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
    const fill = missing === 'fill' ? new CausalFill(series) : null;
    const usable = this.#usable(first, to, missing, fill);
    const starts = all.filter(usable);
    if (starts.length === 0)
      throw new FormatError('Windows', `each of the ${all.length} windows lacks a number somewhere`);
    this.#sources = [{ series, known, fill }];
    this.#starts = Int32Array.from(starts);
    this.#of = new Int32Array(starts.length);
    this.#skipped = all.length - starts.length;
  }

  /**
   * Joins the windows of several series with the same columns: no window crosses from one series into the next. `series` and
   * `known` are then those of the first.
   */
  static join(parts: readonly Windows[]): Windows {
    requireEach('Windows.join', 'parts', parts, (who, option, part) => {
      if (!(part instanceof Windows)) throw new OptionError(who, option, `expected Windows, got ${shown(part)}`);
    });
    if (parts.length === 0) throw new OptionError('Windows.join', 'parts', 'expected at least one');
    const [first] = parts;
    const shape = ({ length, horizon, series, known }: Windows) => [
      length,
      horizon,
      series.names,
      known?.names ?? null,
    ];
    for (const part of parts)
      if (JSON.stringify(shape(part)) !== JSON.stringify(shape(first)))
        throw new OptionError('Windows.join', 'parts', 'have different lengths, horizons or columns');
    const joined = new Windows(first.series, first.#options);
    joined.#sources = parts.flatMap((part) => part.#sources);
    joined.#starts = Int32Array.from(parts.flatMap((part) => Array.from(part.#starts)));
    let before = 0; // series in the parts so far
    joined.#of = Int32Array.from(
      parts.flatMap((part) => {
        const from = before;
        before += part.#sources.length;
        return Array.from(part.#of, (of) => from + of);
      }),
    );
    joined.#skipped = parts.reduce((sum, { skipped }) => sum + skipped, 0);
    return joined;
  }

  /** Number of windows. */
  get count(): number {
    return this.#starts.length;
  }

  /** Windows left out because of a missing value. */
  get skipped(): number {
    return this.#skipped;
  }

  /** The first row that window `n` forecasts, counted in its own series. */
  origin(n: number): number {
    requireWhole('Windows.origin', 'n', n, 0, this.count - 1);
    return this.#starts[n] + this.length;
  }

  /** Index of the joined series that window `n` was cut from. */
  part(n: number): number {
    requireWhole('Windows.part', 'n', n, 0, this.count - 1);
    return this.#of[n];
  }

  batch(windows: ArrayLike<number>): WindowBatch {
    requireKinds('Windows.batch', { windows }, { windows: 'numbers' });
    for (let b = 0; b < windows.length; b++)
      requireWhole('Windows.batch', `windows[${b}]`, windows[b], 0, this.count - 1);
    const { length, horizon } = this;
    const cuts = Array.from(windows, (n) => ({ ...this.#sources[this.#of[n]], start: this.#starts[n] }));
    const read = ({ series, fill, start }: Cut, t: number, c: number) =>
      fill ? fill.value(start + t, c, start + length) : at(series, start + t, c);
    const target = ({ series, start }: Cut, t: number, c: number) => at(series, start + length + t, c);
    const ahead = ({ known, start }: Cut, t: number, c: number) => at(known as Series, start + t, c);
    return {
      input: gather(cuts, length, this.series.names.length, read),
      target: gather(cuts, horizon, this.series.names.length, target),
      known: this.known && gather(cuts, length + horizon, this.known.names.length, ahead),
      rows: cuts.length,
    };
  }

  /** Whether a window that begins at `start` can be used. */
  #usable(
    from: number,
    to: number,
    missing: 'refuse' | 'skip' | 'fill',
    fill: CausalFill | null,
  ): (start: number) => boolean {
    const { series, known, length, horizon } = this;
    const C = series.names.length;
    const bad = new Int32Array(to - from + 1); // bad[t]: rows before from + t that lack a number
    for (let t = from; t < to; t++) {
      const hole = (fill ? null : holeIn(series, t)) ?? (known && holeIn(known, t));
      if (hole !== null && missing !== 'skip') {
        const what = `row ${t}, column ${hole}: not a finite number`;
        const help = fill
          ? 'what is known in advance is not filled from the past; fill it (interpolateGaps)'
          : "fill it (missing: 'fill'), or leave out such windows with missing: 'skip'";
        throw new FormatError('Windows', `${what}; ${help}`);
      }
      bad[t - from + 1] = bad[t - from] + (hole !== null ? 1 : 0);
    }
    if (!fill) return (start) => bad[start - from + length + horizon] === bad[start - from];
    const names = series.names;
    return (start) => {
      const origin = start + length;
      const targets = series.values.subarray(origin * C, (origin + horizon) * C);
      return names.every((_, c) => !Number.isNaN(fill.value(start, c, origin))) && targets.some(Number.isFinite);
    };
  }
}

/** The column in which row t has a missing value; null where it has none. */
function holeIn({ values, names }: Series, t: number): string | null {
  for (const [c, name] of names.entries()) if (!Number.isFinite(values[t * names.length + c])) return name;
  return null;
}

interface Source {
  readonly series: Series;
  readonly known: Series | null;
  readonly fill: CausalFill | null;
}

/** Where a window was cut: its series, and the first row that it reads. */
interface Cut extends Source {
  readonly start: number;
}

/** Replaces whatever is not finite by NaN. */
function at({ values, names }: Series, t: number, c: number): number {
  const value = values[t * names.length + c];
  return Number.isFinite(value) ? value : Number.NaN;
}

/** `count` steps of each of the cuts: [count, B, C]. */
function gather(
  cuts: readonly Cut[],
  count: number,
  C: number,
  value: (cut: Cut, t: number, c: number) => number,
): Float64Array {
  const out = new Float64Array(count * cuts.length * C);
  for (let t = 0, k = 0; t < count; t++)
    for (const cut of cuts) for (let c = 0; c < C; c++) out[k++] = value(cut, t, c);
  return out;
}

/**
 * Splits the rows of a series by time: training first, then validation, then test. The fractions are of all rows.
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
