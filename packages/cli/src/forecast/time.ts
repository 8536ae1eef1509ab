// When each row was: a column of dates, of times or of numbers. Rows have to rise in it. The network counts rows and not hours, so that steps of
// other lengths than the usual one are said, though they do no harm by themselves.

import { FormatError } from 'unrolled';
import { duration, grouped } from '../terminal/index.ts';

type Unit = 'number' | 'date' | 'time' | 'month';

const pattern =
  /^(\d{4})-(\d\d?)(?:-(\d\d?))?(?:[ T](\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/;

export class TimeAxis {
  readonly column: string;
  readonly #unit: Unit;
  /** Milliseconds, numbers, or months. */
  readonly #values: readonly number[];
  /** Usual difference of two rows. */
  readonly #step: number;

  private constructor(column: string, unit: Unit, values: readonly number[]) {
    this.column = column;
    this.#unit = unit;
    this.#values = values;
    this.#step = usual(differences(values));
  }

  /** The axis of a column's cells; null where one is no time, or where numbers don't rise: then it is a column like others. */
  static guess(column: string, cells: readonly string[]): TimeAxis | null {
    const parsed = cells.map(parse);
    if (cells.length === 0 || parsed.some((t) => t === null)) return null;
    const axis = TimeAxis.#of(column, cells, parsed as number[]);
    return axis.#unit === 'number' && differences(axis.#values).some((d) => d <= 0) ? null : axis;
  }

  /** The same of a column that was named. Throws for a cell that is no time, and for rows out of order. `places`: rows of the file. */
  static read(column: string, cells: readonly string[], place: (t: number) => string): TimeAxis {
    const parsed = cells.map((cell, t) => {
      const time = parse(cell);
      if (time !== null) return time;
      throw new FormatError(
        `${place(t)}, column ${column}`,
        `${JSON.stringify(cell)} is no time that can be read; write 2024-03-01, 2024-03-01 17:30 or a number`,
      );
    });
    return TimeAxis.#of(column, cells, parsed);
  }

  static #of(column: string, cells: readonly string[], parsed: readonly number[]): TimeAxis {
    if (number.test(cells[0] ?? '')) return new TimeAxis(column, 'number', parsed);
    const dates = parsed.map((ms) => new Date(ms));
    const monthly = dates.every((d) => d.getUTCDate() === 1 && d.getTime() % day === 0) && dates.length > 1;
    if (monthly) return new TimeAxis(column, 'month', dates.map((d) => d.getUTCFullYear() * 12 + d.getUTCMonth())); // biome-ignore format: one line
    return new TimeAxis(column, parsed.every((ms) => ms % day === 0) ? 'date' : 'time', parsed);
  }

  /** Throws when a row lies before the one above it. */
  checkOrder(place: (t: number) => string): void {
    const t = differences(this.#values).findIndex((d) => d < 0) + 1;
    if (t === 0) return;
    throw new FormatError(
      `${place(t)}, column ${this.column}`,
      `${this.label(t)} lies before the row above it (${this.label(t - 1)}); sort the rows by time, the oldest first`,
    );
  }

  /** What is to be said of steps that are longer or shorter than most; none where all are alike. */
  warnings(place: (t: number) => string): string[] {
    const steps = differences(this.#values);
    const odd = steps.flatMap((d, k) => (Math.abs(d - this.#step) > 1e-6 * Math.abs(this.#step) ? [k + 1] : []));
    if (odd.length === 0) return [];
    const some = odd.slice(0, 3).map((t) => `${place(t)}: ${this.#length(steps[t - 1])}`);
    return [
      `${grouped(odd.length)} of ${grouped(steps.length)} steps of ${this.column} are not ${this.#length(this.#step)} (${some.join('; ')}${odd.length > 3 ? '; …' : ''}); rows are read as if they were`,
    ];
  }

  /** Of row t; behind the last row it goes on by the usual step. */
  label(t: number): string {
    const last = this.#values.length - 1;
    const value = t <= last ? this.#values[t] : this.#values[last] + (t - last) * this.#step;
    switch (this.#unit) {
      case 'number':
        return String(Number(value.toPrecision(12)));
      case 'month':
        return `${Math.floor(value / 12)}-${String((value % 12) + 1).padStart(2, '0')}-01`;
      case 'date':
        return new Date(value).toISOString().slice(0, 10);
      case 'time':
        return new Date(value)
          .toISOString()
          .slice(0, value % 1000 ? 23 : 19)
          .replace('T', ' ');
      default:
        return this.#unit satisfies never;
    }
  }

  #length(step: number): string {
    if (this.#unit === 'number') return String(Number(step.toPrecision(12)));
    if (this.#unit === 'month') return step === 1 ? 'a month' : `${step} months`;
    if (step % day === 0 && step !== 0) return step === day ? 'a day' : `${step / day} days`;
    return duration(step / 1000);
  }
}

const day = 86_400_000;
const number = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** Milliseconds since 1970 (without a zone: UTC, which has no summer time), or the number it is. */
function parse(cell: string): number | null {
  if (number.test(cell)) return Number(cell);
  const [, y, mo, d = '01', h = '00', mi = '00', s = '00', zone = 'Z'] = pattern.exec(cell.trim()) ?? [];
  if (y === undefined) return null;
  const two = (text: string) => text.padStart(2, '0');
  const offset = zone === 'UTC' ? 'Z' : /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone;
  const seconds = s.includes('.') ? s.slice(0, 6) : s;
  const ms = Date.parse(`${y}-${two(mo)}-${two(d)}T${two(h)}:${mi}:${seconds}${offset}`);
  return Number.isNaN(ms) ? null : ms;
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((v, k) => v - values[k]);
}

/** The most frequent one. */
function usual(steps: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const step of steps) {
    const rounded = Number(step.toPrecision(9));
    counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
  }
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0])[0];
}
