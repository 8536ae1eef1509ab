import { expect, test } from 'vitest';
import { bytes, compact, duration, grouped } from './numbers.ts';

test.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.95, '10 s'],
  [59.4, '59 s'],
  [3599, '59 min 59 s'],
  [3600, '1 h 00 min'],
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
  [999.5, '1.00k'],
  [-12_345, '-12.3k'],
  [999_500, '1.00M'],
  [12_345, '12.3k'],
  [4_560_000, '4.56M'],
  [Number.NaN, '–'],
])('%d is %s for short', (n, text) => {
  expect(compact(n)).toBe(text);
});

test('sizes and counts', () => {
  expect(grouped(1115394)).toBe('1,115,394');
  expect([bytes(12), bytes(999), bytes(1000)]).toEqual(['12 B', '999 B', '1.00 kB']);
  expect(bytes(3_200_000)).toBe('3.20 MB');
});
