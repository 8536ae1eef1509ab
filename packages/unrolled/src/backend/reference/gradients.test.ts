// Backward belongs to forward: every hand-written derivative against float64 central differences of a random functional,
// Σ output · wave. The recurrent ones are in sequence/gradients.test.ts.

import { describe, expect, test } from 'vitest';
import { type Storage, type UnaryOp, unaryOps } from '../backend.ts';
import { ReferenceBackend } from './reference.ts';
import { storageOf } from './storage.ts';

const backend = new ReferenceBackend();
const eps = 1e-6;
const wave = (k: number, n: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(k + 1.3 * i + 0.1 * i * i));
const f64 = (values: ArrayLike<number>) => storageOf(backend, 'float64', values);
const i32 = (values: number[]) => storageOf(backend, 'int32', values);
const zeros = (n: number) => f64(new Float64Array(n));
const empty = (n: number) => backend.allocate('float64', n);
const dot = (a: Storage, b: Storage) => Array.from(a.array).reduce((sum, value, i) => sum + value * b.array[i], 0);

/** Compares `gradient` with the slopes of `loss` in every element of `x`. */
function expectGradient(gradient: Storage, x: Storage, loss: () => number): void {
  for (let i = 0; i < x.length; i++) {
    const value = x.array[i];
    x.array[i] = value + eps;
    const above = loss();
    x.array[i] = value - eps;
    const below = loss();
    x.array[i] = value;
    expect(Math.abs(gradient.array[i] - (above - below) / (2 * eps))).toBeLessThan(
      1e-8 * (1 + Math.abs(gradient.array[i])),
    );
  }
}

const positive: UnaryOp[] = ['sqrt', 'log'];

test.each(unaryOps)('unaryBackward of %s', (op) => {
  const n = 9;
  const x = f64(wave(1, n).map((v) => (positive.includes(op) ? 1.5 + v : v)));
  const [y, dx, dy] = [empty(n), empty(n), f64(wave(2, n))];
  const loss = () => {
    backend.unary(op, y, x);
    return dot(y, dy);
  };
  loss();
  backend.unaryBackward(op, dx, dy, x, y);
  expectGradient(dx, x, loss);
});

test('the derivative at 0 is 0 for relu, abs and sign', () => {
  for (const op of ['relu', 'abs', 'sign'] as const) {
    const dx = empty(1);
    backend.unaryBackward(op, dx, f64([1]), f64([0]), f64([0]));
    expect(dx.array[0]).toBe(0);
  }
});

test.each(['softmax', 'logSoftmax'] as const)('%sBackward', (op) => {
  const [rows, cols] = [3, 4];
  const [x, dy] = [f64(wave(1, rows * cols)), f64(wave(2, rows * cols))];
  const [y, dx] = [empty(rows * cols), empty(rows * cols)];
  const loss = () => {
    backend[op](y, x, rows, cols);
    return dot(y, dy);
  };
  loss();
  backend[`${op}Backward`](dx, dy, y, rows, cols);
  expectGradient(dx, x, loss);
});

test('crossEntropyBackward', () => {
  const [rows, cols] = [3, 4];
  const [logits, dLoss, target] = [f64(wave(1, rows * cols)), f64(wave(2, rows)), i32([3, -1, 0])];
  const [loss, logSumExp, dLogits] = [empty(rows), empty(rows), empty(rows * cols)];
  const total = () => {
    backend.crossEntropy(loss, logSumExp, logits, target, rows, cols, -1);
    return dot(loss, dLoss);
  };
  total();
  backend.crossEntropyBackward(dLogits, dLoss, logits, logSumExp, target, rows, cols, -1);
  expectGradient(dLogits, logits, total);
});

test('gatherBackward and embeddingBackward', () => {
  const x = f64(wave(1, 24)); // [2, 4, 3]
  const index = i32([0, 3, 1, 0, 2, 1, 3, 3, 3, 0, 1, 2]); // [2, 2, 3]
  const [y, dy, dx] = [empty(12), f64(wave(2, 12)), zeros(24)];
  backend.gatherBackward(dx, dy, index, 2, 4, 2, 3);
  expectGradient(dx, x, () => {
    backend.gather(y, x, index, 2, 4, 2, 3);
    return dot(y, dy);
  });

  const rows = i32([7, 0, 7, 2]);
  const dWeight = zeros(24); // [8, 3]
  backend.embeddingBackward(dWeight, dy, rows, 4, 3, -1);
  expectGradient(dWeight, x, () => {
    backend.embedding(y, x, rows, 4, 3);
    return dot(y, dy);
  });
});

describe.each(['additive', 'dot'])('%s attention', (kind) => {
  test.each([
    ['without lengths', null],
    ['with lengths, one of them 0', [4, 0, 2]],
  ])('attentionBackward %s', (_, lengthList) => {
    const sizes = { B: 3, S: 4, A: 3, C: 2 };
    const scale = 0.7;
    const lengths = lengthList && i32(lengthList);
    const [query, keys, values] = [f64(wave(1, 9)), f64(wave(2, 36)), f64(wave(3, 24))];
    const v = kind === 'additive' ? f64(wave(4, 3)) : null;
    const [context, weights] = [empty(6), empty(12)];
    const [dContext, dWeights] = [f64(wave(5, 6)), f64(wave(6, 12))];
    const [dQuery, dKeys, dValues, dV] = [empty(9), zeros(36), zeros(24), v && zeros(3)];
    const loss = () => {
      backend.attention(context, weights, query, keys, values, v, lengths, scale, sizes);
      return dot(context, dContext) + dot(weights, dWeights);
    };
    loss();
    backend.attentionBackward(
      dQuery,
      dKeys,
      dValues,
      dV,
      dContext,
      dWeights,
      weights,
      query,
      keys,
      values,
      v,
      lengths,
      scale,
      sizes,
    );
    expectGradient(dQuery, query, loss);
    expectGradient(dKeys, keys, loss);
    expectGradient(dValues, values, loss);
    if (v && dV) expectGradient(dV, v, loss);
  });
});
