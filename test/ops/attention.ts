import { attention, type Tensor } from '../../packages/unrolled/src/tensor/index.ts';
import type { Sample } from '../ops.ts';
import { ints, wave } from './inputs.ts';

const [B, S, A, C] = [2, 3, 4, 2];
const inputs = [wave([B, A]), wave([B, S, A], 1), wave([B, S, C], 2)];
const vector = wave([A], 3);

function sample(additive: boolean, lengths: readonly number[] | null, scale: number): Sample {
  return {
    inputs: additive ? [...inputs, vector] : inputs,
    run: (query: Tensor, keys: Tensor, values: Tensor, v?: Tensor) => {
      const { context, weights } = attention(query, keys, values, {
        v,
        scale,
        lengths: lengths && ints(query, lengths),
      });
      return [context, weights];
    },
    // Σ_s softmax(score)_s · values_s, row by row.
    plain: (q, k, values, v) => {
      const [context, weights]: [number[], number[]] = [[], []];
      for (let b = 0; b < B; b++) {
        const n = lengths?.[b] ?? S;
        const e = Array.from({ length: S }, (_, s) => {
          if (s >= n) return 0;
          let score = 0;
          for (let a = 0; a < A; a++) {
            const [x, y] = [q[b * A + a], k[(b * S + s) * A + a]];
            score += additive ? v[a] * Math.tanh(x + y) : scale * x * y;
          }
          return Math.exp(score);
        });
        const sum = e.reduce((x, y) => x + y, 0);
        const w = e.map((x) => (sum === 0 ? 0 : x / sum));
        weights.push(...w);
        for (let c = 0; c < C; c++) context.push(w.reduce((t, x, s) => t + x * values[(b * S + s) * C + c], 0));
      }
      return [...context, ...weights];
    },
  };
}

export const attentionOps: Record<string, Record<string, Sample>> = {
  attention: {
    dot: sample(false, null, 1),
    'dot, scaled': sample(false, null, 0.5),
    'dot, with lengths': sample(false, [3, 1], 1),
    additive: sample(true, null, 1),
    'additive, with lengths': sample(true, [1, 2], 1),
    'additive, with a row of length 0': sample(true, [0, 3], 1),
    'of the context alone': { inputs, run: (q, k, v) => attention(q, k, v).context },
    'of the weights alone': { inputs: inputs.slice(0, 2), run: (q, k) => attention(q, k, k).weights },
    'two queries of the same keys': {
      inputs: [wave([2, B, A]), ...inputs.slice(1), vector],
      run: (query, keys, values, v) => {
        const { context, weights } = attention(query, keys, values, { v, lengths: ints(query, [2, 3]) });
        return [context, weights];
      },
    },
    'of no rows': {
      inputs: [wave([0, 2]), wave([0, 3, 2]), wave([0, 3, 1])],
      run: (q, k, v) => attention(q, k, v).context,
      plain: () => [],
    },
  },
};
