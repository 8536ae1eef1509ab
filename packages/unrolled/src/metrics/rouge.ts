// Two metrics of sentences by their common words, as used for captions.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { listReferences, type References, splitWords } from './check.ts';

/**
 * ROUGE-L (Lin, 2004), 0 to 1: the longest common subsequence (LCS) of words.
 *
 *   P = LCS / hypothesis words     R = LCS / reference words     F = (1 + β²) P R / (R + β² P)
 *
 * With β = 1.2; of several references the highest P and the highest R count; averaged over the sentences, as in coco-caption.
 */
export function rougeL(hypotheses: readonly string[], references: References, beta = 1.2): number {
  if (!(typeof beta === 'number' && beta > 0 && beta < Infinity))
    throw new OptionError('rougeL', 'beta', `expected a number above 0, got ${shown(beta)}`);
  const lists = listReferences('rougeL', hypotheses, references);
  const scores = hypotheses.map((hypothesis, k) => {
    const predicted = splitWords(hypothesis);
    let [p, r] = [0, 0];
    for (const reference of lists[k].map(splitWords)) {
      const common = longestCommon(predicted, reference);
      if (common === 0) continue;
      p = Math.max(p, common / predicted.length);
      r = Math.max(r, common / reference.length);
    }
    return p > 0 ? ((1 + beta ** 2) * p * r) / (r + beta ** 2 * p) : 0;
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Length of the longest common subsequence. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const row = new Int32Array(b.length + 1);
  for (const word of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      row[j] = word === b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row[b.length];
}

/**
 * The exact-match part of METEOR (Banerjee and Lavie, 2005), 0 to 1: words that are equal, without stems, synonyms and paraphrases, so it is
 * below the full score and should be reported as "METEOR (exact)". m matches form c chunks of words that are adjacent in both.
 *
 *   P = m / hypothesis words     R = m / reference words     F = 10 P R / (R + 9 P)     score = F · (1 − ½ (c / m)³)
 *
 * Of several references the best counts; averaged over the sentences. Words are matched by the longest chunks first.
 */
export function meteorExact(hypotheses: readonly string[], references: References): number {
  const lists = listReferences('meteorExact', hypotheses, references);
  const scores = hypotheses.map((hypothesis, k) => {
    const predicted = splitWords(hypothesis);
    return Math.max(...lists[k].map((reference) => meteorOf(predicted, splitWords(reference))));
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function meteorOf(predicted: readonly string[], wanted: readonly string[]): number {
  const used = [predicted.map(() => false), wanted.map(() => false)];
  let [matches, chunks] = [0, 0];
  for (;;) {
    const { i, j, length } = longestRun(predicted, wanted, used);
    if (length === 0) break;
    used[0].fill(true, i, i + length);
    used[1].fill(true, j, j + length);
    matches += length;
    chunks++;
  }
  if (matches === 0) return 0;
  const [p, r] = [matches / predicted.length, matches / wanted.length];
  return ((10 * p * r) / (r + 9 * p)) * (1 - 0.5 * (chunks / matches) ** 3);
}

/** The longest run of unused words that both have; the first of several. */
function longestRun(a: readonly string[], b: readonly string[], used: readonly boolean[][]) {
  let best = { i: 0, j: 0, length: 0 };
  const row = new Int32Array(b.length + 1); // row[j]: of the runs that end at a[i] and b[j − 1]
  for (let i = 0; i < a.length; i++) {
    for (let j = b.length; j >= 1; j--) {
      row[j] = a[i] === b[j - 1] && !used[0][i] && !used[1][j - 1] ? row[j - 1] + 1 : 0;
    }
    for (let j = 1; j <= b.length; j++) {
      if (row[j] > best.length) best = { i: i + 1 - row[j], j: j - row[j], length: row[j] };
    }
  }
  return best;
}
