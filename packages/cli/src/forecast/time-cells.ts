// How times are written in tables: 2024-03-01 17:30+09:00, 31.12.2023, 20230731, 2023Q3, 2023-W05, Jan 2023, a number. One way of writing is
// chosen for a whole column, and what comes after its last row is written in the same way.

import { calendarOf } from './calendar.ts';
import type { Moment } from './moment.ts';

const day = 86_400_000;

export interface TimeFormat {
  readonly name: 'number' | 'time' | 'month' | 'quarter' | 'week';
  parse(cell: string): Moment | null;
  /** A wall time in the way of `like`. */
  write(wall: number, like: Moment): string;
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const clock = String.raw`(?:(?<sep>[ T]|, ?)(?<h>\d\d?):(?<mi>\d\d)(?::(?<s>\d\d)(?<fraction>[.,]\d+)?)?)?\s*(?<zone>Z|UTC|[+-]\d\d(?::?\d\d)?)?`;
const names = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const name = String.raw`(?<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`;

const two = (n: number) => String(n).padStart(2, '0');
const four = (n: number) => String(n).padStart(4, '0');

interface Date_ {
  readonly y: number;
  readonly mo: number;
  readonly d: number;
}

/** A pattern with the groups y, mo, d (or name), and the clock behind them; `write` puts the date together again. */
function dated(
  pattern: string,
  write: (date: Date_, parts: Moment['parts']) => string,
  kind: TimeFormat['name'] = 'time',
): TimeFormat {
  const expression = new RegExp(`^${pattern}$`, 'i');
  return {
    name: kind,
    parse(cell) {
      const parts = expression.exec(cell.trim())?.groups;
      if (!parts) return null;
      const y = Number(parts.y);
      const mo = parts.name ? names.indexOf(parts.name.slice(0, 3).toLowerCase()) + 1 : Number(parts.mo ?? 1);
      const wall = wallOf({ y, mo, d: Number(parts.d ?? 1) });
      if (wall === null) return null;
      const [h, mi, s] = [parts.h, parts.mi, parts.s].map((text) => Number(text ?? 0));
      if (h > 24 || mi > 59 || s > 60 || (h === 24 && mi + s > 0)) return null;
      const ms = parts.fraction ? Math.floor(1000 * Number(`0.${parts.fraction.slice(1)}`) + 1e-6) : 0;
      return { wall: wall + ((h * 60 + mi) * 60 + s) * 1000 + ms, offset: offsetOf(parts.zone), parts: shared(parts) };
    },
    write(wall, { parts }) {
      const date = new Date(wall);
      const text = write({ y: date.getUTCFullYear(), mo: date.getUTCMonth() + 1, d: date.getUTCDate() }, parts);
      const time = date.toISOString().slice(11, wall % 1000 ? 23 : 19);
      return `${text}${parts.h === undefined ? '' : `${parts.sep}${time}`}${parts.zone ?? ''}`;
    },
  };
}

/** One object for all cells that are written alike: a column has few ways of writing and many cells. */
function shared({ d, h, sep, zone, gap, name: month }: Moment['parts']): Moment['parts'] {
  const long = month === undefined ? undefined : month.length > 4 || /^ju(ne|ly)$/i.test(month) ? 'long' : 'short';
  const parts = { d: d && 'd', h: h && 'h', sep, zone, gap, month: long };
  const key = JSON.stringify(parts);
  const known = ways.get(key);
  if (known) return known;
  if (ways.size > 1000) ways.clear();
  ways.set(key, parts);
  return parts;
}
const ways = new Map<string, Moment['parts']>();

function wallOf({ y, mo, d }: Date_): number | null {
  const date = new Date(Date.UTC(2000, mo - 1, d));
  date.setUTCFullYear(y, mo - 1, d); // Date.UTC would take the year 99 for 1999
  return date.getUTCMonth() === mo - 1 && date.getUTCDate() === d ? date.getTime() : null;
}

function offsetOf(zone: string | undefined): number {
  const [, sign, h, mi = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(h) * 60 + Number(mi)) * 60_000 : 0;
}

const ymd = (sep: string) =>
  dated(String.raw`(?<y>\d{4})${sep}(?<mo>\d\d?)(?:${sep}(?<d>\d\d?))?${clock}`, ({ y, mo, d }, parts) =>
    [four(y), two(mo), ...(parts.d === undefined ? [] : [two(d)])].join(sep.replace('\\', '')),
  );
const dotted = dated(
  String.raw`(?<d>\d\d?)\.(?<mo>\d\d?)\.(?<y>\d{4})${clock}`,
  ({ y, mo, d }) => `${two(d)}.${two(mo)}.${four(y)}`,
);
const dayFirst = dated(
  String.raw`(?<d>\d\d?)[/-](?<mo>\d\d?)[/-](?<y>\d{4})${clock}`,
  ({ y, mo, d }) => `${two(d)}/${two(mo)}/${four(y)}`,
);
const monthFirst = dated(
  String.raw`(?<mo>\d\d?)[/-](?<d>\d\d?)[/-](?<y>\d{4})${clock}`,
  ({ y, mo, d }) => `${two(mo)}/${two(d)}/${four(y)}`,
);
const compact = dated(
  String.raw`(?<y>(?:19|20)\d\d)(?<mo>\d\d)(?<d>\d\d)`,
  ({ y, mo, d }) => `${four(y)}${two(mo)}${two(d)}`,
);
const compactMonth = dated(String.raw`(?<y>(?:19|20)\d\d)(?<mo>\d\d)`, ({ y, mo }) => `${four(y)}${two(mo)}`, 'month');
const named = (mo: number, parts: Moment['parts']) => {
  const text = new Date(Date.UTC(2000, mo - 1, 1)).toLocaleString('en-US', { month: 'long', timeZone: 'UTC' });
  return parts.month === 'long' ? text : text.slice(0, 3);
};
const dayNameYear = dated(
  String.raw`(?<d>\d\d?)(?<gap>[ -])${name}[ -](?<y>\d{4})${clock}`,
  ({ y, mo, d }, parts) => `${two(d)}${parts.gap}${named(mo, parts)}${parts.gap}${four(y)}`,
);
const nameYear = dated(
  String.raw`${name}(?<gap>[ -])(?<y>\d{4})`,
  ({ y, mo }, parts) => `${named(mo, parts)}${parts.gap}${four(y)}`,
  'month',
);

const quarter: TimeFormat = {
  name: 'quarter',
  parse(cell) {
    const found =
      /^(?<y>\d{4})(?<gap>[ -]?)Q(?<q>[1-4])$/i.exec(cell.trim()) ??
      /^Q(?<q>[1-4])(?<gap>[ -]?)(?<y>\d{4})$/i.exec(cell.trim());
    const parts = found?.groups;
    if (!parts) return null;
    const wall = wallOf({ y: Number(parts.y), mo: 3 * Number(parts.q) - 2, d: 1 });
    return wall === null ? null : { wall, offset: 0, parts: { ...parts, first: /^q/i.test(cell.trim()) ? 'q' : 'y' } };
  },
  write(wall, { parts }) {
    const date = new Date(wall);
    const [y, q] = [four(date.getUTCFullYear()), `Q${Math.floor(date.getUTCMonth() / 3) + 1}`];
    return parts.first === 'q' ? `${q}${parts.gap}${y}` : `${y}${parts.gap}${q}`;
  },
};

/** The Monday of an ISO week: that of week 1 is in the week with 4 January. */
const week: TimeFormat = {
  name: 'week',
  parse(cell) {
    const parts = /^(?<y>\d{4})(?<gap>-?)W(?<w>\d\d?)$/i.exec(cell.trim())?.groups;
    if (!parts || Number(parts.w) < 1 || Number(parts.w) > 53) return null;
    return { wall: firstMonday(Number(parts.y)) + (Number(parts.w) - 1) * 7 * day, offset: 0, parts };
  },
  write(wall, { parts }) {
    const y = new Date(wall + 3 * day).getUTCFullYear(); // a week is of the year that has its Thursday
    return `${four(y)}${parts.gap}W${two(Math.round((wall - firstMonday(y)) / (7 * day)) + 1)}`;
  },
};

function firstMonday(y: number): number {
  const fourth = Date.UTC(y, 0, 4);
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * day;
}

const plainNumber: TimeFormat = {
  name: 'number',
  parse: (cell) => (number.test(cell.trim()) ? { wall: Number(cell), offset: 0, parts: {} } : null),
  write: (wall) => String(Number(wall.toPrecision(15))),
};

const formats = [ymd('-'), ymd('/'), dotted, compact, compactMonth, quarter, week, dayNameYear, nameYear, plainNumber];

/** A column's times, null for a cell that is none. */
export interface ParsedTimes {
  readonly format: TimeFormat;
  readonly moments: readonly (Moment | null)[];
}

/** In the way of writing that fits most cells; null where none fits more than half of them, or where 01/02 may be either. */
export function parseTimes(cells: readonly string[]): ParsedTimes | null {
  let best: ParsedTimes | null = null;
  let most = cells.length / 2;
  const some = cells.filter((_, t) => t % Math.ceil(cells.length / 200) === 0);
  for (const format of [...formats, ...slashed(cells, some)]) {
    if (!some.some((cell) => format.parse(cell))) continue;
    const moments = cells.map((cell) => format.parse(cell));
    const count = moments.filter((m) => m !== null).length;
    if (count > most) [best, most] = [{ format, moments }, count];
  }
  return best;
}

/** 25/12/2023 says itself which is the day; where no cell does, the one in which the rows are in order, and then the one that is even by the calendar. */
function slashed(cells: readonly string[], some: readonly string[]): TimeFormat[] {
  if (!some.some((cell) => dayFirst.parse(cell) ?? monthFirst.parse(cell))) return [];
  const both = [dayFirst, monthFirst].map((format) => {
    const moments = cells.flatMap((cell) => format.parse(cell) ?? []);
    const calendar = calendarOf(moments, format.name);
    const steps = moments.slice(1).map((m, k) => calendar.position(m) - calendar.position(moments[k]));
    const ordered = steps.every((d) => d >= 0) || steps.every((d) => d <= 0);
    return { format, merits: [moments.length, Number(ordered), Number(new Set(steps).size === 1)] };
  });
  const [a, b] = both;
  const k = a.merits.findIndex((merit, n) => merit !== b.merits[n]);
  return k < 0 ? [] : [a.merits[k] > b.merits[k] ? a.format : b.format];
}

/** A cell of a column in which 01/02/2024 may be a day of January or of February; null where there is no doubt. */
export function doubtfulDate(cells: readonly string[]): string | null {
  const dates = cells.filter((cell) => dayFirst.parse(cell) && monthFirst.parse(cell));
  return dates.length > cells.length / 2 && parseTimes(cells) === null ? dates[0] : null;
}
