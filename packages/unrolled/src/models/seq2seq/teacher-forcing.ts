// What the decoder reads while it learns. With teacher forcing it is the true symbol before; in use it will be the model's own. Scheduled
// sampling (Bengio et al. 2015) tosses a coin for every symbol and feeds a sample of the model's own distribution instead of the target with
// probability 1 − ε, and lets ε fall over the steps of training:
//
//   constant          ε
//   linear            max(minimum, start − slope · i)
//   exponential       kⁱ, k < 1
//   inverse-sigmoid   k / (k + exp(i / k)), k ≥ 1
//
// The gradient does not pass through the draw. Coins and draws come from the generator that `manualSeed` seeds, which a run saves.

import { requireKinds, shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { indices } from '../../tensor/create.ts';
import { globalRandom } from '../../tensor/random-state.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { hostValues } from '../../tensor/host-values.ts';

/** How ε, the share of true symbols, depends on the step of training i. */
export type TeacherForcingSchedule =
  | { readonly kind: 'constant'; readonly ratio: number }
  | { readonly kind: 'linear'; readonly start?: number; readonly slope: number; readonly minimum?: number }
  | { readonly kind: 'exponential'; readonly k: number }
  | { readonly kind: 'inverse-sigmoid'; readonly k: number };

const parts = {
  constant: ['ratio'],
  linear: ['start', 'slope', 'minimum'],
  exponential: ['k'],
  'inverse-sigmoid': ['k'],
} as const;

/** ε at step i. Throws an OptionError for an invalid schedule. */
export function teacherForcingRatio(schedule: TeacherForcingSchedule | number, i: number): number {
  requireKinds('teacherForcingRatio', { i }, { i: 'number' });
  if (typeof schedule === 'number') return checkRatio(schedule);
  const who = 'teacherForcing';
  requireKinds(who, { schedule }, { schedule: { kind: 'text' } });
  if (!Object.hasOwn(parts, schedule.kind))
    throw new OptionError(who, 'kind', `expected one of ${Object.keys(parts).join(', ')}, got ${shown(schedule.kind)}`);
  checkOptions(who, schedule, ['kind', ...parts[schedule.kind]]);
  switch (schedule.kind) {
    case 'constant':
      return checkRatio(schedule.ratio);
    case 'linear': {
      const { start = 1, slope, minimum = 0 } = schedule;
      if (!(typeof slope === 'number' && slope >= 0))
        throw new OptionError(who, 'slope', `expected a number from 0, got ${shown(slope)}`);
      return Math.max(checkRatio(minimum), checkRatio(start) - slope * i);
    }
    case 'exponential':
      if (!(typeof schedule.k === 'number' && schedule.k > 0 && schedule.k < 1))
        throw new OptionError(who, 'k', `expected a number between 0 and 1, got ${shown(schedule.k)}`);
      return schedule.k ** i;
    case 'inverse-sigmoid':
      if (!(typeof schedule.k === 'number' && schedule.k >= 1))
        throw new OptionError(who, 'k', `expected a number from 1, got ${shown(schedule.k)}`);
      return schedule.k / (schedule.k + Math.exp(i / schedule.k));
    default:
      throw schedule satisfies never;
  }
}

export function checkRatio(ratio: number): number {
  if (!(typeof ratio === 'number' && ratio >= 0 && ratio <= 1))
    throw new OptionError('teacherForcing', 'ratio', `expected a number from 0 to 1, got ${shown(ratio)}`);
  return ratio;
}

/** The symbols to read next: the true ones, some replaced by draws from softmax(logits()). */
export function feed(target: Tensor, ratio: number, logits: () => Tensor): Tensor {
  const random = globalRandom();
  const targets = hostValues(target);
  const own = Array.from(targets, () => random.uniform() >= ratio);
  if (!own.includes(true)) return target;
  return scope(() => {
    const p = noGrad(() => logits().softmax());
    const V = p.shape[1];
    const { array } = p.storage;
    const next = own.map((mine, b) => (mine ? pick(array, b * V, V, random.uniform()) : targets[b]));
    return indices(next, target.shape, { backend: target.backend });
  });
}

/** The symbol at which the running sum of p[from …] passes `point`. */
function pick(p: ArrayLike<number>, from: number, V: number, point: number): number {
  let left = point;
  for (let v = 0; v < V; v++) {
    left -= p[from + v];
    if (left < 0) return v;
  }
  return V - 1; // the sum is a little less than 1
}
