// Along an axis. x is [outer, n, inner]: element (o, k, i) lies at (o·n + k)·inner + i.

import type { ArgReduceOp, ReduceOp } from '../backend.ts';
import type { Storage, TypedArray } from '../storage.ts';

const reducers: Record<ReduceOp, { readonly start: number; readonly join: (a: number, b: number) => number }> = {
  sum: { start: 0, join: (a, b) => a + b },
  max: { start: -Infinity, join: Math.max },
  min: { start: Infinity, join: Math.min },
};

export function reduce(op: ReduceOp, out: Storage, x: Storage, outer: number, n: number, inner: number): void {
  const { start, join } = reducers[op];
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let total = start;
      for (let k = 0; k < n; k++) total = join(total, x.array[(o * n + k) * inner + i]);
      out.array[o * inner + i] = total;
    }
  }
}

export function argReduce(op: ArgReduceOp, out: Storage, x: Storage, outer: number, n: number, inner: number): void {
  const sign = op === 'argmax' ? 1 : -1;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const value = (k: number) => sign * x.array[(o * n + k) * inner + i];
      let best = 0;
      for (let k = 1; k < n; k++) if (value(k) > value(best)) best = k;
      out.array[o * inner + i] = best;
    }
  }
}

export function gather(
  out: Storage,
  x: Storage,
  index: Storage,
  outer: number,
  n: number,
  m: number,
  inner: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < m; j++) {
      for (let i = 0; i < inner; i++) {
        const at = (o * m + j) * inner + i;
        out.array[at] = x.array[(o * n + index.array[at]) * inner + i];
      }
    }
  }
}

export function gatherBackward(
  dx: Storage,
  dy: Storage,
  index: Storage,
  outer: number,
  n: number,
  m: number,
  inner: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < m; j++) {
      for (let i = 0; i < inner; i++) {
        const at = (o * m + j) * inner + i;
        dx.array[(o * n + index.array[at]) * inner + i] += dy.array[at];
      }
    }
  }
}

/** y = exp(x − max) / Σ exp(x − max) */
export function softmax(out: Storage, x: Storage, rows: number, cols: number): void {
  for (let r = 0; r < rows; r++) {
    softmaxRow(out.array.subarray(r * cols, (r + 1) * cols), x.array.subarray(r * cols, (r + 1) * cols));
  }
}

/** The softmax of one row; `y` may be `x`. */
export function softmaxRow(y: TypedArray, x: ArrayLike<number>): void {
  const max = maximum(x);
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += Math.exp(x[j] - max);
  for (let j = 0; j < x.length; j++) y[j] = Math.exp(x[j] - max) / sum;
}

/** dx = y ⊙ (dy − Σ dy ⊙ y) */
export function softmaxBackward(dx: Storage, dy: Storage, y: Storage, rows: number, cols: number): void {
  for (let r = 0; r < rows; r++) {
    const row = r * cols;
    let mean = 0;
    for (let j = 0; j < cols; j++) mean += dy.array[row + j] * y.array[row + j];
    for (let j = 0; j < cols; j++) dx.array[row + j] = y.array[row + j] * (dy.array[row + j] - mean);
  }
}

/** y = x − log Σ exp(x) */
export function logSoftmax(out: Storage, x: Storage, rows: number, cols: number): void {
  for (let r = 0; r < rows; r++) {
    const xr = x.array.subarray(r * cols, (r + 1) * cols);
    const total = logSumExp(xr);
    for (let j = 0; j < cols; j++) out.array[r * cols + j] = xr[j] - total;
  }
}

/** dx = dy − exp(y) · Σ dy */
export function logSoftmaxBackward(dx: Storage, dy: Storage, y: Storage, rows: number, cols: number): void {
  for (let r = 0; r < rows; r++) {
    const row = r * cols;
    let total = 0;
    for (let j = 0; j < cols; j++) total += dy.array[row + j];
    for (let j = 0; j < cols; j++) dx.array[row + j] = dy.array[row + j] - Math.exp(y.array[row + j]) * total;
  }
}

/** log Σ exp(x), shifted by the maximum: 1e4 does not overflow, and x + 1000 changes nothing but the result by 1000. */
export function logSumExp(x: ArrayLike<number>): number {
  const max = maximum(x);
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += Math.exp(x[j] - max);
  return max + Math.log(sum);
}

function maximum(x: ArrayLike<number>): number {
  let max = -Infinity;
  for (let j = 0; j < x.length; j++) max = Math.max(max, x[j]);
  return max;
}

export function embedding(out: Storage, weight: Storage, index: Storage, count: number, dim: number): void {
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < dim; j++) out.array[i * dim + j] = weight.array[index.array[i] * dim + j];
  }
}

export function embeddingBackward(
  dWeight: Storage,
  dy: Storage,
  index: Storage,
  count: number,
  dim: number,
  paddingIdx: number,
): void {
  for (let i = 0; i < count; i++) {
    if (index.array[i] === paddingIdx) continue;
    for (let j = 0; j < dim; j++) dWeight.array[index.array[i] * dim + j] += dy.array[i * dim + j];
  }
}
