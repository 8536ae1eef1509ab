// Normalization: values less their mean, in units of their deviation.
//
//   z = (x − mean) · r,  r = 1/√(variance + eps)       y = weight ⊙ z + bias
//
// and, where mean and variance are those of the n values themselves (g = dy ⊙ weight):
//
//   dx = r · (g − Σ g / n − z · Σ (g ⊙ z) / n)         dweight = Σ dy ⊙ z         dbias = Σ dy

import type { BatchNormSizes } from '../backend.ts';
import type { Storage, TypedArray } from '../storage.ts';

/** Mean and variance of values at these positions. */
function moments(x: TypedArray, positions: readonly number[]): [mean: number, variance: number] {
  let sum = 0;
  for (const at of positions) sum += x[at];
  const mean = sum / positions.length;
  let squares = 0;
  for (const at of positions) squares += (x[at] - mean) ** 2;
  return [mean, squares / positions.length];
}

/** The positions of channel c in [B, C, n]. */
function ofChannel({ B, C, n }: BatchNormSizes, c: number): number[] {
  return Array.from({ length: B * n }, (_, i) => (Math.floor(i / n) * C + c) * n + (i % n));
}

/** The positions of row r. */
function ofRow(r: number, cols: number): number[] {
  return Array.from({ length: cols }, (_, j) => r * cols + j);
}

export function batchNorm(
  y: Storage,
  mean: Storage,
  variance: Storage,
  x: Storage,
  weight: Storage | null,
  bias: Storage | null,
  eps: number,
  relu: boolean,
  train: boolean,
  sizes: BatchNormSizes,
): void {
  for (let c = 0; c < sizes.C; c++) {
    const positions = ofChannel(sizes, c);
    if (train) [mean.array[c], variance.array[c]] = moments(x.array, positions);
    const r = 1 / Math.sqrt(variance.array[c] + eps);
    for (const at of positions) {
      const z = (x.array[at] - mean.array[c]) * r;
      const value = (weight ? weight.array[c] : 1) * z + (bias ? bias.array[c] : 0);
      y.array[at] = relu ? Math.max(0, value) : value;
    }
  }
}

export function trackMoments(
  runningMean: Storage,
  runningVariance: Storage,
  batches: Storage,
  mean: Storage,
  variance: Storage,
  momentum: number | null,
  n: number,
): void {
  const [means, variances] = [runningMean.array, runningVariance.array];
  if (!mean.array.every(Number.isFinite) || !variance.array.every(Number.isFinite)) return;
  const part = momentum ?? 1 / (batches.array[0] + 1);
  batches.array[0]++;
  for (let c = 0; c < means.length; c++) {
    means[c] = (1 - part) * means[c] + part * mean.array[c];
    variances[c] = (1 - part) * variances[c] + part * variance.array[c] * (n / (n - 1));
  }
}

export function batchNormBackward(
  dx: Storage,
  dWeight: Storage | null,
  dBias: Storage | null,
  dy: Storage,
  x: Storage,
  y: Storage,
  mean: Storage,
  variance: Storage,
  weight: Storage | null,
  eps: number,
  relu: boolean,
  train: boolean,
  sizes: BatchNormSizes,
): void {
  for (let c = 0; c < sizes.C; c++) {
    const positions = ofChannel(sizes, c);
    const r = 1 / Math.sqrt(variance.array[c] + eps);
    const arrived = (at: number) => (relu && !(y.array[at] > 0) ? 0 : dy.array[at]);
    const z = (at: number) => (x.array[at] - mean.array[c]) * r;
    let [sum, product] = [0, 0];
    for (const at of positions) {
      sum += arrived(at);
      product += arrived(at) * z(at);
    }
    const n = positions.length;
    for (const at of positions) {
      const centred = train ? arrived(at) - sum / n - (z(at) * product) / n : arrived(at);
      dx.array[at] = (weight ? weight.array[c] : 1) * r * centred;
    }
    if (dWeight) dWeight.array[c] = product;
    if (dBias) dBias.array[c] = sum;
  }
}

export function layerNorm(
  y: Storage,
  mean: Storage,
  variance: Storage,
  x: Storage,
  weight: Storage | null,
  bias: Storage | null,
  eps: number,
  rows: number,
  cols: number,
): void {
  for (let row = 0; row < rows; row++) {
    const positions = ofRow(row, cols);
    [mean.array[row], variance.array[row]] = moments(x.array, positions);
    const r = 1 / Math.sqrt(variance.array[row] + eps);
    for (const [j, at] of positions.entries()) {
      const z = (x.array[at] - mean.array[row]) * r;
      y.array[at] = (weight ? weight.array[j] : 1) * z + (bias ? bias.array[j] : 0);
    }
  }
}

export function layerNormBackward(
  dx: Storage,
  dWeight: Storage | null,
  dBias: Storage | null,
  dy: Storage,
  x: Storage,
  mean: Storage,
  variance: Storage,
  weight: Storage | null,
  eps: number,
  rows: number,
  cols: number,
): void {
  const [dWeights, dBiases] = [new Float64Array(cols), new Float64Array(cols)];
  for (let row = 0; row < rows; row++) {
    const positions = ofRow(row, cols);
    const r = 1 / Math.sqrt(variance.array[row] + eps);
    const z = (at: number) => (x.array[at] - mean.array[row]) * r;
    const g = positions.map((at, j) => dy.array[at] * (weight ? weight.array[j] : 1));
    let [sum, product] = [0, 0];
    for (const [j, at] of positions.entries()) {
      sum += g[j];
      product += g[j] * z(at);
      dWeights[j] += dy.array[at] * z(at);
      dBiases[j] += dy.array[at];
    }
    for (const [j, at] of positions.entries()) dx.array[at] = r * (g[j] - sum / cols - (z(at) * product) / cols);
  }
  dWeight?.array.set(dWeights);
  dBias?.array.set(dBiases);
}
