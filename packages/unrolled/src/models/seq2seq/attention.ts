// Attention: a score for every position of the source, the softmax over them, and the weighted sum of the values.
//
//   additive, concat   score_s = v · tanh(W_q q + W_k h_s)        Bahdanau et al. 2015, eq. 6 and A.1.2; Luong et al. 2015, eq. 8 "concat"
//   general            score_s = q · W_k h_s                      Luong eq. 8
//   dot                score_s = q · h_s                          Luong eq. 8
//   w = softmax_s(score)     context = Σ_s w_s h_s                Bahdanau eq. 5; Luong eq. 7
//
// W_k h_s does not depend on the query: the keys are computed once a source.

import { requireFunction } from '../../checks.ts';
import { ContextVariable } from '../../context-variable.ts';
import { ShapeError } from '../../errors.ts';
import { inverseSqrt, uniformParameter } from '../../nn/init.ts';
import { Linear } from '../../nn/linear.ts';
import { Module, type Parameter } from '../../nn/module.ts';
import { attention } from '../../tensor/ops/attention.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Attention weights [B, S] of one step → those that take their place. */
export type AttentionChange = (weights: Tensor) => Tensor;

const change = new ContextVariable<AttentionChange | null>(null);

/**
 * Runs `body`, in which decoders of translators and captioners go step by step, with their attention weights replaced: what would follow if a word
 * had attended elsewhere?
 *
 *     const first = (weights) => tensor([1, 0, 0], [1, 3]);
 *     changeAttention(first, () => model.decoder.step(x, state, memory));     // attends to the first of three positions
 *
 * Throws a ShapeError where the new weights have another shape.
 */
export function changeAttention<R>(changed: AttentionChange, body: () => R): R {
  requireFunction('changeAttention', 'changed', changed);
  requireFunction('changeAttention', 'body', body);
  return change.run(changed, body);
}

/** Whether attention weights are changed: then decoders go step by step. */
export const isAttentionChanged = (): boolean => change.value !== null;

export type AttentionKind = 'additive' | 'dot' | 'general' | 'concat';

export class Attention extends Module {
  readonly kind: AttentionKind;
  readonly query: Linear | null; // [A, H]
  readonly key: Linear | null; // [A, C], or [H, C]
  readonly v: Parameter | null; // [A]

  /** Queries of `querySize` H over states of `valueSize` C. */
  constructor(kind: AttentionKind, querySize: number, valueSize: number, size: number) {
    super();
    this.kind = kind;
    const additive = kind === 'additive' || kind === 'concat';
    this.query = additive ? new Linear(querySize, size, { bias: false }) : null;
    this.key = kind === 'dot' ? null : new Linear(valueSize, additive ? size : querySize, { bias: false });
    this.v = additive ? uniformParameter([size], inverseSqrt(size)) : null;
  }

  /** values [B, S, C] → keys [B, S, A] */
  keys(values: Tensor): Tensor {
    return this.key ? this.key.forward(values) : values;
  }

  /** query [B, H], or [T, B, H] → the context [.., C] and the weights [.., S], 0 past each row's length. */
  forward(query: Tensor, keys: Tensor, values: Tensor, lengths: Tensor | null): { context: Tensor; weights: Tensor } {
    const found = attention(this.query ? this.query.forward(query) : query, keys, values, { v: this.v, lengths });
    if (!change.value || query.rank !== 2) return found;
    const weights = change.value(found.weights);
    if (!sameShape(weights.shape, found.weights.shape))
      throw new ShapeError('changeAttention', 'weights', found.weights.shape, weights.shape);
    return { context: weights.unsqueeze(1).matmul(values).squeeze(1), weights };
  }

  protected override describe(): string {
    return this.kind;
  }
}
