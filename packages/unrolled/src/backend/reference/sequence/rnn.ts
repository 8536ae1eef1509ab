// The plain recurrent network of Elman (1990).
//
//   h' = act(W_ih x + b_ih + W_hh h + b_hh)        act = tanh or relu
//
// Both derivatives can be read off the output, so nothing is kept: tanh′ = 1 − h'², relu′ = [h' > 0].

import type { SequenceCell } from './cell.ts';
import { addOuter, addTransposed, affine } from './vector.ts';

function elman(act: (a: number) => number, derivative: (h: number) => number): SequenceCell {
  return {
    gates: 1,
    reserve: 0,

    forward({ gatesX, hIn, h }, { H, weightHh, biasHh }) {
      const gatesH = new Float64Array(H);
      affine(gatesH, weightHh, hIn, biasHh);
      for (let j = 0; j < H; j++) h[j] = act(gatesX[j] + gatesH[j]);
    },

    backward({ h, hIn, dh, dhIn, dGatesX, dGatesH, dWeightHh }, { H, weightHh }) {
      for (let j = 0; j < H; j++) {
        dGatesX[j] = dGatesH[j] = dh[j] * derivative(h[j]);
        dh[j] = 0; // the old state reaches the new one through W_hh only
      }
      addTransposed(dhIn, weightHh, dGatesH);
      addOuter(dWeightHh, dGatesH, hIn);
    },
  };
}

export const rnnTanh = elman(Math.tanh, (h) => 1 - h * h);
export const rnnRelu = elman(
  (a) => (a < 0 ? 0 : a),
  (h) => (h > 0 ? 1 : 0),
);
