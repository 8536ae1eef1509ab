// One step at batch 1: matrix times vector from packed weights, and the point-wise half of a cell.
//
// Packed layouts, row by row: float32 as it is; bfloat16 the upper 16 bits of each float; int8 the n scales (float32), then the bytes.

import type { SteppedCell, WeightFormat } from '../backend.ts';
import type { Storage } from '../storage.ts';
import { sigmoid } from './elementwise.ts';

export function packedBytes(format: WeightFormat, n: number, k: number): number {
  const bytes = { float32: 4 * n * k, bfloat16: 2 * n * k, int8: 4 * n + n * k }[format];
  return Math.ceil(bytes / 8) * 8; // whole elements, whatever dtype the caller allocates
}

export function packWeights(packed: Storage, format: WeightFormat, weight: Storage, n: number, k: number): void {
  const w = weight.array;
  const { floats, halves, scales, bytes } = views(packed, n, k, format);
  for (let row = 0; row < n; row++) {
    let largest = 0;
    for (let j = 0; j < k; j++) largest = Math.max(largest, Math.abs(w[row * k + j]));
    if (format === 'int8') scales[row] = largest / 127;

    for (let j = 0; j < k; j++) {
      const at = row * k + j;
      if (format === 'float32') floats[at] = w[at];
      else if (format === 'bfloat16') halves[at] = toBfloat16(w[at]);
      else bytes[at] = scales[row] === 0 ? 0 : roundToEven(w[at] / scales[row]);
    }
  }
}

export function gemv(
  y: Storage,
  packed: Storage,
  format: WeightFormat,
  x: Storage,
  bias: Storage | null,
  n: number,
  k: number,
  accumulate: boolean,
): void {
  const { floats, halves, scales, bytes } = views(packed, n, k, format);
  const xs = format === 'int8' ? roundToInt16(x.array) : x.array;
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let j = 0; j < k; j++) {
      const at = row * k + j;
      if (format === 'float32') sum += floats[at] * xs[j];
      else if (format === 'bfloat16') sum += fromBfloat16(halves[at]) * xs[j];
      else sum += bytes[at] * scales[row] * xs[j];
    }
    if (bias) sum += bias.array[row];
    y.array[row] = accumulate ? y.array[row] + sum : sum;
  }
}

export function cellStep(
  cell: SteppedCell,
  h: Storage,
  c: Storage | null,
  gatesX: Storage,
  gatesH: Storage,
  H: number,
): void {
  const [hs, xs, us] = [h.array, gatesX.array, gatesH.array];
  /** The pre-activation of unit j in block k of the gates. */
  const sum = (k: number, j: number) => xs[k * H + j] + us[k * H + j];

  for (let j = 0; j < H; j++) {
    if (cell === 'rnnTanh') hs[j] = Math.tanh(sum(0, j));
    else if (cell === 'rnnRelu') hs[j] = Math.max(sum(0, j), 0);
    else if (cell === 'lstm') {
      if (!c) throw new TypeError('cellStep: an LSTM needs c');
      const [i, f, g, o] = [sigmoid(sum(0, j)), sigmoid(sum(1, j)), Math.tanh(sum(2, j)), sigmoid(sum(3, j))];
      c.array[j] = f * c.array[j] + i * g;
      hs[j] = o * Math.tanh(c.array[j]);
    } else {
      const [r, z] = [sigmoid(sum(0, j)), sigmoid(sum(1, j))];
      const n = Math.tanh(xs[2 * H + j] + r * us[2 * H + j]);
      hs[j] = (1 - z) * n + z * hs[j];
    }
  }
}

/** x as the products of int8 see it: every 512 of it in steps of a 32767th of their largest. */
function roundToInt16(x: ArrayLike<number>): Float64Array {
  const out = Float64Array.from(x);
  for (let start = 0; start < out.length; start += 512) {
    const part = out.subarray(start, start + 512);
    const scale = Math.fround(part.reduce((most, v) => Math.max(most, Math.abs(v)), 0) / 32767);
    for (let j = 0; j < part.length; j++) part[j] = scale === 0 ? 0 : roundToEven(Math.fround(part[j] / scale)) * scale;
  }
  return out;
}

/** The packed bytes, as each format reads them. Only the view that belongs to the format spans anything. */
function views(packed: Storage, n: number, k: number, format: WeightFormat) {
  const { buffer, byteOffset } = packed.array;
  const count = (f: WeightFormat) => (f === format ? n * k : 0);
  return {
    floats: new Float32Array(buffer, byteOffset, count('float32')),
    halves: new Uint16Array(buffer, byteOffset, count('bfloat16')),
    scales: new Float32Array(buffer, byteOffset, format === 'int8' ? n : 0),
    bytes: new Int8Array(buffer, byteOffset + (format === 'int8' ? 4 * n : 0), count('int8')),
  };
}

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** The upper half of a float's bits, rounded to nearest, ties to even. NaN stays NaN. */
export function toBfloat16(x: number): number {
  if (Number.isNaN(x)) return 0x7fc0;
  scratchFloat[0] = x;
  const bits = scratchBits[0];
  const tieBreak = (bits >>> 16) & 1;
  return (bits + 0x7fff + tieBreak) >>> 16;
}

export function fromBfloat16(half: number): number {
  scratchBits[0] = half << 16;
  return scratchFloat[0];
}

/** Nearest whole number, ties to even, as processors round. */
function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
