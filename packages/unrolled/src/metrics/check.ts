// What every metric checks before it counts: as many answers as there are references, and at least one.

import { requireKinds } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** One reference for an example, or several. */
export type References = readonly (string | readonly string[])[];

export function checkPairs(
  who: string,
  got: ArrayLike<unknown>,
  expected: ArrayLike<unknown>,
  name = 'references',
): void {
  if (got.length !== expected.length)
    throw new OptionError(who, name, `expected ${got.length}, one for each of what is scored, got ${expected.length}`);
  if (got.length === 0) throw new OptionError(who, name, 'there is nothing to score');
}

/** References as lists, each with at least one. */
export function listReferences(
  who: string,
  hypotheses: readonly string[],
  references: References,
): (readonly string[])[] {
  requireKinds(who, { hypotheses, references }, { hypotheses: 'texts', references: 'list' });
  checkPairs(who, hypotheses, references);
  return Array.from(references, (some, k) => {
    const list = typeof some === 'string' ? [some] : some;
    requireKinds(who, { [`references[${k}]`]: list }, { [`references[${k}]`]: 'texts' });
    if (list.length === 0) throw new OptionError(who, 'references', `example ${k} has none`);
    return list;
  });
}

/** The n-grams of `tokens` and how often each occurs. */
export function countNgrams(tokens: readonly string[], n: number, separator = ' '): Map<string, number> {
  const counts = new Map<string, number>();
  for (let k = 0; k + n <= tokens.length; k++) {
    const gram = n === 1 ? tokens[k] : tokens.slice(k, k + n).join(separator);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Of two counts, how much they have in common: Σ min(a, b). */
export function overlap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [gram, n] of a) sum += Math.min(n, b.get(gram) ?? 0);
  return sum;
}

/** The words of a text, set apart by Unicode's white space, as Python's `split()` finds them (but for four control characters). */
export function splitWords(text: string): string[] {
  return text.split(/\p{White_Space}+/u).filter((word) => word !== '');
}
