// What a step from row to row is by the calendar. In each unit the usual step is one number, though months and weekends have different lengths.

import { seasonLength } from 'unrolled/data';
import { duration } from '../terminal/index.ts';
import type { Moment } from './moment.ts';

const day = 86_400_000;

export interface Calendar {
  /** Where a moment is, in the calendar's unit. */
  position(moment: Moment): number;
  /** The wall clock at a position; `like`: a moment of the same zone. */
  wall(position: number, like: Moment): number;
  /** A step for people: `a day`, `2 months`. */
  describe(step: number): string;
  /** Steps in the usual season of a series with such steps; null where there is none. */
  season(step: number): number | null;
}

const count = (n: number, one: string, many: string) => (n === 1 ? `a ${one}` : `${n} ${many}`);

const numbers: Calendar = {
  position: ({ wall }) => wall,
  wall: (position) => position,
  describe: (step) => String(Number(step.toPrecision(12))),
  season: () => null,
};

const clock: Calendar = {
  position: ({ wall, offset }) => wall - offset,
  wall: (position, { offset }) => position + offset,
  describe: (step) => (step % day === 0 && step !== 0 ? days.describe(step / day) : duration(step / 1000)),
  season: seasonLength,
};

const days: Calendar = {
  position: ({ wall }) => wall / day,
  wall: (position) => position * day,
  describe: (step) => (step % 7 === 0 && step !== 0 ? count(step / 7, 'week', 'weeks') : count(step, 'day', 'days')),
  season: (step) => seasonLength(step * day),
};

/** Monday to Friday; holidays are steps of two. */
const businessDays: Calendar = {
  position: ({ wall }) => {
    const since = Math.floor(wall / day) - monday;
    return 5 * Math.floor(since / 7) + (((since % 7) + 7) % 7);
  },
  wall: (position) => (monday + 7 * Math.floor(position / 5) + (((position % 5) + 5) % 5)) * day,
  describe: (step) => count(step, 'business day', 'business days'),
  season: (step) => (step === 1 ? 5 : null),
};
const monday = 4; // 5 January 1970

/** On one day of the month; 0: on the last one. */
const months = (dayOfMonth: number): Calendar => ({
  position: ({ wall }) => monthOf(wall),
  wall: (position) => Date.UTC(1970, position + (dayOfMonth === 0 ? 1 : 0), dayOfMonth),
  describe: (step) => {
    if (step % 12 === 0 && step !== 0) return count(step / 12, 'year', 'years');
    return step === 3 ? 'a quarter' : count(step, 'month', 'months');
  },
  season: (step) => (step === 1 ? 12 : step === 3 ? 4 : null),
});

function monthOf(wall: number): number {
  const date = new Date(wall);
  return 12 * (date.getUTCFullYear() - 1970) + date.getUTCMonth();
}

/** The calendar in which these moments are regular. */
export function calendarOf(moments: readonly Moment[], name: string): Calendar {
  if (name === 'number') return numbers;
  if (name === 'month' || name === 'quarter') return months(1);
  if (!moments.every(({ wall }) => wall % day === 0)) return clock;
  const dates = moments.map(({ wall }) => new Date(wall));
  const differ = new Set(moments.map(({ wall }) => monthOf(wall))).size === new Set(moments.map((m) => m.wall)).size;
  if (moments.length > 1 && differ) {
    const [first] = dates.map((d) => d.getUTCDate());
    if (first <= 28 && dates.every((d) => d.getUTCDate() === first)) return months(first);
    if (moments.every(({ wall }) => new Date(wall + day).getUTCDate() === 1)) return months(0);
  }
  const weekdays = dates.every((d) => d.getUTCDay() % 6 !== 0);
  const daily = moments.some(({ wall }, t) => t > 0 && wall - moments[t - 1].wall === day);
  const weekend = dates.some((d, t) => t > 0 && d.getUTCDay() < dates[t - 1].getUTCDay());
  return weekdays && daily && weekend ? businessDays : days;
}
