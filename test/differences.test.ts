import { describe, expect, test } from 'vitest';
import { expectGradient } from './differences.ts';

/** Σ c sin(x) with 40 elements: the gradient is c cos(x). */
const c = Float64Array.from({ length: 40 }, (_, i) => Math.cos(3 * i) / (1 + (i % 5)));
const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(2 * i + 1));
const loss = () => x.reduce((sum, value, i) => sum + c[i] * Math.sin(value), 0);
const right = x.map((value, i) => c[i] * Math.cos(value));
const check = (gradient: ArrayLike<number>) => () => expectGradient(gradient, x, loss, 'x');

describe('a gradient against central differences', () => {
  test('is right, and leaves the values as they were', () => {
    const before = x.slice();
    check(right)();
    expect(x).toEqual(before);
  });

  test.each(Array.from(right.keys()))('is wrong in element %i alone, by a hundred thousandth', (k) => {
    expect(check(right.map((value, i) => (i === k ? value + 1e-5 : value)))).toThrow(/^x, elements .*\b\d+/);
  });

  test('a small element among large ones is wrong by as little as it may not be alone', () => {
    const sizes = Float64Array.from({ length: 40 }, (_, i) => (i === 7 ? 0.01 : 1));
    const of = () => x.reduce((sum, value, i) => sum + sizes[i] * Math.sin(value), 0);
    const gradient = x.map((value, i) => sizes[i] * Math.cos(value));
    expect(() => expectGradient(gradient, x, of, 'x')).not.toThrow();
    const wrong = gradient.map((value, i) => (i === 7 ? value + 4e-6 : value));
    expect(() => expectGradient(wrong, x, of, 'x')).toThrow(/^x, elements .*\b7\b/);
  });

  const faults: Readonly<Record<string, ArrayLike<number>>> = {
    'all of it is too large by a ten thousandth': right.map((value) => value * 1.0001),
    'it has the other sign': right.map((value) => -value),
    'it is zero': right.map(() => 0),
    'it is transposed': right.map((_, i) => right[(i % 5) * 8 + Math.floor(i / 5)]),
    'it is that of the next element': right.map((_, i) => right[(i + 1) % 40]),
    'two are exchanged': right.map((value, i) => (i === 0 ? right[3] : i === 3 ? right[0] : value)),
    'two are wrong by as much, in opposite directions': right.map((value, i) =>
      i === 0 ? value + 1e-3 : i === 3 ? value - 1e-3 : value,
    ),
    'half of it is missing': right.slice(0, 20),
    'it is no number': right.map((value, i) => (i === 7 ? Number.NaN : value)),
  };
  test.each(Object.entries(faults))('%s', (_, gradient) => {
    expect(check(gradient)).toThrow(/^x(, elements|: 20 gradients of 40)/);
  });
});
