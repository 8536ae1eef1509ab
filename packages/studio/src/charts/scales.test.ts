import { expect, test } from 'vitest';
import { rangeOf, scaleOf } from './scales.ts';

test('the ends of more values than a call has arguments are found', () => {
  const values = Float64Array.from({ length: 200_000 }, (_, k) => (k === 77 ? -3 : k === 199_999 ? 8 : k % 5));
  expect(rangeOf(values)).toEqual([-3, 8]);
  expect(rangeOf([])).toEqual([Infinity, -Infinity]);
  expect(scaleOf('linear', Array.from(values), 0, 110, false).at(8)).toBeCloseTo(110, 9);
});
