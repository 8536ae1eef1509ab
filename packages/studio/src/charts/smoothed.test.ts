import { expect, test } from 'vitest';
import { smoothed } from './smoothed.ts';

const map = [
  [0, 1],
  [4, 9],
];

test('a map is itself where there is a pixel for each region', () => {
  expect(Array.from(smoothed(map, 2, 2))).toEqual([0, 1, 4, 9]);
});

test('between the centers of regions a weight is a mixture by distance, and beyond them what it is there', () => {
  // Centers are at 1 and 3 of four pixels, whose own are at 0.5, 1.5, 2.5 and 3.5.
  const values = smoothed(map, 4, 4);
  const row = (a: number, b: number) => [a, 0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b, b];
  const [top, bottom] = [row(0, 1), row(4, 9)];
  const expected = [top, top.map((v, x) => 0.75 * v + 0.25 * bottom[x]), top.map((v, x) => 0.25 * v + 0.75 * bottom[x]), bottom]; // biome-ignore format: a line
  for (const [k, v] of expected.flat().entries()) expect(values[k]).toBeCloseTo(v, 6);
});

test('one region, and one row of them, are smoothed too', () => {
  expect(new Set(smoothed([[3]], 3, 5))).toEqual(new Set([3]));
  expect(Array.from(smoothed([[0, 2]], 1, 4))).toEqual([0, 0.5, 1.5, 2]);
});
