// The point-wise half of one sLSTM step for B rows. gates i f z o; c is the normalized cell, m the logarithm of its weight.
//
//   u = i − log σ(f) − m     w = σ(u)     c' = c + w ⊙ (tanh z − c)     m' = i + softplus(−u)     h' = σ(o) ⊙ c'
//
// Saved for the backward pass: w, σ(−f), tanh z, σ(o).

import type { Storage } from '../storage.ts';
import { sigmoid } from './elementwise.ts';

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export function slstmForward(
  y: Storage,
  h: Storage,
  c: Storage,
  m: Storage,
  reserve: Storage | null,
  gatesX: Storage,
  gatesH: Storage,
  hBefore: Storage,
  cBefore: Storage,
  mBefore: Storage,
  lengths: Storage | null,
  t: number,
  B: number,
  H: number,
): void {
  for (let b = 0; b < B; b++) {
    for (let j = 0; j < H; j++) {
      const at = b * H + j;
      if (lengths && t >= lengths.array[b]) {
        h.array[at] = hBefore.array[at];
        c.array[at] = cBefore.array[at];
        m.array[at] = mBefore.array[at];
        y.array[at] = 0;
        continue;
      }
      const gate = (k: number) => gatesX.array[(b * 4 + k) * H + j] + gatesH.array[(b * 4 + k) * H + j];
      const [i, f, z, o] = [gate(0), gate(1), Math.tanh(gate(2)), sigmoid(gate(3))];
      const u = i + softplus(-f) - mBefore.array[at];
      const w = sigmoid(u);
      const next = cBefore.array[at] + w * (z - cBefore.array[at]);
      c.array[at] = next;
      m.array[at] = i + softplus(-u);
      h.array[at] = o * next;
      y.array[at] = o * next;
      for (const [k, value] of [w, sigmoid(-f), z, o].entries())
        if (reserve) reserve.array[(b * 4 + k) * H + j] = value;
    }
  }
}

export function slstmBackward(
  dGates: Storage,
  dh: Storage,
  dc: Storage,
  dm: Storage,
  dy: Storage | null,
  reserve: Storage,
  c: Storage,
  cBefore: Storage,
  lengths: Storage | null,
  t: number,
  B: number,
  H: number,
): void {
  for (let b = 0; b < B; b++) {
    for (let j = 0; j < H; j++) {
      const at = b * H + j;
      const give = (k: number, value: number) => (dGates.array[(b * 4 + k) * H + j] = value);
      if (lengths && t >= lengths.array[b]) {
        for (let k = 0; k < 4; k++) give(k, 0);
        continue;
      }
      const [w, notF, z, o] = [0, 1, 2, 3].map((k) => reserve.array[(b * 4 + k) * H + j]);
      const out = dh.array[at] + (dy ? dy.array[at] : 0);
      const cell = dc.array[at] + out * o; // c' reaches the loss as c' and through h'
      const du = (cell * (z - cBefore.array[at]) * w - dm.array[at]) * (1 - w);
      give(0, dm.array[at] + du);
      give(1, -du * notF);
      give(2, cell * w * (1 - z * z));
      give(3, out * c.array[at] * o * (1 - o));
      dh.array[at] = 0;
      dc.array[at] = cell * (1 - w);
      dm.array[at] = -du;
    }
  }
}
