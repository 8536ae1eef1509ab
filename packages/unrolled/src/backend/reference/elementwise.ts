// Element by element. All loops may run in place: element i of the output depends on element i of the inputs only.

import type { BinaryOp, UnaryOp } from '../backend.ts';
import type { Storage } from '../storage.ts';

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** log(1 + eˣ), without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const unaryFunctions: Record<UnaryOp, (x: number) => number> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid,
  relu: (x) => (x < 0 ? 0 : x), // this way round NaN stays NaN
  softplus,
};

/** op′ from the input x and the output y. */
const unaryDerivatives: Record<UnaryOp, (x: number, y: number) => number> = {
  neg: () => -1,
  abs: (x) => Math.sign(x),
  sign: () => 0,
  square: (x) => 2 * x,
  sqrt: (_, y) => 0.5 / y,
  reciprocal: (_, y) => -y * y,
  exp: (_, y) => y,
  log: (x) => 1 / x,
  tanh: (_, y) => 1 - y * y,
  sigmoid: (_, y) => y * (1 - y),
  relu: (x) => (x > 0 ? 1 : 0),
  softplus: (x) => sigmoid(x),
};

const binaryFunctions: Record<BinaryOp, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  max: Math.max,
  min: Math.min,
  pow: Math.pow,
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a !== b ? 1 : 0),
  lt: (a, b) => (a < b ? 1 : 0),
  le: (a, b) => (a <= b ? 1 : 0),
  gt: (a, b) => (a > b ? 1 : 0),
  ge: (a, b) => (a >= b ? 1 : 0),
};

export function fill(out: Storage, value: number): void {
  out.array.fill(value);
}

/** Storing to an Int32Array drops the fraction, which is what the contract asks for. */
export function cast(out: Storage, x: Storage): void {
  for (let i = 0; i < out.length; i++) out.array[i] = x.array[i];
}

export function unary(op: UnaryOp, out: Storage, x: Storage): void {
  const f = unaryFunctions[op];
  const [o, a] = [out.array, x.array];
  for (let i = 0; i < o.length; i++) o[i] = f(a[i]);
}

export function unaryBackward(op: UnaryOp, dx: Storage, dy: Storage, x: Storage, y: Storage): void {
  const derivative = unaryDerivatives[op];
  const [dxs, dys, xs, ys] = [dx.array, dy.array, x.array, y.array];
  for (let i = 0; i < dxs.length; i++) dxs[i] = dys[i] * derivative(xs[i], ys[i]);
}

export function binary(
  op: BinaryOp,
  out: Storage,
  a: Storage,
  b: Storage,
  shape: readonly number[],
  aStrides: readonly number[],
  bStrides: readonly number[],
): void {
  const f = binaryFunctions[op];
  const [o, as, bs] = [out.array, a.array, b.array];
  const aAt = offsets(shape, aStrides);
  const bAt = offsets(shape, bStrides);
  for (let i = 0; i < aAt.length; i++) o[i] = f(as[aAt[i]], bs[bAt[i]]);
}

export function where(out: Storage, condition: Storage, a: Storage, b: Storage): void {
  for (let i = 0; i < out.length; i++) out.array[i] = condition.array[i] !== 0 ? a.array[i] : b.array[i];
}

export function stridedCopy(
  out: Storage,
  outOffset: number,
  outStrides: readonly number[],
  x: Storage,
  xOffset: number,
  xStrides: readonly number[],
  shape: readonly number[],
  accumulate: boolean,
): void {
  const [o, xs] = [out.array, x.array];
  const to = offsets(shape, outStrides, outOffset);
  const from = offsets(shape, xStrides, xOffset);
  for (let i = 0; i < to.length; i++) {
    if (accumulate) o[to[i]] += xs[from[i]];
    else o[to[i]] = xs[from[i]];
  }
}

/** Where the elements of a strided window lie: one offset for each index in `shape`, the last axis fastest. */
function offsets(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  let all = Int32Array.of(start);
  for (let axis = 0; axis < shape.length; axis++) {
    const n = shape[axis];
    const next = new Int32Array(all.length * n);
    for (let i = 0; i < all.length; i++) {
      for (let j = 0; j < n; j++) next[i * n + j] = all[i] + j * strides[axis];
    }
    all = next;
  }
  return all;
}
