// The ops that a decoder is made of: one step of a cell, a layer that looks at a source before every step, and the loss of a large vocabulary.

import { gateCount } from '../../packages/unrolled/src/backend/backend.ts';
import {
  attentiveSequence,
  linearCrossEntropy,
  recurrentStep,
  type Tensor,
} from '../../packages/unrolled/src/tensor/index.ts';
import type { Input, Sample } from '../ops.ts';
import { ints, wave } from './inputs.ts';

const stepped = ['rnnTanh', 'rnnRelu', 'lstm', 'gru'] as const;
type SteppedCell = (typeof stepped)[number];

function step(cell: SteppedCell, B: number, H: number): Sample {
  const gates = [B, gateCount[cell] * H];
  return {
    inputs: [wave(gates), wave(gates, 1), wave([B, H], 2), ...(cell === 'lstm' ? [wave([B, H], 3)] : [])],
    run: (x, u, h, c?: Tensor) => {
      const next = recurrentStep(cell, x, u, h, c ?? null);
      return next.c ? [next.h, next.c] : [next.h];
    },
  };
}

interface Sizes {
  readonly T: number;
  readonly B: number;
  readonly S: number;
  readonly H: number;
  readonly A: number;
}

function attentive(
  cell: SteppedCell,
  sizes: Sizes,
  options: { bias?: boolean; lengths?: number[]; gate?: boolean } = {},
): Sample {
  const { T, B, S, H, A } = sizes;
  const { bias = true, lengths, gate = false } = options;
  const GH = gateCount[cell] * H;
  const inputs: Input[] = [
    wave([T, B, GH]), wave([GH, H], 1, 0.6), wave([B, H], 2, 0.6), wave([A, H], 3), wave([B, S, A], 4), wave([B, S, GH], 5), wave([A], 6),
  ]; // biome-ignore format: in the order of the arguments
  if (bias) inputs.push(wave([GH], 7, 0.5));
  if (cell === 'lstm') inputs.push(wave([B, H], 8, 0.6));
  if (gate) inputs.push(wave([1, H], 9), wave([1], 10));
  return {
    inputs,
    run: (gates, weightHh, h0, weightQuery, keys, values, v, ...rest) => {
      const queue = rest.values();
      const biasHh = bias ? (queue.next().value as Tensor) : null;
      const c0 = cell === 'lstm' ? (queue.next().value as Tensor) : null;
      const ints32 = lengths && ints(gates, lengths);
      const given = { gates, weightHh, biasHh, h0, c0, weightQuery, keys, values, v, lengths: ints32 };
      const [weight, open] = queue;
      const { y, weights, beta } = attentiveSequence(cell, { ...given, gate: gate ? { weight, bias: open } : null });
      return beta ? [y, weights, beta] : [y, weights];
    },
  };
}

const small = { T: 3, B: 2, S: 3, H: 2, A: 4 };
const odd = { T: 2, B: 3, S: 2, H: 5, A: 3 };

const target = [2, 0, 4, 1, 3, 0];
const ignoring = [2, -1, 4, -1, 3, 0];
const lossInputs = [wave([2, 3, 4]), wave([5, 4], 1), wave([5], 2)];
const plainLoss =
  (targets: readonly number[], mean: boolean) =>
  (x: readonly number[], w: readonly number[], b: readonly number[] = [0, 0, 0, 0, 0]): number[] => {
    let [sum, count] = [0, 0];
    for (const [r, t] of targets.entries()) {
      if (t < 0) continue;
      const logits = b.map((start, v) => w.slice(4 * v, 4 * v + 4).reduce((s, wi, i) => s + wi * x[4 * r + i], start));
      sum += Math.log(logits.reduce((s, v) => s + Math.exp(v), 0)) - logits[t];
      count++;
    }
    return [mean ? sum / count : sum];
  };

export const decoderOps: Record<string, Record<string, Sample>> = {
  recurrentStep: Object.fromEntries(
    stepped.flatMap((cell) => [
      [`${cell}`, step(cell, 2, 3)],
      [`${cell}, sizes that fill no vector register`, step(cell, 3, 19)],
      [`${cell}, no rows`, step(cell, 0, 3)],
    ]),
  ),
  attentiveSequence: Object.fromEntries(
    stepped.flatMap((cell) => [
      [`${cell}`, attentive(cell, small)],
      [`${cell}, lengths, one of them 0`, attentive(cell, small, { lengths: [2, 0] })],
      [`${cell}, no bias`, attentive(cell, odd, { bias: false })],
      [`${cell}, no steps`, attentive(cell, { ...small, T: 0 })],
      [`${cell}, one step`, attentive(cell, { ...odd, T: 1 })],
      [`${cell}, gated`, attentive(cell, odd, { gate: true })],
      [`${cell}, gated, lengths, one of them 0`, attentive(cell, small, { gate: true, lengths: [2, 0] })],
    ]),
  ),
  linearCrossEntropy: {
    mean: {
      inputs: lossInputs,
      run: (x, w, b) => linearCrossEntropy(x, w, b, ints(x, target, [2, 3])),
      plain: plainLoss(target, true),
    },
    'sum, some ignored': {
      inputs: lossInputs,
      run: (x, w, b) => linearCrossEntropy(x, w, b, ints(x, ignoring, [2, 3]), { reduction: 'sum', ignoreIndex: -1 }),
      plain: plainLoss(ignoring, false),
    },
    'mean, no bias, some ignored, scaled': {
      inputs: lossInputs.slice(0, 2),
      run: (x, w) => linearCrossEntropy(x, w, null, ints(x, ignoring, [2, 3]), { ignoreIndex: -1 }).mul(3),
    },
    'all ignored': {
      inputs: lossInputs,
      run: (x, w, b) => linearCrossEntropy(x, w, b, ints(x, new Array(6).fill(-100), [2, 3])),
      plain: () => [0],
    },
  },
};
