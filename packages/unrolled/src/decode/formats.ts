// Rounding of weights to narrower storage formats: the values that decoding uses. Evaluation measures the cost of a format with it.

import { requireKinds } from '../checks.ts';
import type { WeightFormat } from '../backend/backend.ts';
import type { Module } from '../nn/module.ts';

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** The nearest bfloat16, ties to even. */
export function roundToBfloat16(x: number): number {
  value[0] = x;
  if (Number.isNaN(x)) return Number.NaN;
  bits[0] = (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) & 0xffff0000;
  return value[0];
}

/** Quantizes each row of [rows, cols] to 255 levels between −max|w| and max|w|, in place. */
export function roundRowsToInt8(weights: Float32Array, rows: number, cols: number): void {
  for (let r = 0; r < rows; r++) {
    const row = weights.subarray(r * cols, (r + 1) * cols);
    const scale = Math.fround(row.reduce((m, w) => Math.max(m, Math.abs(w)), 0) / 127);
    if (scale === 0) continue;
    for (let k = 0; k < cols; k++) row[k] = Math.max(-127, Math.min(127, roundHalfEven(row[k] / scale))) * scale;
  }
}

function roundHalfEven(x: number): number {
  const r = Math.round(x);
  return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** Rounds every matrix of a model except its embedding to `format`, in place: the values that packed decoding computes with. */
export function quantizeWeights(model: Module, format: WeightFormat): void {
  requireKinds('quantizeWeights', { model }, { model: 'module' });
  if (format === 'float32') return;
  for (const [name, p] of model.namedParameters()) {
    if (p.rank !== 2 || name.startsWith('embedding') || name.endsWith('weight_ih_l0')) continue; // folded into a float32 table
    const weights = p.storage.array as Float32Array;
    if (format === 'int8') roundRowsToInt8(weights, p.shape[0], p.shape[1]);
    else for (let i = 0; i < weights.length; i++) weights[i] = roundToBfloat16(weights[i]);
  }
}
