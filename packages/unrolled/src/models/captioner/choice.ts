// Hard attention: one region instead of the mean of all (Xu et al. 2015, section 4.1). A draw has no derivative, so what the choice is worth is learned
// by REINFORCE (Williams 1992): of L = E_s[−ln p(y | s)], s the regions of all words,
//
//   ∂L = E_s[ −∂ ln p(y | s) − (ln p(y | s) − b) ∂ ln p(s) ]        ln p(s) = Σ_t ln α_t,s_t
//
// for any b that does not depend on s: the moving average of ln p(y | s) over the batches before makes the estimate calm. With the chance of
// the mixture a caption is read with the mean of the regions instead of draws.

import { shown } from '../../checks.ts';
import { OptionError } from '../../errors.ts';
import { indices, tensor } from '../../tensor/create.ts';
import { globalRandom } from '../../tensor/random-state.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { HardAttentionChoice } from './word-decoder.ts';

/** The least α whose logarithm is taken. */
export const leastWeight = 1e-20;

/** The choices of one batch of captions. */
export class Choice {
  readonly #choice: HardAttentionChoice;
  /** Captions that are read with the mean. */
  readonly #mean: readonly boolean[];
  #step = 0;

  constructor(choice: HardAttentionChoice, mixture: number, B: number) {
    this.#choice = choice;
    const chance = globalRandom();
    const drawn = choice === 'sample' && mixture > 0;
    this.#mean = Array.from({ length: B }, () => choice === 'mean' || (drawn && chance.uniform() < mixture));
  }

  /** weights α [B, R], regions a [B, R, D] and their mean Σ α a [B, D] → what was found [B, D] and ln α of what was chosen [B]. */
  choose(weights: Tensor, regions: Tensor, mean: Tensor): { found: Tensor; chosen: Tensor | null } {
    if (this.#choice === 'mean') return { found: mean, chosen: null };
    const [B, R] = weights.shape;
    const { backend, dtype } = weights;
    const where = this.#regions(weights.storage.array, R);
    const one = new Float64Array(B * R);
    for (let b = 0; b < B; b++) if (!this.#mean[b]) one[b * R + where[b]] = 1;
    const picked = tensor(one, [B, 1, R], { backend, dtype }).matmul(regions).squeeze(1);
    const isMean = tensor(
      this.#mean.map((is) => (is ? 1 : 0)),
      [B, 1],
      { backend, dtype },
    );
    const found = this.#mean.includes(true) ? picked.add(mean.mul(isMean)) : picked;
    const logs = weights
      .gather(1, indices(where, [B, 1], { backend }))
      .clamp(leastWeight, 1)
      .log();
    return { found, chosen: logs.mul(isMean.neg().add(1)).squeeze(1) };
  }

  /** A region for each caption. */
  #regions(alpha: ArrayLike<number>, R: number): Int32Array {
    const choice = this.#choice;
    const random = globalRandom();
    const step = this.#step++;
    return Int32Array.from(this.#mean, (isMean, b) => {
      if (isMean) return 0;
      if (choice === 'sample') return draw(alpha, b * R, R, random.uniform());
      if (choice === 'argmax') return argmax(alpha, b * R, R);
      const region = (choice as readonly ArrayLike<number>[])[step]?.[b];
      if (!(Number.isInteger(region) && region >= 0 && region < R))
        throw new OptionError(
          'Captioner',
          'looking',
          `step ${step}, caption ${b}: expected a region from 0 to ${R - 1}, got ${shown(region)}`,
        );
      return region;
    });
  }
}

/** The place at which the running sum of p[from …] passes `point`. */
function draw(p: ArrayLike<number>, from: number, n: number, point: number): number {
  let left = point;
  for (let i = 0; i < n; i++) {
    left -= p[from + i];
    if (left < 0) return i;
  }
  return argmax(p, from, n); // the sum is a little less than 1
}

function argmax(p: ArrayLike<number>, from: number, n: number): number {
  let best = 0;
  for (let i = 1; i < n; i++) if (p[from + i] > p[from + best]) best = i;
  return best;
}
