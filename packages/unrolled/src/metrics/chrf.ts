// chrF (Popović, 2015): the F-score of character n-grams, n = 1 to 6, recall counting β² = 4 times as much, as sacreBLEU computes it. It needs no
// tokenization, and suits languages with rich morphology. White space does not count.
//
//   P, R = mean over the orders that both sides have of matches / hypothesis n-grams, matches / reference n-grams, counted over the corpus
//   chrF = 100 · (1 + β²) P R / (β² P + R)

import { shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { checkCount, countNgrams, listReferences, overlap, type References, splitWords } from './check.ts';

/** Options of `chrf`. */
export interface ChrfOptions {
  readonly charOrder?: number;
  readonly beta?: number;
  readonly lowercase?: boolean;
  /** Whether to average the F-scores of the orders, an order without n-grams counting 10⁻¹⁶ (Moses, NLTK). Default false, as in sacreBLEU. */
  readonly epsSmoothing?: boolean;
}

/** Numbers of n-grams of the hypothesis, of the reference, and in both, for each order. */
type Counts = readonly (readonly [predicted: number, wanted: number, matches: number])[];

/** Corpus chrF, 0 to 100; of several references the one that matches a hypothesis best counts. */
export function chrf(
  hypotheses: readonly string[],
  references: References,
  options: ChrfOptions = {},
): { score: number; signature: string } {
  checkOptions('chrf', options, ['charOrder', 'beta', 'lowercase', 'epsSmoothing']);
  const { charOrder = 6, beta = 2, lowercase = false, epsSmoothing = false } = options;
  checkCount('chrf', 'charOrder', charOrder, 100);
  if (!(typeof beta === 'number' && beta > 0 && beta < Infinity))
    throw new OptionError('chrf', 'beta', `expected a number above 0, got ${shown(beta)}`);
  const lists = listReferences('chrf', hypotheses, references);
  const grams = (text: string) => {
    const characters = Array.from(splitWords(lowercase ? text.toLowerCase() : text).join(''));
    return Array.from({ length: charOrder }, (_, n) => countNgrams(characters, n + 1, ''));
  };
  const size = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, n) => sum + n, 0);
  let total: Counts = Array.from({ length: charOrder }, () => [0, 0, 0] as const);
  for (const [k, hypothesis] of hypotheses.entries()) {
    const predicted = grams(hypothesis);
    let [best, bestScore]: [Counts, number] = [[], -1];
    for (const reference of lists[k]) {
      const wanted = grams(reference);
      // sacreBLEU counts hypothesis n-grams only where the reference has n-grams of the order.
      const counts: Counts = predicted.map((grams, n) => {
        const of = size(wanted[n]);
        return [of > 0 ? size(grams) : 0, of, overlap(grams, wanted[n])];
      });
      const score = fScore(counts, beta, epsSmoothing);
      if (score > bestScore) [best, bestScore] = [counts, score];
    }
    total = total.map(([a, b, c], n) => [a + best[n][0], b + best[n][1], c + best[n][2]] as const);
  }
  const nrefs = new Set(lists.map((list) => list.length)).size === 1 ? lists[0].length : 'var';
  const signature = `nrefs:${nrefs}|case:${lowercase ? 'lc' : 'mixed'}|eff:${epsSmoothing ? 'no' : 'yes'}|nc:${charOrder}|nw:0|space:no|version:2.6.0`;
  return { score: fScore(total, beta, epsSmoothing), signature };
}

function fScore(counts: Counts, beta: number, epsSmoothing: boolean): number {
  const eps = 1e-16;
  const f = (p: number, r: number) => ((1 + beta ** 2) * p * r) / (beta ** 2 * p + r);
  if (epsSmoothing) {
    const scores = counts.map(([predicted, wanted, matches]) => {
      const [p, r] = [predicted > 0 ? matches / predicted : eps, wanted > 0 ? matches / wanted : eps];
      return p + r > 0 ? f(p, r) : eps;
    });
    return (100 * scores.reduce((sum, score) => sum + score, 0)) / counts.length;
  }
  const both = counts.filter(([predicted, wanted]) => predicted > 0 && wanted > 0);
  const p = both.reduce((sum, [predicted, , matches]) => sum + matches / predicted, 0) / both.length;
  const r = both.reduce((sum, [, wanted, matches]) => sum + matches / wanted, 0) / both.length;
  return p + r > 0 ? 100 * f(p, r) : 0;
}
