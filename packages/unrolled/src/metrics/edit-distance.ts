// Edit distance: the insertions, deletions and substitutions between two sequences (Levenshtein, 1966), and the error rates made of it: for words (WER),
// characters (CER), phonemes (PER).
//
//   rate = Σ edits / Σ length of the reference      over all pairs, so it may exceed 1

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { checkList, checkPairs, listReferences, type References, splitWords } from './check.ts';

/** A string, compared by code points, or any sequence of values compared by `===`. */
export type TokenSequence = string | ArrayLike<unknown>;

/** Minimum number of edits that turn `a` into `b`. */
export function editDistance(a: TokenSequence, b: TokenSequence): number {
  const [x, y] = [listOf(a), listOf(b)];
  let start = 0;
  while (start < x.length && start < y.length && x[start] === y[start]) start++;
  let [m, n] = [x.length, y.length];
  while (m > start && n > start && x[m - 1] === y[n - 1]) [m, n] = [m - 1, n - 1];
  const row = Int32Array.from({ length: n - start + 1 }, (_, j) => j); // of x[start … i) from every y[start … start + j)
  for (let i = start; i < m; i++) {
    let diagonal = row[0];
    row[0]++;
    for (let j = 1; j < row.length; j++) {
      const substituted = diagonal + (x[i] === y[start + j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = Math.min(substituted, diagonal + 1, row[j - 1] + 1);
    }
  }
  return row[row.length - 1];
}

/**
 * Edits per symbol of the references. A string is split by `unit`: into words (at white space) or code points; other sequences are taken as they are.
 *
 *     errorRate(['the cat sat'], ['the cat sat down'])                        // 1/4, the word error rate
 *     errorRate(['kat'], ['cat'], 'character')                                // 1/3, the character error rate
 *     errorRate([['K', 'AE', 'T']], [['K', 'AH', 'T']])                       // 1/3, the phoneme error rate
 *
 * Where all references are empty it is 0, or Infinity if a hypothesis is not empty.
 */
export function errorRate(
  hypotheses: readonly TokenSequence[],
  references: readonly TokenSequence[],
  unit: 'word' | 'character' = 'word',
): number {
  checkPairs('errorRate', hypotheses, references);
  if (unit !== 'word' && unit !== 'character')
    throw new OptionError('errorRate', 'unit', `expected 'word' or 'character', got ${shown(unit)}`);
  const symbols = (text: TokenSequence) =>
    typeof text === 'string' && unit === 'word' ? splitWords(text) : listOf(text);
  let [edits, length] = [0, 0];
  for (const [k, hypothesis] of hypotheses.entries()) {
    const reference = symbols(references[k]);
    edits += editDistance(symbols(hypothesis), reference);
    length += reference.length;
  }
  return edits === 0 ? 0 : edits / length;
}

/** Fraction of `hypotheses` equal to (one of) their references, 0 to 1. */
export function exactMatch(hypotheses: readonly string[], references: References): number {
  const lists = listReferences('exactMatch', hypotheses, references);
  const right = hypotheses.filter((text, k) => lists[k].includes(text));
  return right.length / hypotheses.length;
}

/** exp(loss) of a mean loss in nats: the effective number of equally probable symbols. */
export function perplexity(loss: number): number {
  if (typeof loss !== 'number') throw new OptionError('perplexity', 'loss', `expected a number, got ${shown(loss)}`);
  return Math.exp(loss);
}

const mostSymbols = 2 ** 26; // of one sequence: the comparison takes the product of the lengths

function listOf(symbols: TokenSequence): ArrayLike<unknown> {
  if (typeof symbols === 'string') return Array.from(symbols);
  checkList('editDistance', 'symbols', symbols);
  if (symbols.length > mostSymbols)
    throw new OptionError('editDistance', 'symbols', `expected at most ${mostSymbols}, got ${symbols.length}`);
  return symbols;
}
