// Long short-term memory, with the forget gate of Gers, Schmidhuber and Cummins (2000), in PyTorch's order of gates.
//
//   i = σ(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)       a = W_ih x + b_ih + W_hh h + b_hh
//   c' = f ⊙ c + i ⊙ g
//   h' = o ⊙ tanh(c')
//
// Kept: i f g o c', 5H numbers a step.

import { sigmoid } from '../elementwise.ts';
import type { SequenceCell } from './cell.ts';
import { addOuter, addTransposed, affine, block } from './vector.ts';

export const lstm: SequenceCell = {
  gates: 4,
  reserve: 5,

  forward({ gatesX, hIn, h, c, reserve }, { H, weightHh, biasHh }) {
    const a = new Float64Array(4 * H);
    affine(a, weightHh, hIn, biasHh);
    for (let k = 0; k < 4 * H; k++) a[k] += gatesX[k];

    for (let j = 0; j < H; j++) {
      const i = sigmoid(a[j]);
      const f = sigmoid(a[H + j]);
      const g = Math.tanh(a[2 * H + j]);
      const o = sigmoid(a[3 * H + j]);
      c[j] = f * c[j] + i * g;
      h[j] = o * Math.tanh(c[j]);
      reserve[j] = i;
      reserve[H + j] = f;
      reserve[2 * H + j] = g;
      reserve[3 * H + j] = o;
      reserve[4 * H + j] = c[j];
    }
  },

  backward({ reserve, cPrev, hIn, dh, dc, dhIn, dGatesX, dGatesH, dWeightHh }, { H, weightHh }) {
    const [i, f, g, o, c] = [0, 1, 2, 3, 4].map((k) => block(reserve, k, H));
    const [di, df, dg, d_o] = [0, 1, 2, 3].map((k) => block(dGatesH, k, H)); // of the pre-activations

    for (let j = 0; j < H; j++) {
      const tanhC = Math.tanh(c[j]);
      const dcj = dc[j] + dh[j] * o[j] * (1 - tanhC * tanhC); // c' reaches the loss as c' and through h'
      di[j] = dcj * g[j] * i[j] * (1 - i[j]);
      df[j] = dcj * cPrev[j] * f[j] * (1 - f[j]);
      dg[j] = dcj * i[j] * (1 - g[j] * g[j]);
      d_o[j] = dh[j] * tanhC * o[j] * (1 - o[j]);
      dc[j] = dcj * f[j];
      dh[j] = 0; // the old h reaches the new state through W_hh only
    }
    dGatesX.set(dGatesH);
    addTransposed(dhIn, weightHh, dGatesH);
    addOuter(dWeightHh, dGatesH, hIn);
  },
};
