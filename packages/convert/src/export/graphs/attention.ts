// Attention over the positions of a source or the regions of an image, for one query a row.

import type { GraphBuilder, Value } from '../graph-builder.ts';

/** The library's attention: its three parts, of which dot has none and general the key alone. */
export interface AttentionLike {
  readonly query: Parameters<GraphBuilder['linear']>[1] | null;
  readonly key: Parameters<GraphBuilder['linear']>[1] | null;
  readonly v: { readonly shape: readonly number[] } | null;
}

/** values [B, S, C] → keys [B, S, A] */
export function keysOf(g: GraphBuilder, name: string, { key }: AttentionLike, values: Value): Value {
  return key ? g.linear(`${name}.key`, key, values) : values;
}

/** query [B, H] over keys [B, S, A] → weights [B, S], 0 past the lengths. */
export function attentionWeights(
  g: GraphBuilder,
  name: string,
  { query: projection, v }: AttentionLike,
  query: Value,
  keys: Value,
  lengths: Value | null,
): Value {
  const q = projection ? g.linear(`${name}.query`, projection, query) : query;
  const scores = v ? additive(g, keys, q, g.parameter(`${name}.v`, v.shape)) : dot(g, keys, q);
  return lengths ? g.op('MaskedSoftmax', [scores, lengths]) : g.op('Softmax', [scores], { axis: -1 });
}

/** v · tanh(query + key) */
function additive(g: GraphBuilder, keys: Value, query: Value, v: Value): Value {
  const compared = g.op('Tanh', [g.op('Add', [keys, g.op('Unsqueeze', [query], { axes: [1] })])]);
  return g.op('ReduceSum', [g.op('Mul', [compared, v])], { axes: [2], keepdims: false });
}

/** query · key */
function dot(g: GraphBuilder, keys: Value, query: Value): Value {
  const column = g.op('Unsqueeze', [query], { axes: [2] });
  return g.op('Squeeze', [g.op('MatMul', [keys, column])], { axes: [2] });
}
