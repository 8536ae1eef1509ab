// Metrics of ranked labels: of the k most probable labels of an example, how many are right, and how many of the right ones are among them.
//
//   P@k = Σ |top k ∩ labels| / (k · N)          R@k = Σ |top k ∩ labels| / Σ |labels|        over all N examples, as fastText has them
//
// With one label per example R@k is the top-k accuracy, and P@1 the accuracy.

import { requireKinds, shown } from '../checks.ts';
import { OptionError, ShapeError } from '../errors.ts';
import { checkCount } from './check.ts';

/** Precision and recall of the k most probable labels. */
export interface RankingScore {
  readonly precision: number;
  readonly recall: number;
}

/**
 * `scores[n · C + c]` is how probable label c is for example n, `labels[n]` are those that it has. Ties go to the first label. Where there are fewer than k
 * labels, all of them are taken.
 *
 *     precisionRecallAtK([0.5, 0.3, 0.2, 0.1, 0.7, 0.2], [[0, 1], [2]], 2);   // { precision: 3/4, recall: 3/3 }
 */
export function precisionRecallAtK(
  scores: ArrayLike<number>,
  labels: readonly ArrayLike<number>[],
  k: number,
): RankingScore {
  const who = 'precisionRecallAtK';
  requireKinds(who, { scores, labels }, { scores: 'numbers', labels: 'lists' });
  checkCount(who, 'k', k, 2 ** 20);
  const N = labels.length;
  const C = scores.length / Math.max(1, N);
  if (N === 0 || !Number.isInteger(C)) throw new ShapeError(who, 'scores', [N, 'C'], [scores.length]);
  const most = Math.min(k, C);
  let [right, wanted] = [0, 0];
  for (let n = 0; n < N; n++) {
    const own = new Set(Array.from(labels[n]));
    for (const c of own)
      if (!(Number.isInteger(c) && c >= 0 && c < C))
        throw new OptionError(who, 'labels', `example ${n}: expected a label from 0 to ${C - 1}, got ${shown(c)}`);
    wanted += own.size;
    for (const c of topOf(scores, n * C, C, most)) if (own.has(c)) right++;
  }
  return { precision: right / (most * N), recall: wanted === 0 ? 0 : right / wanted };
}

/** The indices of the k largest of C scores from `at` on. */
function topOf(scores: ArrayLike<number>, at: number, C: number, k: number): number[] {
  const order = Array.from({ length: C }, (_, c) => c);
  return order.sort((a, b) => scores[at + b] - scores[at + a] || a - b).slice(0, k);
}
