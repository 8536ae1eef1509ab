// A language model with a cache of what it has read (Grave, Joulin and Usunier 2017): words that occurred lately are likely to occur again, more so
// where the hidden state was alike. Nothing is trained for it.
//
//   p(w) = (1 − λ) p_model(w) + λ p_cache(w)         p_cache(w) ∝ Σ_i 1[w = x_(i+1)] exp(θ h_t · h_i),  i over the last N steps before t
//
// h_t is what the output product reads, x_(i+1) the symbol that came after h_i.

import { requireKinds, requireNumber, requireRoom, requireWhole, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { computeValues } from '../inference/compute.ts';
import { type LanguageModel, type LanguageState, requireLanguageModel } from '../models/language-model.ts';
import { inEvaluation } from '../nn/in-evaluation.ts';
import { CarriedState } from '../nn/recurrent/state.ts';
import { indices, tensor } from '../tensor/create.ts';
import { cat } from '../tensor/ops/shaping.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';

/** Options of `evaluateWithCache`. */
export interface CacheOptions {
  /** Steps N that the cache remembers. Default 500. */
  readonly size?: number;
  /** θ, how much more alike states count; 0 counts words alone. Default 0.3. */
  readonly theta?: number;
  /** λ, the cache's share of the probability. Default 0.1. */
  readonly weight?: number;
}

/** How well a language model predicts a text, with and without a cache. */
export interface CacheEvaluation {
  /** Nats per target with the cache. */
  readonly loss: number;
  /** Nats per target of the model alone. */
  readonly plain: number;
  readonly targets: number;
}

/** Steps that are computed at once. */
const window = 128;

/**
 * Reads a text once from its start, in one stream with the state carried:
 *
 *     const { loss, plain } = await evaluateWithCache(model, ids, { size: 2000 });
 *
 * Throws an OptionError for a text of fewer than two symbols.
 */
export async function evaluateWithCache(
  model: LanguageModel,
  ids: Int32Array,
  options: CacheOptions = {},
): Promise<CacheEvaluation> {
  const who = 'evaluateWithCache';
  requireLanguageModel(who, model);
  requireKinds(who, { ids }, { ids: 'numbers' });
  checkOptions(who, options, ['size', 'theta', 'weight']);
  const { size = 500, theta = 0.3, weight = 0.1 } = options;
  requireWhole(who, 'size', size, 1);
  requireRoom(who, 'size', size + window, model.recurrent.outputSize);
  requireNumber(who, 'theta', theta, { low: 0 });
  if (!(typeof weight === 'number' && weight >= 0 && weight < 1))
    throw new OptionError(who, 'weight', `expected a number from 0, below 1, got ${shown(weight)}`);
  if (ids.length < 2) throw new OptionError(who, 'ids', `expected at least 2 symbols, got ${ids.length}`);

  const carried = new CarriedState<LanguageState>();
  const H = model.recurrent.outputSize;
  let past = new Float64Array(0); // the last states [n, H], n ≤ size
  let [loss, plain] = [0, 0];
  await inEvaluation(model, async () => {
    try {
      for (let start = 0; start + 1 < ids.length; start += window) {
        const T = Math.min(window, ids.length - 1 - start);
        const n = past.length / H;
        const { own, all, likeness } = await computeValues(model, () => {
          const { backend } = model.parameters()[0];
          const input = indices(ids.subarray(start, start + T), [T, 1], { backend });
          const target = indices(ids.subarray(start + 1, start + T + 1), [T, 1, 1], { backend });
          const [h, next] = model.hidden(input, carried.value);
          carried.replace(next);
          const states = h.reshape(T, H);
          const all = n > 0 ? cat([tensor(past, [n, H], { dtype: h.dtype, backend }), states], 0) : states;
          const own = model.scores(h).logSoftmax().gather(-1, target); // ln p_model of the targets
          return { own, all, likeness: states.matmul(all.transpose()) }; // likeness [T, n + T]
        });
        for (let t = 0; t < T; t++) {
          const last = n + t; // states before this step, of which the symbol after them is known
          const from = Math.max(0, last - size);
          const row = likeness.subarray(t * (n + T) + from, t * (n + T) + last);
          // State k of `all` came before symbol start − n + k + 1.
          const after = ids.subarray(start - n + from + 1, start - n + last + 1);
          const cached = shareOf(row, after, ids[start + t + 1], theta);
          plain -= own[t];
          loss -= row.length === 0 ? own[t] : Math.log((1 - weight) * Math.exp(own[t]) + weight * cached);
        }
        past = Float64Array.from(all.subarray(Math.max(0, n + T - size) * H));
        await yieldToEventLoop();
      }
    } finally {
      carried.replace(null);
    }
  });
  const targets = ids.length - 1;
  return { loss: loss / targets, plain: plain / targets, targets };
}

/** The part of Σ exp(θ likeness) that belongs to one symbol, shifted by the maximum so that nothing overflows. */
function shareOf(likeness: ArrayLike<number>, symbols: Int32Array, symbol: number, theta: number): number {
  let most = -Infinity;
  for (let i = 0; i < likeness.length; i++) most = Math.max(most, likeness[i]);
  let [own, total] = [0, 0];
  for (let i = 0; i < likeness.length; i++) {
    const mass = Math.exp(theta * (likeness[i] - most));
    total += mass;
    if (symbols[i] === symbol) own += mass;
  }
  return own / total;
}
