// The matrix product, three loops deep. A packed matrix is [K, N], as it is read.

import type { Storage } from '../storage.ts';

export function gemm(
  c: Storage,
  a: Storage,
  b: Storage,
  bias: Storage | null,
  batch: number,
  M: number,
  N: number,
  K: number,
  transA: boolean,
  transB: boolean,
  aStride: number,
  bStride: number,
  cStride: number,
  accumulate: boolean,
): void {
  const [as, bs, cs] = [a.array, b.array, c.array];
  // A transposed matrix is the same memory with the steps along its two axes exchanged.
  const [aRow, aCol] = transA ? [1, M] : [K, 1];
  const [bRow, bCol] = transB ? [1, K] : [N, 1];

  for (let i = 0; i < batch; i++) {
    for (let m = 0; m < M; m++) {
      for (let n = 0; n < N; n++) {
        const aAt = i * aStride + m * aRow;
        const bAt = i * bStride + n * bCol;
        const cAt = i * cStride + m * N + n;
        let sum = 0;
        for (let k = 0; k < K; k++) sum += as[aAt + k * aCol] * bs[bAt + k * bRow];
        if (bias) sum += bias.array[n];
        cs[cAt] = accumulate ? cs[cAt] + sum : sum;
      }
    }
  }
}

export function packMatrix(packed: Storage, b: Storage, N: number, K: number, transB: boolean): void {
  const [row, column] = transB ? [1, K] : [N, 1];
  for (let k = 0; k < K; k++) for (let n = 0; n < N; n++) packed.array[k * N + n] = b.array[k * row + n * column];
}

export function gemmPacked(
  c: Storage,
  a: Storage,
  packed: Storage,
  bias: Storage | null,
  M: number,
  N: number,
  K: number,
  accumulate: boolean,
): void {
  gemm(c, a, packed, bias, 1, M, N, K, false, false, 0, 0, 0, accumulate);
}
