// Attention of one query over the positions of a sequence, as one op: scores, softmax and weighted sum.

import { OptionError, ShapeError } from '../../errors.ts';
import { recordMany } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat, requireSameBackend } from './elementwise.ts';
import { zerosLike } from './shaping.ts';

export interface AttentionOptions {
  /** Additive attention's vector [A]: score = v · tanh(query + key). Without it, score = scale · query · key. */
  readonly v?: Tensor | null;
  /** int32 [B]: positions that count in each row. Default: all. */
  readonly lengths?: Tensor | null;
  /** Of the dot product. Default 1; 1/√A is the scaled form. */
  readonly scale?: number;
}

/**
 * query [B, A], keys [B, S, A], values [B, S, C] → context [B, C] = Σ_s w_s · values_s and the weights w [B, S] = softmax(score).
 * Additive: Bahdanau et al. 2015, with query and keys already projected; dot: Luong et al. 2015.
 */
export function attention(
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  options: AttentionOptions = {},
): { context: Tensor; weights: Tensor } {
  const { v = null, lengths = null, scale = 1 } = options;
  requireFloat('attention', query);
  requireAlike('attention', query, keys, values, v);
  requireSameBackend('attention', query, lengths);
  const [B, A] = query.shape;
  const S = keys.shape[1];
  const C = values.shape[2];
  if (query.rank !== 2) throw new ShapeError('attention', 'query', ['B', 'A'], query.shape);
  if (!sameShape(keys.shape, [B, S, A])) throw new ShapeError('attention', 'keys', [B, 'S', A], keys.shape);
  if (!sameShape(values.shape, [B, S, C])) throw new ShapeError('attention', 'values', [B, S, 'C'], values.shape);
  if (v && !sameShape(v.shape, [A])) throw new ShapeError('attention', 'v', [A], v.shape);
  if (lengths && !sameShape(lengths.shape, [B])) throw new ShapeError('attention', 'lengths', [B], lengths.shape);
  lengths?.storage.array.forEach((n, b) => {
    if (n < 0 || n > S) throw new OptionError('attention', 'lengths', `row ${b} has ${n}; there are ${S} positions`);
  });
  const { backend, dtype } = query;
  const sizes = { B, S, A, C };
  const context = Tensor.empty([B, C], dtype, backend);
  const weights = Tensor.empty([B, S], dtype, backend);
  backend.attention(
    context.storage,
    weights.storage,
    query.storage,
    keys.storage,
    values.storage,
    v?.storage ?? null,
    lengths?.storage ?? null,
    scale,
    sizes,
  );
  recordMany(
    'attention',
    [context, weights],
    v ? [query, keys, values, v] : [query, keys, values],
    ([dContext, dWeights]) => {
      const dQuery = Tensor.empty(query.shape, dtype, backend);
      const [dKeys, dValues] = [zerosLike(keys, keys.shape), zerosLike(values, values.shape)];
      const dV = v && zerosLike(v, v.shape);
      const arrived = dContext ?? zerosLike(context, context.shape);
      backend.attentionBackward(
        dQuery.storage,
        dKeys.storage,
        dValues.storage,
        dV?.storage ?? null,
        arrived.storage,
        dWeights?.storage ?? null,
        weights.storage,
        query.storage,
        keys.storage,
        values.storage,
        v?.storage ?? null,
        lengths?.storage ?? null,
        scale,
        sizes,
      );
      return [dQuery, dKeys, dValues, dV];
    },
  );
  return { context, weights };
}
