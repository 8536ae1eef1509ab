// Sampling the next symbol from a model's logits.

import { shown, requireKinds, requireNumbers } from '../checks.ts';
import { checkOptions, NonFiniteError, OptionError } from '../errors.ts';
import type { Random } from '../random.ts';

/** Options of sampling: temperature, top-k, top-p, min-p. */
export interface SampleOptions {
  /** Softmax temperature: below 1 sharpens the distribution, above 1 flattens it. Default 1. */
  readonly temperature?: number;
  /** Top-k sampling: only the k most probable symbols; 0 for all. Default 0. */
  readonly topK?: number;
  /** Nucleus sampling: only the most probable symbols that together reach this probability (Holtzman et al. 2020). Default 1. */
  readonly topP?: number;
  /** Min-p sampling: only symbols at least this fraction as probable as the most probable one; 0 for all. Default 0. */
  readonly minP?: number;
  /** Always takes the most probable symbol. Default false. */
  readonly greedy?: boolean;
}

export const sampleOptions = ['temperature', 'topK', 'topP', 'minP', 'greedy'] as const;

/** Throws an OptionError for an invalid value. */
export function checkSampleOptions(who: string, options: SampleOptions): void {
  const { temperature = 1, topK = 0, topP = 1, minP = 0 } = options;
  if (!(typeof temperature === 'number' && temperature > 0 && temperature < Infinity)) {
    throw new OptionError(
      who,
      'temperature',
      `expected a number above 0, got ${shown(temperature)}; for the most probable symbol use greedy`,
    );
  }
  if (!(Number.isInteger(topK) && topK >= 0))
    throw new OptionError(who, 'topK', `expected a whole number from 0, got ${shown(topK)}`);
  if (!(typeof topP === 'number' && topP > 0 && topP <= 1))
    throw new OptionError(who, 'topP', `expected a probability in (0, 1], got ${shown(topP)}`);
  if (!(typeof minP === 'number' && minP >= 0 && minP <= 1))
    throw new OptionError(who, 'minP', `expected a fraction in [0, 1], got ${shown(minP)}`);
}

/**
 * Samples a symbol from softmax(logits / temperature), restricted to the top k, the top p and the min p, in this order. Ties are broken in favor of the first.
 *
 * Throws a NonFiniteError when a score is NaN or +∞, or when all are −∞; a symbol with score −∞ is never sampled.
 */
export class Sampler {
  readonly #random: Random;
  readonly #temperature: number;
  readonly #topK: number;
  readonly #topP: number;
  readonly #minP: number;
  readonly #greedy: boolean;
  #weights = new Float64Array(0);

  constructor(random: Random, options: SampleOptions = {}) {
    requireKinds('Sampler', { random }, { random: { uniform: 'function' } });
    checkOptions('Sampler', options, sampleOptions);
    checkSampleOptions('Sampler', options);
    const { temperature = 1, topK = 0, topP = 1, minP = 0, greedy = false } = options;
    this.#random = random;
    this.#temperature = temperature;
    this.#topK = topK;
    this.#topP = topP;
    this.#minP = minP;
    this.#greedy = greedy;
  }

  draw(logits: ArrayLike<number>): number {
    requireNumbers('Sampler.draw', 'logits', logits);
    const V = logits.length;
    let [best, top] = [0, -Infinity];
    for (let v = 0; v < V; v++) {
      const y = logits[v];
      if (Number.isNaN(y) || y === Infinity) throw refusal(`the score of symbol ${v}`, `a score is ${y}`);
      if (y > top) [best, top] = [v, y];
    }
    if (top === -Infinity) throw refusal('the scores', `all ${V} scores are -Infinity, so no symbol can come`);
    if (this.#greedy) return best;
    if (this.#weights.length !== V) this.#weights = new Float64Array(V);
    const weights = this.#weights;
    const scale = 1 / this.#temperature;
    let total = 0;
    for (let v = 0; v < V; v++) total += weights[v] = Math.exp((logits[v] - top) * scale);
    if ((this.#topK > 0 && this.#topK < V) || this.#topP < 1) total = this.#cut(weights, total);
    if (this.#minP > 0) total = atLeast(weights, this.#minP);
    return pick(weights, this.#random.uniform() * total, best);
  }

  /** Sets the weights outside the nucleus to 0; returns the sum of the rest. */
  #cut(weights: Float64Array, total: number): number {
    const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a] || a - b);
    const most = this.#topK > 0 ? Math.min(this.#topK, order.length) : order.length;
    const enough = this.#topP * total;
    let kept = 0;
    let count = 0;
    while (count < most && (count === 0 || kept < enough)) kept += weights[order[count++]];
    for (; count < order.length; count++) weights[order[count]] = 0;
    return kept;
  }
}

/** Sets the weights below `least` to 0, the largest being 1; returns the sum of the rest. */
function atLeast(weights: Float64Array, least: number): number {
  let kept = 0;
  for (let v = 0; v < weights.length; v++) {
    if (weights[v] < least) weights[v] = 0;
    kept += weights[v];
  }
  return kept;
}

const refusal = (where: string, problem: string): NonFiniteError =>
  new NonFiniteError(where, `Sampler: ${problem}`, 'Nothing was sampled');

/** The symbol at which the cumulative sum passes `point`. */
function pick(weights: Float64Array, point: number, fallback: number): number {
  for (let v = 0; v < weights.length; v++) {
    point -= weights[v];
    if (point < 0 && weights[v] > 0) return v;
  }
  return fallback;
}
