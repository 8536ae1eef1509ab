// `unrolled eval --cache`: how well a text is predicted with a cache of what was read lately.

import type { LanguageModel } from 'unrolled';
import type { GraphModel } from 'unrolled/graph';
import { evaluateWithCache } from 'unrolled/layers';
import type { EvaluateValues, SavedRun } from '../runs/kind.ts';
import { requireOwnModel } from '../runs/own-model.ts';
import { t } from '../language/index.ts';

type CacheValues = Pick<EvaluateValues, 'cache' | 'cacheTheta' | 'cacheWeight'>;

/** A measurement with a cache. */
export interface CachedEvaluation {
  readonly size: number;
  readonly theta: number;
  readonly weight: number;
  /** Nats per symbol with the cache; of the model alone, in the same pass. */
  readonly loss: number;
  readonly plain: number;
  readonly perplexity: number;
}

/** Of a text; nothing where no cache was asked for. */
export async function evaluateCached(
  saved: SavedRun,
  model: LanguageModel | GraphModel,
  ids: Int32Array,
  { cache: size, cacheTheta: theta, cacheWeight: weight }: CacheValues,
): Promise<CachedEvaluation | undefined> {
  if (size === null) return undefined;
  const own = requireOwnModel(saved.path, model, 'eval --cache');
  const { loss, plain } = await evaluateWithCache(own, ids, { size, theta, weight });
  return { size, theta, weight, loss, plain, perplexity: Math.exp(loss) };
}

/** Its row of the report. */
export function cacheRow(r: CachedEvaluation): [what: string, text: string] {
  const change = 100 * (Math.exp(r.loss - r.plain) - 1);
  const sign = change >= 0 ? '+' : '−';
  return [
    t`with a cache of ${r.size}`,
    t`${r.loss.toFixed(4)} nats, perplexity ${r.perplexity.toFixed(3)} (${sign}${Math.abs(change).toFixed(1)} %; θ ${r.theta}, λ ${r.weight})`,
  ];
}
