import { describe, expect, test } from 'vitest';
import type { WeightFormat } from '../backend.ts';
import { fromBfloat16, toBfloat16 } from './decode.ts';
import { ReferenceBackend } from './reference.ts';
import { storageOf } from './storage.ts';

const backend = new ReferenceBackend();
const wave = (k: number, n: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(k + 1.3 * i + 0.1 * i * i));
const f32 = (values: ArrayLike<number>) => storageOf(backend, 'float32', values);

test('bfloat16 rounds to nearest, ties to even', () => {
  const ulp = 2 ** -7; // between 1 and 2
  expect(fromBfloat16(toBfloat16(1 + ulp))).toBe(1 + ulp);
  expect(fromBfloat16(toBfloat16(1 + 0.4 * ulp))).toBe(1);
  expect(fromBfloat16(toBfloat16(1 + 0.5 * ulp))).toBe(1);
  expect(fromBfloat16(toBfloat16(1 + 1.5 * ulp))).toBe(1 + 2 * ulp);
  expect(fromBfloat16(toBfloat16(-1 - 0.6 * ulp))).toBe(-1 - ulp);
  expect(fromBfloat16(toBfloat16(Infinity))).toBe(Infinity);
  expect(fromBfloat16(toBfloat16(Number.NaN))).toBeNaN();
});

describe.each<[WeightFormat, number]>([
  ['float32', 1e-6],
  ['bfloat16', 2 ** -9],
  ['int8', 1 / 254],
])('%s', (format, step) => {
  test('gemv multiplies by the packed matrix, each weight off by at most half a step', () => {
    const [n, k] = [5, 7];
    const weight = f32(wave(1, n * k));
    const packed = backend.allocate('float32', backend.packedBytes(format, n, k) / 4);
    backend.packWeights(packed, format, weight, n, k);
    for (let j = 0; j < k; j++) {
      const unit = f32(Array.from({ length: k }, (_, i) => (i === j ? 1 : 0))); // picks column j
      const y = backend.allocate('float32', n);
      backend.gemv(y, packed, format, unit, null, n, k, false);
      for (let row = 0; row < n; row++) {
        expect(Math.abs(y.array[row] - weight.array[row * k + j])).toBeLessThanOrEqual(step * 1.0001);
      }
    }
  });

  test('gemv of a long x is that of its pieces', () => {
    const k = 1300;
    const [weight, x] = [f32(wave(2, k)), f32(wave(3, k))];
    const packed = backend.allocate('float32', backend.packedBytes(format, 1, k) / 4);
    backend.packWeights(packed, format, weight, 1, k);
    const y = backend.allocate('float32', 1);
    backend.gemv(y, packed, format, x, null, 1, k, false);
    let exact = 0;
    for (let j = 0; j < k; j++) exact += x.array[j] * weight.array[j];
    expect(Math.abs(y.array[0] - exact)).toBeLessThanOrEqual(step * Math.sqrt(k));
  });

  test('gemv adds the bias, and adds to y when it accumulates', () => {
    const packed = backend.allocate('float32', backend.packedBytes(format, 2, 2) / 4);
    backend.packWeights(packed, format, f32([127, 0, 0, 0]), 2, 2);
    const y = f32([Number.NaN, Number.NaN]);
    backend.gemv(y, packed, format, f32([5, 2]), f32([1, 2]), 2, 2, false);
    expect([...y.array]).toEqual([636, 2]);
    backend.gemv(y, packed, format, f32([5, 2]), null, 2, 2, true);
    expect([...y.array]).toEqual([1271, 2]);
  });
});

test.each(['rnnTanh', 'rnnRelu', 'lstm', 'gru'] as const)(
  'a %s step made of gemv and cellStep is one step of the sequence',
  (cell) => {
    const [I, H] = [3, 4];
    const G = { rnnTanh: 1, rnnRelu: 1, lstm: 4, gru: 3 }[cell];
    const f64 = (values: ArrayLike<number>) => storageOf(backend, 'float64', values);
    const [x, h, c] = [f64(wave(1, I)), f64(wave(2, H)), f64(wave(3, H))];
    const weightIh = f32(wave(4, G * H * I));
    const weightHh = f32(wave(5, G * H * H));
    const [biasIh, biasHh] = [f64(wave(6, G * H)), f64(wave(7, G * H))];
    const [y, hn, cn] = [H, H, H].map((n) => backend.allocate('float64', n));
    backend.sequenceForward(
      cell,
      { y, hn, cn: cell === 'lstm' ? cn : null, reserve: null },
      { x, weightIh, weightHh, biasIh, biasHh, h0: h, c0: cell === 'lstm' ? c : null, lengths: null, mask: null },
      { T: 1, B: 1, I, H, ldy: H, reverse: false },
    );

    const gates = (weight: typeof x, k: number, input: typeof x, bias: typeof x) => {
      const packed = backend.allocate('float32', backend.packedBytes('float32', G * H, k) / 4);
      backend.packWeights(packed, 'float32', weight, G * H, k);
      const out = backend.allocate('float64', G * H);
      backend.gemv(out, packed, 'float32', input, bias, G * H, k, false);
      return out;
    };
    backend.cellStep(
      cell,
      h,
      cell === 'lstm' ? c : null,
      gates(weightIh, I, x, biasIh),
      gates(weightHh, H, h, biasHh),
      H,
    );
    for (let j = 0; j < H; j++) expect(h.array[j]).toBeCloseTo(hn.array[j], 14);
    if (cell === 'lstm') for (let j = 0; j < H; j++) expect(c.array[j]).toBeCloseTo(cn.array[j], 14);
  },
);
