// Gaps in the second of two columns, so that a row is not a place.

import { expect, test } from 'vitest';
import { CausalFill, interpolateGaps } from './gaps.ts';
import { momentsOf } from './moments.ts';

const gap = Number.NaN;
const series = (...column: number[]) => ({
  names: ['a', 'b'],
  values: Float64Array.from(column.flatMap((v, t) => [100 + t, v])),
});
const second = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => i % 2 === 1);

test('a line goes through a gap, from the value before it to the one behind it', () => {
  const { series: filled, filled: count } = interpolateGaps(series(gap, 3, gap, gap, 6, gap));
  expect([second(filled.values), count]).toEqual([[3, 3, 4, 5, 6, 6], 4]);
  expect([...filled.values].filter((_, i) => i % 2 === 0)).toEqual([100, 101, 102, 103, 104, 105]);
  const short = interpolateGaps(series(gap, 3, gap, gap, 6, gap), 1);
  expect([second(short.series.values), short.filled]).toEqual([[3, 3, gap, gap, 6, 6], 2]);
  expect(interpolateGaps(series(gap, gap)).filled).toBe(0);
});

test('what a forecast reads is filled from the rows before it alone', () => {
  const fill = new CausalFill(series(gap, 3, gap, gap, 6, gap, 9));
  const before = (origin: number) => Array.from({ length: origin }, (_, t) => fill.value(t, 1, origin));
  expect(before(1)).toEqual([gap]);
  expect(before(2)).toEqual([3, 3]);
  expect(before(4)).toEqual([3, 3, 3, 3]); // the 6 is still to come
  expect(before(5)).toEqual([3, 3, 4, 5, 6]);
  expect(before(6)).toEqual([3, 3, 4, 5, 6, 6]);
  expect(before(7)).toEqual([3, 3, 4, 5, 6, 7.5, 9]);
  expect(fill.value(2, 0, 4)).toBe(102);
});

test('mean and deviation that no double holds are refused', () => {
  expect(() => momentsOf(series(-1.7e308, 1.7e308))).toThrow('column b has values too large to take their mean');
  expect(momentsOf(series(1, 3))).toEqual({ mean: Float64Array.of(100.5, 2), deviation: Float64Array.of(0.5, 1) });
});
