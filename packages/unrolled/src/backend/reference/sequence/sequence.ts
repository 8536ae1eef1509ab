// A cell's walk through time, forward and back. The rows of a batch never meet, so each walks alone, at its own length.
//
// Reserve: [T, B, kept·H], what the cell keeps of each step. The h of each step is not in it: that is y.

import type {
  FusedCell,
  SequenceInputGradients,
  SequenceInputs,
  SequenceOutputGradients,
  SequenceOutputs,
  SequenceSizes,
} from '../../backend.ts';
import { hasC } from '../../backend.ts';
import type { Storage, TypedArray } from '../../storage.ts';
import { scratchLike } from '../storage.ts';
import type { SequenceCell } from './cell.ts';
import { gru, gruResetBefore } from './gru.ts';
import { lstm } from './lstm.ts';
import { rnnRelu, rnnTanh } from './rnn.ts';
import { add, addOuter, addTransposed, affine, block, type Numbers } from './vector.ts';

const cells: Record<FusedCell, SequenceCell> = { rnnTanh, rnnRelu, lstm, gru, gruResetBefore };

export function sequenceForward(
  name: FusedCell,
  out: SequenceOutputs,
  inputs: SequenceInputs,
  sizes: SequenceSizes,
): void {
  const { T, B, I, H, ldy } = sizes;
  const { x, weightIh, weightHh, biasIh, biasHh, h0, c0, mask } = inputs;
  const cell = cells[name];
  const parameters = { H, weightHh: weightHh.array, biasHh: biasHh && biasHh.array };

  for (let r = 0; r < T * B; r++) row(out.y, r, H, ldy).fill(0);

  for (let b = 0; b < B; b++) {
    const h = stateOf(h0, b, x, H);
    const c = stateOf(c0, b, x, H);
    for (const t of timesOf(b, inputs, sizes)) {
      const gatesX = new Float64Array(cell.gates * H);
      affine(gatesX, weightIh.array, row(x, t * B + b, I), biasIh && biasIh.array);
      const hIn = masked(h, mask, b, H);
      const reserve = out.reserve ? row(out.reserve, t * B + b, cell.reserve * H) : scratchLike(x, cell.reserve * H);

      cell.forward({ gatesX, hIn, h, c, reserve }, parameters);
      row(out.y, t * B + b, H, ldy).set(h);
    }
    row(out.hn, b, H).set(h);
    if (out.cn) row(out.cn, b, H).set(c);
  }
}

export function sequenceBackward(
  name: FusedCell,
  gradients: SequenceInputGradients,
  outputGradients: SequenceOutputGradients,
  outputs: SequenceOutputs,
  inputs: SequenceInputs,
  sizes: SequenceSizes,
): void {
  const { B, I, H, ldy } = sizes;
  const { x, weightIh, weightHh, biasHh, h0, c0, mask } = inputs;
  const { dy, dhn, dcn } = outputGradients;
  const { dx, dh0, dc0 } = gradients;
  const { y, reserve } = outputs;
  const cell = cells[name];
  const GH = cell.gates * H;
  const parameters = { H, weightHh: weightHh.array, biasHh: biasHh && biasHh.array };
  const keptAt = (r: number) => (reserve ? row(reserve, r, cell.reserve * H) : scratchLike(x, 0));

  // Sums over all rows and steps, in doubles until the end.
  const dWeightIh = new Float64Array(GH * I);
  const dWeightHh = new Float64Array(GH * H);
  const dBiasIh = new Float64Array(GH);
  const dBiasHh = new Float64Array(GH);
  dx?.array.fill(0);

  for (let b = 0; b < B; b++) {
    const times = timesOf(b, inputs, sizes);
    const dh = Float64Array.from(stateOf(dhn, b, x, H));
    const dc = Float64Array.from(stateOf(dcn, b, x, H));

    for (let s = times.length - 1; s >= 0; s--) {
      const r = times[s] * B + b; // this step's row of x, y and the reserve
      const before = s > 0 ? times[s - 1] * B + b : -1; // and the step's before it
      const hPrev = before >= 0 ? row(y, before, H, ldy) : stateOf(h0, b, x, H);
      const cPrev = before >= 0 && hasC(name) ? block(keptAt(before), 4, H) : stateOf(c0, b, x, H);
      const hIn = masked(hPrev, mask, b, H);
      const dhIn = new Float64Array(H);
      const dGatesX = new Float64Array(GH);
      const dGatesH = new Float64Array(GH);

      if (dy) add(dh, row(dy, r, H, ldy)); // the state reaches the loss as y[t] and through the next step
      const h = row(y, r, H, ldy);
      cell.backward(
        { reserve: keptAt(r), h, hPrev, cPrev, hIn, dh, dc, dhIn, dGatesX, dGatesH, dWeightHh },
        parameters,
      );
      for (let j = 0; j < H; j++) dh[j] += mask ? mask.array[b * H + j] * dhIn[j] : dhIn[j];

      addOuter(dWeightIh, dGatesX, row(x, r, I));
      add(dBiasIh, dGatesX);
      add(dBiasHh, dGatesH);
      if (dx) {
        const dxr = new Float64Array(I);
        addTransposed(dxr, weightIh.array, dGatesX);
        row(dx, r, I).set(dxr);
      }
    }
    if (dh0) row(dh0, b, H).set(dh);
    if (dc0) row(dc0, b, H).set(dc);
  }

  gradients.dWeightIh.array.set(dWeightIh);
  gradients.dWeightHh.array.set(dWeightHh);
  gradients.dBiasIh?.array.set(dBiasIh);
  gradients.dBiasHh?.array.set(dBiasHh);
}

/** The time steps that row b reads, in its order: its first `length`, from either end. */
function timesOf(b: number, { lengths }: SequenceInputs, { T, reverse }: SequenceSizes): number[] {
  const length = lengths ? lengths.array[b] : T;
  return Array.from({ length }, (_, s) => (reverse ? length - 1 - s : s));
}

/** Row r of a matrix with `cols` columns, rows `stride` apart. */
function row(x: Storage, r: number, cols: number, stride = cols): TypedArray {
  return x.array.subarray(r * stride, r * stride + cols);
}

/** A copy of row b of a state [B, H], zeros where there is none. */
function stateOf(state: Storage | null, b: number, like: Storage, H: number): TypedArray {
  const copy = scratchLike(like, H);
  if (state) copy.set(row(state, b, H));
  return copy;
}

/** A copy of h as weightHh sees it: under the recurrent dropout mask. */
function masked(h: Numbers, mask: Storage | null, b: number, H: number): Float64Array {
  return Float64Array.from(h, (value, j) => (mask ? value * mask.array[b * H + j] : value));
}
