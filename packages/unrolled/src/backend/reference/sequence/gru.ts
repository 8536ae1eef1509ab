// Gated recurrent unit of Cho et al. (2014), in PyTorch's order of gates, in its two forms.
//
//   r = σ(x_r + W_hr h + b_hr)
//   z = σ(x_z + W_hz h + b_hz)                      x_k stands for W_ik x + b_ik
//   n = tanh(x_n + r ⊙ (W_hn h + b_hn))             `gru`: reset after the product, as PyTorch and cuDNN have it
//   n = tanh(x_n + W_hn (r ⊙ h) + b_hn)             `gruResetBefore`: reset before it, as in the paper
//   h' = (1 − z) ⊙ n + z ⊙ h
//
// With recurrent dropout the h inside the products is hIn = mask ⊙ h; the last line takes h itself.
// Kept: r z n, and for `gru` u = W_hn h + b_hn: 4H or 3H numbers a step.

import { sigmoid } from '../elementwise.ts';
import type { SequenceCell, StepBack } from './cell.ts';
import { addOuter, addTransposed, affine, block, type Numbers, type Vector } from './vector.ts';

export const gru: SequenceCell = {
  gates: 3,
  reserve: 4,

  forward({ gatesX, hIn, h, reserve }, { H, weightHh, biasHh }) {
    const gatesH = new Float64Array(3 * H);
    affine(gatesH, weightHh, hIn, biasHh);

    for (let j = 0; j < H; j++) {
      const r = sigmoid(gatesX[j] + gatesH[j]);
      const z = sigmoid(gatesX[H + j] + gatesH[H + j]);
      const u = gatesH[2 * H + j];
      const n = Math.tanh(gatesX[2 * H + j] + r * u);
      h[j] = (1 - z) * n + z * h[j];
      reserve[j] = r;
      reserve[H + j] = z;
      reserve[2 * H + j] = n;
      reserve[3 * H + j] = u;
    }
  },

  backward(step, { H, weightHh }) {
    const { reserve, hIn, dhIn, dGatesX, dGatesH, dWeightHh } = step;
    const [r, z, n, u] = [0, 1, 2, 3].map((k) => block(reserve, k, H));
    const [dr, dz, dn] = [0, 1, 2].map((k) => block(dGatesX, k, H)); // of the pre-activations
    mixBackward(step, z, n, dz, dn);

    for (let j = 0; j < H; j++) dr[j] = dn[j] * u[j] * r[j] * (1 - r[j]);

    dGatesH.set(dGatesX);
    for (let j = 0; j < H; j++) dGatesH[2 * H + j] = dn[j] * r[j]; // only n sees its product through r
    addTransposed(dhIn, weightHh, dGatesH);
    addOuter(dWeightHh, dGatesH, hIn);
  },
};

export const gruResetBefore: SequenceCell = {
  gates: 3,
  reserve: 3,

  forward({ gatesX, hIn, h, reserve }, { H, weightHh, biasHh }) {
    const bias = (k: number) => biasHh && block(biasHh, k, H);
    const [r, z, n] = [0, 1, 2].map((k) => block(reserve, k, H));
    const u = new Float64Array(H);
    const reset = new Float64Array(H); // r ⊙ hIn

    affine(u, block(weightHh, 0, H, H), hIn, bias(0));
    for (let j = 0; j < H; j++) {
      r[j] = sigmoid(gatesX[j] + u[j]);
      reset[j] = r[j] * hIn[j];
    }

    affine(u, block(weightHh, 1, H, H), hIn, bias(1));
    for (let j = 0; j < H; j++) z[j] = sigmoid(gatesX[H + j] + u[j]);

    affine(u, block(weightHh, 2, H, H), reset, bias(2));
    for (let j = 0; j < H; j++) n[j] = Math.tanh(gatesX[2 * H + j] + u[j]);

    for (let j = 0; j < H; j++) h[j] = (1 - z[j]) * n[j] + z[j] * h[j];
  },

  backward(step, { H, weightHh }) {
    const { reserve, hIn, dhIn, dGatesX, dGatesH, dWeightHh } = step;
    const [r, z, n] = [0, 1, 2].map((k) => block(reserve, k, H));
    const [dr, dz, dn] = [0, 1, 2].map((k) => block(dGatesX, k, H)); // of the pre-activations
    mixBackward(step, z, n, dz, dn);

    // reset = r ⊙ hIn enters W_hn
    const reset = new Float64Array(H);
    for (let j = 0; j < H; j++) reset[j] = r[j] * hIn[j];
    const dReset = new Float64Array(H);
    addTransposed(dReset, block(weightHh, 2, H, H), dn);
    addOuter(block(dWeightHh, 2, H, H), dn, reset);
    for (let j = 0; j < H; j++) {
      dr[j] = dReset[j] * hIn[j] * r[j] * (1 - r[j]);
      dhIn[j] += dReset[j] * r[j];
    }

    // hIn enters W_hr and W_hz
    for (const [k, d] of [dr, dz].entries()) {
      addTransposed(dhIn, block(weightHh, k, H, H), d);
      addOuter(block(dWeightHh, k, H, H), d, hIn);
    }
    dGatesH.set(dGatesX);
  },
};

/** h' = (1 − z) ⊙ n + z ⊙ h, back to the pre-activations of z and n, and to h. */
function mixBackward({ hPrev, dh }: StepBack, z: Numbers, n: Numbers, dz: Vector, dn: Vector): void {
  for (let j = 0; j < dh.length; j++) {
    dz[j] = dh[j] * (hPrev[j] - n[j]) * z[j] * (1 - z[j]);
    dn[j] = dh[j] * (1 - z[j]) * (1 - n[j] * n[j]);
    dh[j] *= z[j];
  }
}
