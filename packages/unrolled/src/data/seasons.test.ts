import { expect, test } from 'vitest';
import {
  type CalendarFeature,
  calendarColumns,
  calendarFeatureNames,
  calendarFeatures,
  seasonalScale,
  seasonLength,
} from './seasons.ts';

test('the season of steps is the next of hour, day, week and year that they divide', () => {
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  const seasons = [0.1, 1, 30].map((seconds) => seasonLength(seconds * 1000));
  expect(seasons).toEqual([10, 3600, 120]);
  expect([minute, 10 * minute, 15 * minute, 30 * minute, hour, 6 * hour].map(seasonLength)).toEqual([
    1440, 144, 96, 48, 24, 4,
  ]);
  expect([day, 7 * day, 2 * day, 7 * minute, 30 * day, 0, -1, Number.NaN].map(seasonLength)).toEqual([7, 52, null, null, null, null, null, null]); // biome-ignore format: one line
});

test('the scale is the mean change over a season, column by column, without pairs that lack a value', () => {
  const series = { names: ['a', 'b'], values: Float64Array.of(1, 5, 2, 5, 4, 5, 8, 5, Number.NaN, 5, 32, 5) };
  expect([...seasonalScale(series, 1)]).toEqual([(1 + 2 + 4) / 3, Number.NaN]); // b never changes
  expect(seasonalScale(series, 2)[0]).toBe((3 + 6 + 24) / 3);
  expect(seasonalScale(series, 1, { from: 1, to: 3 })[0]).toBe(2);
  expect(seasonalScale(series, 9)[0]).toBeNaN();
  expect(() => seasonalScale(series, 0)).toThrow('period: expected a whole number from 1, got 0');
});

test('features are the sine and cosine of where a time is in its cycle', () => {
  const at = (text: string) => Date.parse(`${text}Z`);
  const of = (name: CalendarFeature, ...times: string[]) =>
    [...calendarFeatures(times.map(at), [name]).values].map((v) => Number(v.toFixed(6)) + 0);
  expect(of('hour', '2024-03-01T00:00', '2024-03-01T06:00', '1969-12-31T12:00')).toEqual([0, 1, 1, 0, 0, -1]);
  expect(of('minute', '2024-03-01T05:15', '2024-03-01T05:30')).toEqual([1, 0, 0, -1]);
  // 2024-03-04 is a Monday; Thursday is 3 days of 7 on.
  expect(of('weekday', '2024-03-04T10:00', '2024-03-07T23:00')).toEqual([0, 1, Number(Math.sin((6 * Math.PI) / 7).toFixed(6)), Number(Math.cos((6 * Math.PI) / 7).toFixed(6))]); // biome-ignore format: one line
  expect(of('weekend', '2024-03-08T10:00', '2024-03-09T00:00', '2024-03-10T23:59')).toEqual([0, 1, 1]);
  expect(of('month', '2024-01-31T00:00', '2024-04-01T00:00')).toEqual([0, 1, 1, 0]);
  expect(of('monthday', '2024-02-01T00:00')).toEqual([0, 1]);
  const december = of('yearday', '2024-01-01T12:00', '2024-12-31T12:00'); // 366 days: the last is one step before the first
  expect(december.slice(0, 2)).toEqual([0, 1]);
  expect(december[2]).toBeCloseTo(Math.sin((-2 * Math.PI) / 366), 6);
});

test('columns are called after their feature, and what is none is refused', () => {
  expect(calendarColumns(['hour', 'weekend'])).toEqual(['hour sin', 'hour cos', 'weekend']);
  expect(calendarFeatures([0, 1, 2], calendarFeatureNames).values).toHaveLength(
    3 * (2 * calendarFeatureNames.length - 1),
  );
  expect(() => calendarColumns(['day' as never])).toThrow('features: expected one of minute, hour, weekday');
  expect(() => calendarColumns(['hour', 'hour'])).toThrow('has a name twice');
  expect(() => calendarFeatures([Number.NaN], ['hour'])).toThrow('time 0 is none');
});
