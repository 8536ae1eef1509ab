import { expect, test } from 'vitest';
import { resample, sparkline } from './sparkline.ts';

test('a falling loss falls', () => {
  expect(sparkline([8, 7, 6, 5, 4, 3, 2, 1], 8)).toBe('█▇▆▅▄▃▂▁');
});

test('more values than columns are averaged, fewer take fewer columns', () => {
  expect(resample([1, 3, 5, 7], 2)).toEqual([2, 6]);
  expect(sparkline([0, 1], 8)).toBe('▁█');
  expect(sparkline([], 8)).toBe('');
  expect(sparkline([1, 2], 0)).toBe('');
});

test('equal values lie flat and what is not a number leaves a gap', () => {
  expect(sparkline([3, 3, 3], 3)).toBe('▁▁▁');
  expect(sparkline([1, Number.NaN, 2], 3)).toBe('▁ █');
});
