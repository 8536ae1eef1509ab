// Checks shared by all metrics: as many predictions as references, and at least one.

import { requireOneEach, shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** One reference for an example, or several. */
export type References = readonly (string | readonly string[])[];

export function checkPairs(
  who: string,
  got: ArrayLike<unknown>,
  expected: ArrayLike<unknown>,
  name = 'references',
): void {
  checkList(who, name === 'references' ? 'hypotheses' : 'predicted', got);
  checkList(who, name, expected);
  requireOneEach(who, name, expected, `${got.length} predictions`, got.length);
  if (got.length === 0) throw new OptionError(who, name, 'expected at least one prediction');
}

/** Requires a list or a typed array, not a string. */
export function checkList(who: string, name: string, list: unknown): asserts list is ArrayLike<unknown> {
  if (!(Array.isArray(list) || (ArrayBuffer.isView(list) && 'length' in list)))
    throw new OptionError(who, name, `expected a list, got ${shown(list)}`);
}

/** Requires strings, one for each example. */
export function checkTexts(who: string, name: string, texts: unknown): asserts texts is readonly string[] {
  if (!Array.isArray(texts)) throw new OptionError(who, name, `expected a list of strings, got ${shown(texts)}`);
  for (let k = 0; k < texts.length; k++)
    if (typeof texts[k] !== 'string')
      throw new OptionError(who, name, `example ${k}: expected a text, got ${shown(texts[k])}`);
}

/** Requires a reasonable number of n-gram orders, bins or classes: time and memory grow with it. */
export function checkCount(who: string, option: string, n: unknown, most: number): asserts n is number {
  if (!(Number.isInteger(n) && (n as number) > 0 && (n as number) <= most))
    throw new OptionError(who, option, `expected a whole number from 1 to ${most}, got ${shown(n)}`);
}

/** References as lists, each with at least one. */
export function listReferences(
  who: string,
  hypotheses: readonly string[],
  references: References,
): (readonly string[])[] {
  checkTexts(who, 'hypotheses', hypotheses);
  checkPairs(who, hypotheses, references);
  return references.map((some, k) => {
    const list = typeof some === 'string' ? [some] : some;
    if (!Array.isArray(list) || list.findIndex((text) => typeof text !== 'string') >= 0)
      throw new OptionError(who, 'references', `example ${k}: expected a text or a list of texts, got ${shown(some)}`);
    if (list.length === 0) throw new OptionError(who, 'references', `example ${k} has none`);
    return list;
  });
}

/** Counts the n-grams of `tokens`. */
export function countNgrams(tokens: readonly string[], n: number, separator = ' '): Map<string, number> {
  const counts = new Map<string, number>();
  for (let k = 0; k + n <= tokens.length; k++) {
    const gram = n === 1 ? tokens[k] : tokens.slice(k, k + n).join(separator);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Overlap of two counters: Σ min(a, b). */
export function overlap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [gram, n] of a) sum += Math.min(n, b.get(gram) ?? 0);
  return sum;
}

/** Splits a text at Unicode's white space, as Python's `split()` does (except for four control characters). */
export function splitWords(text: string): string[] {
  return text.split(/\p{White_Space}+/u).filter((word) => word !== '');
}
