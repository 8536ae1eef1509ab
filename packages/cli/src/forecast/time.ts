// When each row was: a column of dates, of times or of numbers. Rows have to rise in it. The network counts rows and not hours, so that steps of
// other lengths than the usual one are reported, though they do no harm by themselves.

import { FormatError } from 'unrolled';
import { grouped } from '../terminal/index.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import type { Moment } from './moment.ts';
import { doubtfulDate, type ParsedTimes, parseTimes, type TimeFormat } from './time-cells.ts';
import { t } from '../language/index.ts';

type Place = (t: number) => string;
/** The rows of each series; null for one. */
type Groups = readonly (readonly number[])[] | null;

export class TimeAxis {
  readonly column: string;
  readonly #format: TimeFormat;
  readonly #moments: readonly Moment[];
  readonly #calendar: Calendar;
  readonly #positions: readonly number[];
  /** The usual difference of two rows. */
  readonly #step: number;

  private constructor(column: string, format: TimeFormat, moments: readonly Moment[]) {
    this.column = column;
    this.#format = format;
    this.#moments = moments;
    this.#calendar = calendarOf(moments, format.name);
    this.#positions = moments.map((moment) => this.#calendar.position(moment));
    this.#step = usual(differences(this.#positions));
  }

  /**
   * The axis of a column that is called like a time. Null where most cells are no times, or are numbers that neither rise nor fall: then it is a
   * column like others. Throws where a few cells are none.
   */
  static guess(
    column: string,
    cells: readonly string[],
    place: Place = (t) => `row ${t + 1}`,
    groups: Groups = null,
  ): TimeAxis | null {
    const parsed = parseTimes(cells);
    const doubt = doubtfulDate(cells);
    if (doubt !== null)
      throw new FormatError(
        `${place(cells.indexOf(doubt))}, column ${column}`,
        `in ${JSON.stringify(doubt)}, which is the day and which the month? No row says it; write 2024-03-01`,
      );
    if (parsed === null || (parsed.format.name === 'number' && !isMonotone(parsed, groups))) return null;
    return new TimeAxis(column, parsed.format, whole(column, cells, parsed, place));
  }

  /** The axis of a column that was named. Throws for a cell that is no time. `place`: rows of the file. */
  static read(column: string, cells: readonly string[], place: Place): TimeAxis {
    const parsed = parseTimes(cells);
    if (parsed === null) throw noTime(column, cells, Math.max(0, cells.findIndex((c) => parseTimes([c]) === null)), place); // biome-ignore format: one line
    return new TimeAxis(column, parsed.format, whole(column, cells, parsed, place));
  }

  /** Whether the rows are the newest first. */
  get falls(): boolean {
    const steps = differences(this.#positions);
    return steps.some((d) => d < 0) && steps.every((d) => d <= 0);
  }

  /** How many rows do not come after the one above them, in rows of which the oldest (or the newest) is first. */
  get restarts(): number {
    const steps = differences(this.#positions);
    return Math.min(steps.filter((d) => d <= 0).length, steps.filter((d) => d >= 0).length);
  }

  /** Whether it could be the order of rows, as dates of another meaning would hardly be: few rows lie before the one above them, or all. */
  get isOrder(): boolean {
    const steps = differences(this.#positions);
    return this.falls || steps.filter((d) => d < 0).length <= 0.2 * steps.length;
  }

  /** Whether each row comes after the one above it. */
  get rises(): boolean {
    return differences(this.#positions).every((d) => d > 0);
  }

  /** The same of some of its rows, in their order. */
  of(rows: readonly number[]): TimeAxis {
    return new TimeAxis(this.column, this.#format, rows.map((t) => this.#moments[t])); // biome-ignore format: one line
  }

  /** Throws when a row lies before the one above it. */
  checkOrder(place: Place): void {
    const t = differences(this.#positions).findIndex((d) => d < 0) + 1;
    if (t === 0) return;
    throw new FormatError(
      `${place(t)}, column ${this.column}`,
      `${this.label(t)} lies before the row above it (${this.label(t - 1)}); sort the rows by time, the oldest first`,
    );
  }

  /** What is to be said of steps that are longer or shorter than most; none where all are alike. */
  warnings(place: Place): string[] {
    const steps = differences(this.#positions);
    const odd = steps.flatMap((d, k) => (Math.abs(d - this.#step) > 1e-6 * Math.abs(this.#step) ? [k + 1] : []));
    if (odd.length === 0) return [];
    const describe = (step: number) => this.#calendar.describe(step);
    const some = odd.slice(0, 3).map((t) => `${place(t)}: ${describe(steps[t - 1])}`);
    return [
      t`${grouped(odd.length)} of ${grouped(steps.length)} steps of ${this.column} are not ${describe(this.#step)} (${some.join('; ')}${odd.length > 3 ? '; …' : ''}); rows are read as if they were`,
    ];
  }

  /** Rows in the usual season of its steps: 24 for hours; null where none is usual. */
  get season(): number | null {
    return this.#calendar.season(this.#step);
  }

  /** The wall clock of the first `count` rows, behind the last row by the usual step; null for a column of numbers. */
  walls(count: number): Float64Array | null {
    if (this.#format.name === 'number') return null;
    const last = this.#moments.length - 1;
    return Float64Array.from({ length: count }, (_, t) =>
      t <= last
        ? this.#moments[t].wall
        : this.#calendar.wall(this.#positions[last] + (t - last) * this.#step, this.#moments[last]),
    );
  }

  /** Of row t; behind the last row it goes on by the usual step, in the same zone. */
  label(t: number): string {
    const last = this.#moments.length - 1;
    if (t <= last) return this.#format.write(this.#moments[t].wall, this.#moments[t]);
    const like = this.#moments[last];
    const wall = this.#calendar.wall(this.#positions[last] + (t - last) * this.#step, like);
    return this.#format.write(wall, like);
  }
}

/** Whether the numbers rise all through, or fall, in each of the series. */
function isMonotone({ moments }: ParsedTimes, groups: Groups): boolean {
  return (groups ?? [[...moments.keys()]]).every((rows) => {
    const steps = differences(rows.flatMap((t) => moments[t]?.wall ?? []));
    return steps.every((d) => d > 0) || steps.every((d) => d < 0);
  });
}

function whole(column: string, cells: readonly string[], { moments }: ParsedTimes, place: Place): readonly Moment[] {
  const hole = moments.indexOf(null);
  if (hole >= 0) throw noTime(column, cells, hole, place);
  return moments as readonly Moment[];
}

function noTime(column: string, cells: readonly string[], t: number, place: Place): FormatError {
  return new FormatError(
    `${place(t)}, column ${column}`,
    `${JSON.stringify(cells[t])} is no time that can be read; write 2024-03-01, 2024-03-01 17:30 or a number, and leave out rows that are sums or remarks`,
  );
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((v, k) => v - values[k]);
}

/** The most frequent one that is not 0. */
function usual(steps: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const step of steps) {
    const rounded = Number(step.toPrecision(9));
    if (rounded !== 0) counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
  }
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0])[0];
}
