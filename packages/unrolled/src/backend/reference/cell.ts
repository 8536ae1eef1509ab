// The point-wise half of one step of a cell, for a batch: what is left when both matrix products are done.
//
// Saved for the backward pass, row by row: LSTM i f g o, GRU r z n u (u = W_hn h + b_hn), RNN nothing.

import type { SteppedCell } from '../backend.ts';
import type { Storage } from '../storage.ts';
import { sigmoid } from './elementwise.ts';

export function cellForward(
  cell: SteppedCell,
  h: Storage,
  c: Storage | null,
  reserve: Storage | null,
  gatesX: Storage,
  gatesH: Storage,
  hBefore: Storage,
  cBefore: Storage | null,
  B: number,
  H: number,
): void {
  const G = { rnnTanh: 1, rnnRelu: 1, lstm: 4, gru: 3 }[cell];
  for (let b = 0; b < B; b++) {
    for (let j = 0; j < H; j++) {
      const x = (k: number) => gatesX.array[(b * G + k) * H + j];
      const u = (k: number) => gatesH.array[(b * G + k) * H + j];
      const at = b * H + j;
      const keep = (...values: number[]) => {
        if (reserve) for (const [k, value] of values.entries()) reserve.array[(b * 4 + k) * H + j] = value;
      };
      if (cell === 'rnnTanh') h.array[at] = Math.tanh(x(0) + u(0));
      else if (cell === 'rnnRelu') h.array[at] = Math.max(x(0) + u(0), 0);
      else if (cell === 'lstm') {
        const [i, f] = [sigmoid(x(0) + u(0)), sigmoid(x(1) + u(1))];
        const [g, o] = [Math.tanh(x(2) + u(2)), sigmoid(x(3) + u(3))];
        const next = f * (cBefore as Storage).array[at] + i * g;
        (c as Storage).array[at] = next;
        h.array[at] = o * Math.tanh(next);
        keep(i, f, g, o);
      } else {
        const [r, z] = [sigmoid(x(0) + u(0)), sigmoid(x(1) + u(1))];
        const n = Math.tanh(x(2) + r * u(2));
        h.array[at] = (1 - z) * n + z * hBefore.array[at];
        keep(r, z, n, u(2));
      }
    }
  }
}

export function cellBackward(
  cell: SteppedCell,
  dGatesX: Storage,
  dGatesH: Storage,
  dhBefore: Storage,
  dcBefore: Storage | null,
  dh: Storage,
  dc: Storage | null,
  reserve: Storage,
  h: Storage,
  c: Storage | null,
  hBefore: Storage,
  cBefore: Storage | null,
  B: number,
  H: number,
): void {
  const G = { rnnTanh: 1, rnnRelu: 1, lstm: 4, gru: 3 }[cell];
  for (let b = 0; b < B; b++) {
    for (let j = 0; j < H; j++) {
      const at = b * H + j;
      const kept = (k: number) => reserve.array[(b * 4 + k) * H + j];
      /** The gradient of pre-activation k, as the input's half and as the state's half see it. */
      const give = (k: number, dx: number, du = dx) => {
        dGatesX.array[(b * G + k) * H + j] = dx;
        dGatesH.array[(b * G + k) * H + j] = du;
      };
      const [y, dy] = [h.array[at], dh.array[at]];
      if (cell === 'rnnTanh' || cell === 'rnnRelu') {
        give(0, cell === 'rnnTanh' ? dy * (1 - y * y) : y > 0 ? dy : 0);
        dhBefore.array[at] = 0; // the old state reaches the new one through W_hh only
      } else if (cell === 'lstm') {
        const [i, f, g, o] = [kept(0), kept(1), kept(2), kept(3)];
        const tanhC = Math.tanh((c as Storage).array[at]);
        const d = (dc ? dc.array[at] : 0) + dy * o * (1 - tanhC * tanhC); // c' reaches the loss as c' and through h'
        give(0, d * g * i * (1 - i));
        give(1, d * (cBefore as Storage).array[at] * f * (1 - f));
        give(2, d * i * (1 - g * g));
        give(3, dy * tanhC * o * (1 - o));
        dhBefore.array[at] = 0;
        (dcBefore as Storage).array[at] = d * f;
      } else {
        const [r, z, n, u] = [kept(0), kept(1), kept(2), kept(3)];
        const dn = dy * (1 - z) * (1 - n * n);
        give(0, dn * u * r * (1 - r));
        give(1, dy * (hBefore.array[at] - n) * z * (1 - z));
        give(2, dn, dn * r); // only n sees its product through r
        dhBefore.array[at] = dy * z;
      }
    }
  }
}
