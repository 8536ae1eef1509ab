// Attention of queries over the positions of a sequence, as one op: scores, softmax and weighted sum.

import { OptionError, ShapeError, checkOptions } from '../../errors.ts';
import { recordMany } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat, requireSameBackend } from './operands.ts';
import { zerosLike } from './shaping.ts';

/** Options of `attention`. */
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
 * A query [T, B, A] is T of them over the same keys: context [T, B, C], weights [T, B, S].
 */
export function attention(
  query: Tensor,
  keys: Tensor,
  values: Tensor,
  options: AttentionOptions = {},
): { context: Tensor; weights: Tensor } {
  checkOptions('attention', options, ['v', 'lengths', 'scale']);
  const { v = null, lengths = null, scale = 1 } = options;
  for (const t of [query, keys, values]) requireFloat('attention', t);
  requireAlike('attention', query, keys, values, v);
  requireSameBackend('attention', query, lengths);
  if (query.rank !== 2 && query.rank !== 3) throw new ShapeError('attention', 'query', ['B', 'A'], query.shape);
  const [B, A] = query.shape.slice(-2);
  const T = query.rank === 3 ? query.shape[0] : 1;
  const lead = query.shape.slice(0, -1);
  const S = keys.shape[1];
  const C = values.shape[2];
  if (!sameShape(keys.shape, [B, S, A])) throw new ShapeError('attention', 'keys', [B, 'S', A], keys.shape);
  if (!sameShape(values.shape, [B, S, C])) throw new ShapeError('attention', 'values', [B, S, 'C'], values.shape);
  if (v && !sameShape(v.shape, [A])) throw new ShapeError('attention', 'v', [A], v.shape);
  if (lengths) checkLengths('attention', lengths, B, S);
  const { backend, dtype } = query;
  const sizes = { B, S, A, C };
  const context = Tensor.empty([...lead, C], dtype, backend);
  const weights = Tensor.empty([...lead, S], dtype, backend);
  const vector = v?.storage ?? null;
  const counts = lengths?.storage ?? null;
  /** Step t of [T, B, width]. */
  const at = (x: Tensor, t: number, width: number) => x.storage.slice(t * B * width, B * width);
  for (let t = 0; t < T; t++) {
    backend.attention(
      at(context, t, C), at(weights, t, S), at(query, t, A), keys.storage, values.storage, vector, counts, scale, sizes,
    ); // biome-ignore format: as in backend.ts
  }
  recordMany(
    'attention',
    [context, weights],
    v ? [query, keys, values, v] : [query, keys, values],
    ([dContext, dWeights]) => {
      const dQuery = Tensor.empty(query.shape, dtype, backend);
      const [dKeys, dValues] = [zerosLike(keys, keys.shape), zerosLike(values, values.shape)];
      const dV = v && zerosLike(v, v.shape);
      const arrived = dContext ?? zerosLike(context, context.shape);
      for (let t = 0; t < T; t++) {
        backend.attentionBackward(
          at(dQuery, t, A), dKeys.storage, dValues.storage, dV?.storage ?? null,
          at(arrived, t, C), dWeights && at(dWeights, t, S), at(weights, t, S),
          at(query, t, A), keys.storage, values.storage, vector, counts, scale, sizes,
        ); // biome-ignore format: as in backend.ts
      }
      return [dQuery, dKeys, dValues, dV];
    },
  );
  return { context, weights };
}

/** Lengths as int32 [B], each from 0 to S. */
export function checkLengths(who: string, lengths: Tensor, B: number, S: number): void {
  if (!sameShape(lengths.shape, [B])) throw new ShapeError(who, 'lengths', [B], lengths.shape);
  lengths.storage.array.forEach((n, b) => {
    if (n < 0 || n > S) throw new OptionError(who, 'lengths', `row ${b} has ${n}; there are ${S} positions`);
  });
}
