// The distribution Q from which the classes of sampled losses are drawn. Best is one near the model's own: the frequencies of the classes in the
// training data, or, where those are not known, Zipf's law over classes that are sorted by frequency.

import { requireEach, requireNumber, requireSizes, requireWhole } from '../checks.ts';
import { OptionError } from '../errors.ts';
import type { ClassSamples } from '../tensor/ops/sampled-loss.ts';
import { globalRandom } from '../tensor/random-state.ts';

/** Most classes of a distribution, and most draws at a time: a vocabulary has no more, and a batch needs far fewer. */
export const mostClasses = 2 ** 24;

function requireUpTo(who: string, option: string, n: number): void {
  requireWhole(who, option, n, 1);
  if (n > mostClasses) throw new OptionError(who, option, `expected at most ${mostClasses}, got ${n}`);
}

/**
 * Draws classes for `sampledSoftmaxLoss` and `nceLoss`, from the generator that `manualSeed` seeds and a run saves:
 *
 *     const sampler = ClassSampler.fromCounts(counts);           // how often each class occurs in the training data
 *     const loss = sampledSoftmaxLoss(h, weight, bias, target, sampler.draw(1024));
 */
export class ClassSampler {
  /** Number of classes V. */
  readonly size: number;
  /** ln Q_v of every class. */
  readonly logProbabilities: Float64Array;
  /** Q_0 + … + Q_v. */
  readonly #cumulative: Float64Array;

  /** From weights in proportion to Q, all of them above 0: a class that is never drawn would count for nothing. */
  constructor(weights: ArrayLike<number>) {
    requireEach('ClassSampler', 'weights', weights, requireNumber);
    const V = weights.length;
    requireSizes('ClassSampler', { weights: V });
    this.size = V;
    this.#cumulative = new Float64Array(V);
    let sum = 0;
    for (let v = 0; v < V; v++) {
      if (!(weights[v] > 0))
        throw new OptionError('ClassSampler', 'weights', `expected numbers above 0, got ${weights[v]} for class ${v}`);
      sum += weights[v];
      this.#cumulative[v] = sum;
    }
    if (!Number.isFinite(sum)) throw new OptionError('ClassSampler', 'weights', 'their sum is not finite');
    this.logProbabilities = Float64Array.from(weights, (w) => Math.log(w / sum));
  }

  /** Q in proportion to (count + 1)^power: a class that does not occur is rare, but possible. Default power 1, the frequencies themselves. */
  static fromCounts(counts: ArrayLike<number>, power = 1): ClassSampler {
    requireEach('ClassSampler.fromCounts', 'counts', counts, requireWhole);
    requireNumber('ClassSampler.fromCounts', 'power', power, { low: 0 });
    return new ClassSampler(Float64Array.from(counts, (n) => (n + 1) ** power));
  }

  /** Q_v = ln((v + 2) / (v + 1)) / ln(V + 1), for classes sorted by frequency, the most frequent one first. */
  static zipf(classes: number): ClassSampler {
    requireUpTo('ClassSampler.zipf', 'classes', classes);
    return new ClassSampler(Float64Array.from({ length: classes }, (_, v) => Math.log1p(1 / (v + 1))));
  }

  /** `total` draws with replacement. */
  draw(total: number): ClassSamples {
    requireUpTo('ClassSampler.draw', 'total', total);
    const random = globalRandom();
    const times = new Map<number, number>();
    for (let i = 0; i < total; i++) {
      const v = this.#classAt(random.uniform());
      times.set(v, (times.get(v) ?? 0) + 1);
    }
    return {
      classes: Int32Array.from(times.keys()),
      counts: Int32Array.from(times.values()),
      total,
      logProbabilities: this.logProbabilities,
    };
  }

  /** The first class whose cumulative weight is above this part of the whole, by bisection. */
  #classAt(part: number): number {
    const point = part * this.#cumulative[this.size - 1];
    let [low, high] = [0, this.size - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#cumulative[middle] > point) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
