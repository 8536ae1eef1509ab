// What may come next, whatever is likely: lengths, symbols that are never written, and n-grams that were there before.

import { brief } from '../brief.ts';
import { OptionError } from '../errors.ts';

/** Limits on what a search or sampler may output: lengths, end symbol, suppressed tokens, repeated n-grams. */
export interface LimitOptions {
  /** The symbol that ends a sequence; null where all are as long as the maximum. Default 3. */
  readonly end?: number | null;
  /** Symbols before the end, at least. Default 0. */
  readonly minLength?: number;
  /** Symbols at most, the end not counted; what is longer is cut. Default 100. */
  readonly maxLength?: number;
  /** Symbols that never come: padding, the start, the unknown one. Default: none. */
  readonly suppressTokens?: readonly number[];
  /** No run of this many symbols comes twice in a sequence; 0 for no such rule. Default 0. */
  readonly blockNgrams?: number;
}

export const limitOptions = ['end', 'minLength', 'maxLength', 'suppressTokens', 'blockNgrams'] as const;

export type Limits = Required<LimitOptions>;

export function completeLimits(who: string, options: LimitOptions): Limits {
  const { end = 3, minLength = 0, maxLength = 100, suppressTokens = [], blockNgrams = 0 } = options;
  for (const [name, n] of Object.entries({ minLength, maxLength, blockNgrams }))
    if (!(Number.isInteger(n) && n >= 0))
      throw new OptionError(who, name, `expected a whole number from 0, got ${brief(n)}`);
  if (end !== null && !(Number.isInteger(end) && end >= 0))
    throw new OptionError(who, 'end', `expected the number of a symbol or null, got ${brief(end)}`);
  if (!Array.isArray(suppressTokens) || !suppressTokens.every((symbol) => Number.isInteger(symbol) && symbol >= 0))
    throw new OptionError(who, 'suppressTokens', `expected a list of numbers of symbols, got ${brief(suppressTokens)}`);
  if (minLength > maxLength)
    throw new OptionError(who, 'minLength', `expected at most maxLength ${maxLength}, got ${minLength}`);
  return { end, minLength, maxLength, suppressTokens, blockNgrams };
}

/** Sets to −∞ what may not follow `ids`. */
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
