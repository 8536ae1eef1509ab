// Cross entropy from logits, with the softmax inside: no probability is ever rounded to 0 before its logarithm is taken.

import type { Storage } from '../storage.ts';
import { logSumExp as rowLogSumExp } from './axis.ts';

export function crossEntropy(
  loss: Storage,
  logSumExp: Storage,
  logits: Storage,
  target: Storage,
  rows: number,
  cols: number,
  ignoreIndex: number,
): void {
  for (let r = 0; r < rows; r++) {
    const row = logits.array.subarray(r * cols, (r + 1) * cols);
    const total = rowLogSumExp(row);
    const k = target.array[r];
    logSumExp.array[r] = total;
    loss.array[r] = k === ignoreIndex ? 0 : total - row[k];
  }
}

export function crossEntropyBackward(
  dLogits: Storage,
  dLoss: Storage,
  logits: Storage,
  logSumExp: Storage,
  target: Storage,
  rows: number,
  cols: number,
  ignoreIndex: number,
): void {
  for (let r = 0; r < rows; r++) {
    const k = target.array[r];
    for (let v = 0; v < cols; v++) {
      const at = r * cols + v;
      const p = Math.exp(logits.array[at] - logSumExp.array[r]);
      dLogits.array[at] = k === ignoreIndex ? 0 : dLoss.array[r] * (p - (v === k ? 1 : 0));
    }
  }
}
