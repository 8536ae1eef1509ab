// CIDEr-D (Vedantam, Zitnick and Parikh, 2015), as coco-caption computes it: the similarity of a caption to its references, with words that occur in the
// references of many images weighted down. N images; df(g) of them have the n-gram g in a reference.
//
//   v(g)  = count(g) · (ln N − ln max(1, df(g)))
//   sim_n = Σ_g min(v_hyp(g), v_ref(g)) · v_ref(g) / (|v_hyp| |v_ref|) · exp(−(l_hyp − l_ref)² / 2σ²)         σ = 6
//   CIDEr-D = 10 · mean over n = 1 … 4 and the references; the mean over the images
//
// l is the number of bigrams. With one image all n-grams are common to all, and the score is 0: it needs a set of images.

import { requireKinds } from '../checks.ts';
import { countNgrams, listReferences, type References, splitWords } from './check.ts';

interface Vectors {
  /** Vectors v of the n-grams of order 1 … 4, and their norms. */
  readonly weights: readonly ReadonlyMap<string, number>[];
  readonly norms: readonly number[];
  readonly length: number;
}

const sigma = 6;
const orders = [1, 2, 3, 4];

/** The mean CIDEr-D of `hypotheses`, and that of each. Words are split at white space: lowercase and remove punctuation before. */
export function ciderD(hypotheses: readonly string[], references: References): { score: number; each: number[] } {
  requireKinds('ciderD', { hypotheses, references }, { hypotheses: 'texts', references: 'list' });
  const lists = listReferences('ciderD', hypotheses, references).map((list) => list.map(gramsOf));
  const frequency = new Map<string, number>();
  for (const list of lists) {
    for (const gram of new Set(list.flatMap((grams) => grams.flatMap((counts) => [...counts.keys()]))))
      frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  }
  const images = Math.log(lists.length);
  const vectorsOf = (grams: readonly ReadonlyMap<string, number>[]): Vectors => {
    const weights = grams.map((counts) => {
      const weigh = ([gram, n]: [string, number]) =>
        [gram, n * (images - Math.log(Math.max(1, frequency.get(gram) ?? 0)))] as const;
      return new Map(Array.from(counts, weigh));
    });
    const norms = weights.map((v) => Math.sqrt([...v.values()].reduce((sum, w) => sum + w * w, 0)));
    return { weights, norms, length: [...grams[1].values()].reduce((sum, n) => sum + n, 0) };
  };
  const each = hypotheses.map((hypothesis, k) => {
    const predicted = vectorsOf(gramsOf(hypothesis));
    const scores = lists[k].map((grams) => similarity(predicted, vectorsOf(grams)));
    return (10 * scores.reduce((sum, score) => sum + score, 0)) / scores.length;
  });
  return { score: each.reduce((sum, score) => sum + score, 0) / each.length, each };
}

function gramsOf(text: string): Map<string, number>[] {
  const words = splitWords(text);
  return orders.map((n) => countNgrams(words, n));
}

function similarity(predicted: Vectors, reference: Vectors): number {
  const penalty = Math.exp(-((predicted.length - reference.length) ** 2) / (2 * sigma ** 2));
  let sum = 0;
  for (const [n, weights] of predicted.weights.entries()) {
    const norm = predicted.norms[n] * reference.norms[n];
    if (norm === 0) continue;
    let product = 0;
    for (const [gram, weight] of weights) {
      const other = reference.weights[n].get(gram) ?? 0;
      product += Math.min(weight, other) * other;
    }
    sum += (product / norm) * penalty;
  }
  return sum / orders.length;
}
