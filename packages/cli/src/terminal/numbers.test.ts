import { expect, test } from 'vitest';
import { bytes, compact, duration, grouped } from './numbers.ts';

test.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1 min 00 s'],
  [185, '3 min 05 s'],
  [7620, '2 h 07 min'],
  [Infinity, '–'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([
  [0, '0'],
  [950.4, '950'],
  [999.6, '1.00k'],
  [12_345, '12.3k'],
  [4_560_000, '4.56M'],
  [Number.NaN, '–'],
])('%d is %s for short', (n, text) => {
  expect(compact(n)).toBe(text);
});

test('sizes and counts', () => {
  expect(grouped(1115394)).toBe('1,115,394');
  expect(bytes(12)).toBe('12 B');
  expect(bytes(3_200_000)).toBe('3.20 MB');
});
