// Attention of one query over the S keys of its row: score, softmax, weighted sum. Rows are independent of each other.

import type { AttentionSizes } from '../backend.ts';
import type { Storage } from '../storage.ts';
import { softmaxRow } from './axis.ts';

export function attention(
  context: Storage,
  weights: Storage,
  query: Storage,
  keys: Storage,
  values: Storage,
  v: Storage | null,
  lengths: Storage | null,
  scale: number,
  { B, S, A, C }: AttentionSizes,
): void {
  for (let b = 0; b < B; b++) {
    const length = lengths ? lengths.array[b] : S;
    const q = query.array.subarray(b * A, (b + 1) * A);

    // score[s] = v · tanh(q + key[s])  or  scale · q · key[s]
    const score = new Float64Array(length);
    for (let s = 0; s < length; s++) {
      const key = keys.array.subarray((b * S + s) * A, (b * S + s + 1) * A);
      for (let j = 0; j < A; j++) score[s] += v ? v.array[j] * Math.tanh(q[j] + key[j]) : scale * q[j] * key[j];
    }

    // w = softmax(score), and 0 past the row's length
    softmaxRow(score, score);
    for (let s = 0; s < S; s++) weights.array[b * S + s] = s < length ? score[s] : 0;

    // context = Σ_s w[s] value[s]
    for (let c = 0; c < C; c++) {
      let sum = 0;
      for (let s = 0; s < length; s++) sum += score[s] * values.array[(b * S + s) * C + c];
      context.array[b * C + c] = sum;
    }
  }
}

export function attentionBackward(
  dQuery: Storage,
  dKeys: Storage,
  dValues: Storage | null,
  dV: Storage | null,
  dContext: Storage,
  dWeights: Storage | null,
  weights: Storage,
  query: Storage,
  keys: Storage,
  values: Storage,
  v: Storage | null,
  lengths: Storage | null,
  scale: number,
  { B, S, A, C }: AttentionSizes,
): void {
  for (let b = 0; b < B; b++) {
    const length = lengths ? lengths.array[b] : S;
    const q = query.array.subarray(b * A, (b + 1) * A);
    const w = weights.array.subarray(b * S, (b + 1) * S);

    // context = Σ_s w[s] value[s]:  dw[s] = dcontext · value[s] (and what came in),  dvalue[s] += w[s] dcontext
    const dw = new Float64Array(length);
    for (let s = 0; s < length; s++) {
      dw[s] = dWeights ? dWeights.array[b * S + s] : 0;
      for (let c = 0; c < C; c++) {
        const dc = dContext.array[b * C + c];
        dw[s] += dc * values.array[(b * S + s) * C + c];
        if (dValues) dValues.array[(b * S + s) * C + c] += w[s] * dc;
      }
    }

    // w = softmax(score):  dscore = w ⊙ (dw − Σ w ⊙ dw)
    let mean = 0;
    for (let s = 0; s < length; s++) mean += w[s] * dw[s];

    const dq = new Float64Array(A);
    for (let s = 0; s < length; s++) {
      const dScore = w[s] * (dw[s] - mean);
      for (let j = 0; j < A; j++) {
        const at = (b * S + s) * A + j;
        if (v) {
          // score = Σ_j v[j] tanh(q[j] + key[j])
          const tanh = Math.tanh(q[j] + keys.array[at]);
          const dSum = dScore * v.array[j] * (1 - tanh * tanh);
          if (dV) dV.array[j] += dScore * tanh;
          dKeys.array[at] += dSum;
          dq[j] += dSum;
        } else {
          // score = scale Σ_j q[j] key[j]
          dq[j] += dScore * scale * keys.array[at];
          dKeys.array[at] += dScore * scale * q[j];
        }
      }
    }
    dQuery.array.set(dq, b * A);
  }
}
