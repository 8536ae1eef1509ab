import { linear, matmul, type TensorShape } from '../../packages/unrolled/src/tensor/index.ts';
import type { Sample } from '../ops.ts';
import { wave } from './inputs.ts';

/** Σ_k a[m, k] · b[k, n]. */
function times(a: readonly number[], b: readonly number[], M: number, K: number, N: number): number[] {
  const c: number[] = [];
  for (let m = 0; m < M; m++) {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let k = 0; k < K; k++) sum += a[m * K + k] * b[k * N + n];
      c.push(sum);
    }
  }
  return c;
}

const product = (a: TensorShape, b: TensorShape, plain?: Sample['plain']): Sample => ({
  inputs: [wave(a), wave(b, 1)],
  run: matmul,
  plain,
});

export const productOps: Record<string, Record<string, Sample>> = {
  matmul: {
    'vector · vector': product([3], [3], (a, b) => times(a, b, 1, 3, 1)),
    'matrix · vector': product([2, 3], [3], (a, b) => times(a, b, 2, 3, 1)),
    'vector · matrix': product([3], [3, 2], (a, b) => times(a, b, 1, 3, 2)),
    'matrix · matrix': product([2, 3], [3, 4], (a, b) => times(a, b, 2, 3, 4)),
    'sizes that fill no tile': product([7, 19], [19, 17], (a, b) => times(a, b, 7, 19, 17)),
    'batch · matrix': product([2, 3, 4], [4, 2], (a, b) => times(a, b, 6, 4, 2)),
    'batch · vector': product([2, 3, 4], [4], (a, b) => times(a, b, 6, 4, 1)),
    'batch · batch': product([2, 3, 4], [2, 4, 2], (a, b) =>
      [0, 1].flatMap((i) => times(a.slice(12 * i), b.slice(8 * i), 3, 4, 2)),
    ),
    'matrix · batch': product([3, 4], [2, 4, 2], (a, b) => [0, 1].flatMap((i) => times(a, b.slice(8 * i), 3, 4, 2))),
    'vector · batch': product([4], [2, 4, 2], (a, b) => [0, 1].flatMap((i) => times(a, b.slice(8 * i), 1, 4, 2))),
    'batches that broadcast': product([2, 1, 2, 3], [3, 3, 2], (a, b) =>
      [0, 1].flatMap((i) => [0, 1, 2].flatMap((j) => times(a.slice(6 * i), b.slice(6 * j), 2, 3, 2))),
    ),
    'an empty sum': product([2, 0], [0, 3], () => new Array<number>(6).fill(0)),
    'no rows': product([0, 3], [3, 2], () => []),
    'no batches': product([0, 2, 3], [0, 3, 2], () => []),
    'a matrix by itself': { inputs: [wave([3, 3])], run: (x) => matmul(x, x), plain: (x) => times(x, x, 3, 3, 3) },
  },
  linear: {
    'with a bias': {
      inputs: [wave([2, 3]), wave([4, 3], 1), wave([4], 2)],
      run: linear,
      plain: (x, w, b) => [0, 1].flatMap((r) => b.map((c, o) => c + times(x.slice(3 * r), w.slice(3 * o), 1, 3, 1)[0])),
    },
    'without a bias': {
      inputs: [wave([2, 3]), wave([4, 3], 1)],
      run: (x, w) => linear(x, w),
      plain: (x, w) =>
        [0, 1].flatMap((r) => [0, 1, 2, 3].map((o) => times(x.slice(3 * r), w.slice(3 * o), 1, 3, 1)[0])),
    },
    'of a vector': { inputs: [wave([3]), wave([2, 3], 1), wave([2], 2)], run: linear },
    'of a sequence': { inputs: [wave([2, 3, 4]), wave([5, 4], 1), wave([5], 2)], run: linear },
    'of no rows': { inputs: [wave([0, 3]), wave([2, 3]), wave([2])], run: linear, plain: () => [] },
    'of no features': {
      inputs: [wave([2, 0]), wave([3, 0]), wave([3])],
      run: linear,
      plain: (_x, _w, b) => [...b, ...b],
    },
  },
};
