// A sequence of states as one vector: many to one. Steps past a row's length count for nothing, and a row of length 0 pools to zeros.

import { requireSizes, requireWhole } from '../checks.ts';
import { ShapeError } from '../errors.ts';
import { tensor, zeros } from '../tensor/create.ts';
import { attention } from '../tensor/ops/attention.ts';
import { where } from '../tensor/ops/elementwise.ts';
import { requireTensor } from '../tensor/ops/operands.ts';
import { cat } from '../tensor/ops/shaping.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from './init.ts';
import { Linear } from './linear.ts';
import { Module, type Parameter } from './module.ts';
import { hostValues } from '../tensor/host-values.ts';

/** The last layer's final state, directions side by side: h [L·D, B, H] → [B, D·H]. Each direction's is the one at that row's end. */
export function lastState(h: Tensor, directions: number): Tensor {
  requireTensor('lastState', h);
  requireWhole('lastState', 'directions', directions, 1, 2);
  const top = h.slice(0, h.shape[0] - directions);
  return directions === 1 ? top.select(0, 0) : cat(top.unbind(0), 1);
}

/** y [T, B, H], 0 past the lengths int32 [B] → its mean over time [B, H]. */
export function meanOverTime(y: Tensor, lengths: Tensor | null): Tensor {
  requireTensor('meanOverTime', y);
  if (lengths !== null) requireTensor('meanOverTime', lengths);
  const [T, B] = y.shape;
  const counts = lengths ? Array.from(hostValues(lengths), (n) => Math.max(1, n)) : new Array<number>(B).fill(T || 1);
  return y.sum(0).div(tensor(counts, [B, 1], like(y)));
}

/** y [T, B, H] → the largest value of each unit over time [B, H]. */
export function maxOverTime(y: Tensor, lengths: Tensor | null): Tensor {
  requireTensor('maxOverTime', y);
  if (lengths !== null) requireTensor('maxOverTime', lengths);
  const [T, B, H] = y.shape;
  if (T === 0) return zeros([B, H], like(y));
  if (!lengths) return y.max(0);
  const n = hostValues(lengths);
  const below = -(2 ** 127); // below all there is, and finite: an infinite number on the way is a fault
  const outside = Float32Array.from({ length: T * B }, (_, k) => (Math.floor(k / B) < n[k % B] ? 0 : below));
  const largest = y.add(tensor(outside, [T, B, 1], like(y))).max(0);
  return n.includes(0) ? where(lengths.unsqueeze(1), largest, 0) : largest;
}

/**
 * Additive self-attention over time (Lin et al. 2017, one head; the score is Bahdanau's without a query): which steps matter is learned.
 *
 *   a_t = softmax_t(v · tanh(W h_t + b))     pooled = Σ_t a_t h_t
 */
export class AttentionPooling extends Module {
  readonly projection: Linear; // [A, H]
  readonly v: Parameter; // [A]

  constructor(hiddenSize: number, attentionSize = hiddenSize) {
    super();
    requireSizes('AttentionPooling', { hiddenSize, attentionSize }, true);
    this.projection = new Linear(hiddenSize, attentionSize);
    this.v = uniformParameter([attentionSize], inverseSqrt(attentionSize));
  }

  /** y [T, B, H] → the pooled vector [B, H] and what each step weighs in it [B, T], 0 past the lengths. */
  forward(y: Tensor, lengths: Tensor | null = null): [pooled: Tensor, weights: Tensor] {
    const { inFeatures, outFeatures } = this.projection;
    requireTensor('AttentionPooling', y);
    if (y.rank !== 3 || y.shape[2] !== inFeatures)
      throw new ShapeError('AttentionPooling', 'input', ['time', 'batch', inFeatures], y.shape);
    const values = y.transpose(0, 1);
    const query = zeros([y.shape[1], outFeatures], like(y));
    const { context, weights } = attention(query, this.projection.forward(values), values, { v: this.v, lengths });
    return [context, weights];
  }

  protected override describe(): string {
    return `${this.projection.inFeatures}, ${this.projection.outFeatures}`;
  }
}

function like({ dtype, backend }: Tensor) {
  return { dtype, backend };
}
