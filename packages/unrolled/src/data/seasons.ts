// What a series has to do with the clock and the calendar: its usual season, the error of repeating it, and features of its times.

import { requireKinds, requireOneOf, requireWhole } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';
import { type Series, seriesLength } from './series.ts';
import type { RowRange } from './windows.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

/**
 * Rows in a season of a series with a row every `step` milliseconds: of steps below a second a second, below a minute an hour, below a day a day, of days a week,
 * of weeks a year. Null where no season is usual: 24 for hours, 96 for quarters of an hour, 7 for days, 52 for weeks.
 */
export function seasonLength(step: number): number | null {
  requireKinds('seasonLength', { step }, { step: 'number' });
  if (!(step > 0)) return null;
  if (step === 7 * day) return 52;
  if (step === day) return 7;
  const season = step < second ? second : step < minute ? hour : day;
  const rows = season / step;
  return step < day && Number.isInteger(rows) ? rows : null;
}

/**
 * For each column the mean of |y_t − y_(t − period)| over the given rows: what repeating the last season is wrong by, and what MASE divides by (Hyndman and Koehler
 * 2006). Pairs with a missing value are left out; NaN where no pair is left or nothing ever changes.
 */
export function seasonalScale(series: Series, period: number, rows: Partial<RowRange> = {}): Float64Array {
  requireKinds('seasonalScale', { series, rows }, { series: { names: 'texts', values: 'numbers' }, rows: 'object' });
  const { from = 0, to = seriesLength(series) } = rows;
  requireWhole('seasonalScale', 'period', period, 1);
  requireWhole('seasonalScale', 'to', to, 0, seriesLength(series));
  requireWhole('seasonalScale', 'from', from, 0, to);
  const C = series.names.length;
  const [sums, counts] = [new Float64Array(C), new Float64Array(C)];
  for (let t = from + period; t < to; t++)
    for (let c = 0; c < C; c++) {
      const change = Math.abs(series.values[t * C + c] - series.values[(t - period) * C + c]);
      if (Number.isNaN(change)) continue;
      sums[c] += change;
      counts[c]++;
    }
  return sums.map((sum, c) => (sum > 0 ? sum / counts[c] : Number.NaN));
}

/** A feature of a time, by name. */
export type CalendarFeature = 'minute' | 'hour' | 'weekday' | 'weekend' | 'monthday' | 'month' | 'yearday';

/** The names of all calendar features. */
export const calendarFeatureNames: readonly CalendarFeature[] = [
  'minute',
  'hour',
  'weekday',
  'weekend',
  'monthday',
  'month',
  'yearday',
];

/** Where in its cycle a time is, from 0 up to 1: of the hour, of the day, of the week (from Monday), of the month, of the year. */
const cycles: Readonly<Record<Exclude<CalendarFeature, 'weekend'>, (date: Date) => number>> = {
  minute: (d) => (d.getTime() - Math.floor(d.getTime() / hour) * hour) / hour,
  hour: (d) => (d.getTime() - Math.floor(d.getTime() / day) * day) / day,
  weekday: (d) => ((d.getUTCDay() + 6) % 7) / 7,
  monthday: (d) => (d.getUTCDate() - 1) / new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 0)).getUTCDate(),
  month: (d) => d.getUTCMonth() / 12,
  yearday: (d) => {
    const begin = Date.UTC(d.getUTCFullYear(), 0);
    return Math.floor((d.getTime() - begin) / day) / ((Date.UTC(d.getUTCFullYear() + 1, 0) - begin) / day);
  },
};

/** The columns that a feature has: sine and cosine of its cycle, so that the end of a cycle is next to its beginning; 0 and 1 for the weekend. */
export function calendarColumns(features: readonly CalendarFeature[]): string[] {
  requireFeatures('calendarColumns', features);
  return features.flatMap((name) => (name === 'weekend' ? [name] : [`${name} sin`, `${name} cos`]));
}

/**
 * Features of times, in milliseconds since 1970 by the wall clock: covariates that are known in advance.
 *
 *     const known = calendarFeatures(times, ['hour', 'weekday']);   // columns hour sin, hour cos, weekday sin, weekday cos
 */
export function calendarFeatures(times: ArrayLike<number>, features: readonly CalendarFeature[]): Series {
  requireKinds('calendarFeatures', { times }, { times: 'numbers' });
  const names = calendarColumns(features);
  const values = new Float64Array(times.length * names.length);
  let at = 0;
  for (let t = 0; t < times.length; t++) {
    const date = new Date(times[t]);
    if (Number.isNaN(date.getTime()))
      throw new FormatError('calendarFeatures', `time ${t} is none: ${String(times[t])}`);
    for (const name of features) {
      if (name === 'weekend') {
        values[at++] = date.getUTCDay() % 6 === 0 ? 1 : 0;
        continue;
      }
      const angle = 2 * Math.PI * cycles[name](date);
      values[at++] = Math.sin(angle);
      values[at++] = Math.cos(angle);
    }
  }
  return { names, values };
}

function requireFeatures(who: string, features: readonly CalendarFeature[]): void {
  requireKinds(who, { features }, { features: 'texts' });
  for (const name of features) requireOneOf(who, 'features', name, calendarFeatureNames);
  if (new Set(features).size !== features.length) throw new OptionError(who, 'features', 'has a name twice');
}
