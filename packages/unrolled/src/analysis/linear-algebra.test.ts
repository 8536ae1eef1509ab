import { expect, test } from 'vitest';
import { Random } from '../random.ts';
import { eigenvalues, singularValues, spectralNorm } from './linear-algebra.ts';

const random = new Random(3);
const matrix = (n: number) => Float64Array.from({ length: n }, () => random.normal());

test('a diagonal matrix shows its values', () => {
  const a = [3, 0, 0, 0, -2, 0, 0, 0, 0.5];
  expect([...singularValues(a, 3, 3)]).toEqual([3, 2, 0.5]);
  expect(eigenvalues(a, 3).map(({ re }) => re)).toEqual([3, -2, 0.5]);
});

test('a rotation by 90° has the eigenvalues ± i', () => {
  const found = eigenvalues([0, -1, 1, 0], 2);
  for (const { re, im } of found) {
    expect(re).toBeCloseTo(0, 14);
    expect(Math.abs(im)).toBeCloseTo(1, 14);
  }
});

test('singular values by hand: [[3, 0], [4, 5]] has √45 and √5', () => {
  const [a, b] = singularValues([3, 0, 4, 5], 2, 2);
  expect(a).toBeCloseTo(Math.sqrt(45), 13);
  expect(b).toBeCloseTo(Math.sqrt(5), 13);
});

test.each([1, 2, 3, 7, 20, 64])(
  'eigenvalues of a random %i × %i matrix have its trace, powers of it, and its determinant',
  (n) => {
    const a = matrix(n * n);
    const found = eigenvalues(a, n);
    const trace = Array.from({ length: n }, (_, i) => a[i * n + i]).reduce((s, x) => s + x, 0);
    let square = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) square += a[i * n + j] * a[j * n + i];
    expect(found.reduce((s, { re }) => s + re, 0)).toBeCloseTo(trace, 9);
    expect(found.reduce((s, { im }) => s + im, 0)).toBeCloseTo(0, 9);
    expect(found.reduce((s, { re, im }) => s + re * re - im * im, 0)).toBeCloseTo(square, 7);
    const logDeterminant = found.reduce((s, { re, im }) => s + Math.log(Math.hypot(re, im)), 0);
    const logSingular = singularValues(a, n, n).reduce((s, x) => s + Math.log(x), 0);
    expect(logDeterminant).toBeCloseTo(logSingular, 7);
  },
);

test.each([
  [5, 3],
  [3, 5],
  [1, 9],
  [0, 4],
])('singular values of %i × %i have the sum of squares of its elements', (rows, cols) => {
  const a = matrix(rows * cols);
  const values = singularValues(a, rows, cols);
  expect(values.length).toBe(Math.min(rows, cols));
  expect(values.reduce((s, x) => s + x * x, 0)).toBeCloseTo(
    a.reduce((s, x) => s + x * x, 0),
    10,
  );
});

test('the spectral norm is the largest singular value', () => {
  const a = matrix(30 * 20);
  expect(spectralNorm(a, 30, 20)).toBeCloseTo(singularValues(a, 30, 20)[0], 5);
  expect(spectralNorm(new Float64Array(6), 2, 3)).toBe(0);
});
