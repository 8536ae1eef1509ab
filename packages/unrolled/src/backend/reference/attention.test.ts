import { expect, test } from 'vitest';
import { ReferenceBackend } from './reference.ts';
import { storageOf } from './storage.ts';

const backend = new ReferenceBackend();
const f64 = (values: ArrayLike<number>) => storageOf(backend, 'float64', values);
const wave = (k: number, n: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(k + 1.3 * i + 0.1 * i * i));
const lin = (from: number, to: number, n: number) =>
  Float64Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));

test('scaled dot-product attention over 16 cells gives the published numbers', () => {
  const sizes = { B: 2, S: 16, A: 5, C: 5 };
  const cells = lin(-0.4, 1.8, 2 * 5 * 16); // [B, A, 16]
  const keys = f64(cells.map((_, at) => cells[Math.floor(at / 80) * 80 + (at % 5) * 16 + (Math.floor(at / 5) % 16)]));
  const [context, weights] = [backend.allocate('float64', 10), backend.allocate('float64', 32)];
  const query = f64(lin(-0.4, 0.6, 10));
  backend.attention(context, weights, query, keys, keys, null, null, 1 / Math.sqrt(5), sizes);

  const expected = [
    [-0.29784344, -0.07645979, 0.14492386, 0.36630751, 0.58769115],
    [0.81412643, 1.03551008, 1.25689373, 1.47827738, 1.69966103],
  ].flat();
  for (const [i, e] of expected.entries()) expect(context.array[i]).toBeCloseTo(e, 8);
  for (const [i, e] of [0.06511126, 0.06475411, 0.06439892, 0.06404568].entries()) {
    expect(weights.array[i]).toBeCloseTo(e, 8);
  }
});

// A = 1: score = v·tanh(q + k) = 2·tanh(0.5 + k); with tanh of 0.5 and 1.5 the two weights are σ(±2(tanh 1.5 − tanh 0.5)).
test('additive attention is v · tanh(query + key), by hand in one dimension', () => {
  const [context, weights] = [backend.allocate('float64', 1), backend.allocate('float64', 2)];
  const sizes = { B: 1, S: 2, A: 1, C: 1 };
  backend.attention(context, weights, f64([0.5]), f64([0, 1]), f64([10, 20]), f64([2]), null, 99, sizes);
  const second = 1 / (1 + Math.exp(-2 * (Math.tanh(1.5) - Math.tanh(0.5))));
  expect(weights.array[1]).toBeCloseTo(second, 14);
  expect(context.array[0]).toBeCloseTo(10 * (1 - second) + 20 * second, 13);
});

test('positions past a length get no attention, and length 0 gives zeros', () => {
  const sizes = { B: 2, S: 3, A: 2, C: 2 };
  const [context, weights] = [backend.allocate('float64', 4), backend.allocate('float64', 6)];
  const keys = f64([...wave(2, 4), ...new Array(8).fill(Number.NaN)]);
  const lengths = storageOf(backend, 'int32', [2, 0]);
  backend.attention(context, weights, f64(wave(1, 4)), keys, keys, null, lengths, 1, sizes);
  expect(weights.array[0] + weights.array[1]).toBeCloseTo(1, 14);
  expect([...weights.array.subarray(2)]).toEqual([0, 0, 0, 0]);
  expect(context.array.every(Number.isFinite)).toBe(true);
  expect([...context.array.subarray(2)]).toEqual([0, 0]);
});
