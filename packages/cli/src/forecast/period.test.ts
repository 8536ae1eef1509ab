import { expect, test } from 'vitest';
import type { Part } from './data.ts';
import { foundPeriod } from './period.ts';

/** A part with one column for each function of the row. */
function part(rows: number, ...columns: ((t: number) => number)[]): Part {
  const values = Float64Array.from({ length: rows * columns.length }, (_, k) =>
    columns[k % columns.length](Math.floor(k / columns.length)),
  );
  const series = { names: columns.map((_, c) => `c${c}`), values };
  const range = { from: 0, to: rows };
  return { table: { series }, train: range, validation: range } as unknown as Part;
}
const wave = (period: number) => (t: number) => Math.sin((2 * Math.PI * t) / period);

test('a wave has its period, not a multiple of it', () => {
  expect(foundPeriod([part(300, wave(12))], { longest: 96, horizon: 24 })).toBe(12);
  expect(foundPeriod([part(300, wave(24))], { longest: 96, horizon: 5 })).toBe(24);
  expect(foundPeriod([part(300, wave(7), wave(21))], { longest: 96, horizon: 7 })).toBe(21);
});

test('columns count alike, whatever their units, and one that is constant does not', () => {
  const columns = [
    wave(8),
    (t: number) => 1e6 * wave(8)(t),
    () => 3,
    (t: number) => (t % 2 === 0 ? 1e-9 : 0) + wave(8)(t),
  ];
  expect(foundPeriod([part(200, ...columns)], { longest: 40, horizon: 8 })).toBe(8);
});

test('cells without a number are left out', () => {
  const gaps = (t: number) => (t % 11 === 0 ? Number.NaN : wave(10)(t));
  expect(foundPeriod([part(300, gaps)], { longest: 30, horizon: 10 })).toBe(10);
});

test('what only rises, or only wanders, has none', () => {
  expect(foundPeriod([part(300, (t) => t * t)], { longest: 96, horizon: 24 })).toBe(null);
  let at = 0;
  const random = Float64Array.from({ length: 500 }, (_, t) => (at += Math.sin(t * t)));
  expect(foundPeriod([part(500, (t) => random[t] + 3 * t)], { longest: 60, horizon: 5 })).toBe(null);
});

test('no longer than what is read, and than a third of the rows', () => {
  expect(foundPeriod([part(300, wave(24))], { longest: 24, horizon: 1 })).toBe(24);
  expect(foundPeriod([part(300, wave(24))], { longest: 23, horizon: 1 })).toBe(null);
  expect(foundPeriod([part(36, wave(12))], { longest: 96, horizon: 3 })).toBe(12);
  expect(foundPeriod([part(5, wave(4))], { longest: 96, horizon: 1 })).toBe(null);
  expect(foundPeriod([part(300, wave(4))], { longest: 1, horizon: 1 })).toBe(null);
});
