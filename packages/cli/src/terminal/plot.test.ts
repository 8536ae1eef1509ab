import { expect, test } from 'vitest';
import { plot } from './plot.ts';
import { stringWidth } from './width.ts';

test('a falling line runs from the upper left to the lower right', () => {
  const values = Array.from({ length: 8 }, (_, i) => 7 - i);
  expect(plot(values, { width: 11, height: 2, from: '0', to: '7' })).toEqual([
    '7.000 ┤⠑⢄⠀⠀',
    '0.000 ┤⠀⠀⠑⢄',
    '       0  7',
  ]);
});

test('more values than a call has arguments are plotted', () => {
  const lines = plot(
    Array.from({ length: 150_000 }, (_, k) => k % 7),
    { width: 20, height: 2 },
  );
  expect(lines.map((line) => line.slice(0, 5))).toEqual(['6.000', '0.000']);
});

test('every line fits the width', () => {
  const lines = plot(
    Array.from({ length: 500 }, (_, i) => Math.sin(i / 20)),
    { width: 40, height: 5, from: 'step 0', to: 'step 500' },
  );
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(40);
});

test('nothing to show is no plot; equal values lie flat; gaps stay empty', () => {
  expect(plot([])).toEqual([]);
  expect(plot([Number.NaN])).toEqual([]);
  expect(plot([2, 2], { width: 8, height: 1 })).toEqual(['2.000 ┤⣀']);
  expect(plot([1, 1, Number.NaN, 1], { width: 9, height: 1 })).toEqual(['1.000 ┤⣀⢀']);
});
