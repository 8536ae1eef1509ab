// Constraints on the next symbol: lengths, suppressed symbols, and no-repeat n-grams.

import type { SignalLike } from '../abort.ts';
import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** Limits on what a search or sampler may output: lengths, end symbol, suppressed tokens, repeated n-grams. */
export interface LimitOptions {
  /** Id of the end symbol; null where all sequences have the maximum length. Default 3. */
  readonly end?: number | null;
  /** Minimum length, the end not counted. Default 0. */
  readonly minLength?: number;
  /** Maximum length, the end not counted; longer sequences are cut. Default 100. */
  readonly maxLength?: number;
  /** Ids that are never generated: padding, the start, the unknown symbol. Default: none. */
  readonly suppressTokens?: readonly number[];
  /** No-repeat n-gram size: no n-gram of this size occurs twice; 0 for no such rule. Default 0. */
  readonly blockNgrams?: number;
  /** Stops before the next step with an AbortError. */
  readonly signal?: SignalLike | null;
}

export const limitOptions = ['end', 'minLength', 'maxLength', 'suppressTokens', 'blockNgrams', 'signal'] as const;

export type Limits = Required<LimitOptions>;

export function completeLimits(who: string, options: LimitOptions): Limits {
  const { end = 3, minLength = 0, maxLength = 100, suppressTokens = [], blockNgrams = 0, signal = null } = options;
  for (const [name, n] of Object.entries({ minLength, maxLength, blockNgrams }))
    if (!(Number.isInteger(n) && n >= 0))
      throw new OptionError(who, name, `expected a whole number from 0, got ${shown(n)}`);
  if (end !== null && !(Number.isInteger(end) && end >= 0))
    throw new OptionError(who, 'end', `expected the number of a symbol or null, got ${shown(end)}`);
  if (!Array.isArray(suppressTokens) || !suppressTokens.every((symbol) => Number.isInteger(symbol) && symbol >= 0))
    throw new OptionError(who, 'suppressTokens', `expected a list of numbers of symbols, got ${shown(suppressTokens)}`);
  if (minLength > maxLength)
    throw new OptionError(who, 'minLength', `expected at most maxLength ${shown(maxLength)}, got ${shown(minLength)}`);
  return { end, minLength, maxLength, suppressTokens, blockNgrams, signal };
}

/** Sets the scores of symbols that must not follow `ids` to −∞. */
export function forbid(scores: Float32Array, ids: readonly number[], limits: Limits): void {
  const { end, minLength, suppressTokens, blockNgrams: n } = limits;
  for (const symbol of suppressTokens) if (symbol !== end) scores[symbol] = -Infinity;
  if (end !== null && ids.length < minLength) scores[end] = -Infinity;
  if (n === 0 || ids.length < n) return;
  const tail = ids.length - (n - 1);
  for (let i = 0; i + n <= ids.length; i++) {
    let same = true;
    for (let k = 0; k < n - 1 && same; k++) same = ids[i + k] === ids[tail + k];
    if (same) scores[ids[i + n - 1]] = -Infinity;
  }
}
