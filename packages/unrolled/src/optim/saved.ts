// Reads a saved optimizer state and checks it as a whole before any of it is used.

import { requireKinds, shown } from '../checks.ts';
import { FormatError } from '../errors.ts';
import type { SavedTensor } from '../nn/module.ts';
import { checkSavedValues } from '../nn/saved-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';

export interface SavedOptimizer {
  readonly steps: number;
  /** Steps of each parameter. */
  readonly taken: readonly number[];
  /** Learning rate of each group. */
  readonly lrs: readonly number[];
  readonly slots: readonly (readonly [p: Tensor, name: string, saved: SavedTensor])[];
}

const source = 'optimizer state';

/**
 * `memory(p)` names the state of a parameter that has taken a step, and which of it is never negative.
 *
 * Throws a FormatError that says what does not match.
 */
export function readOptimizerState(
  who: string,
  hyper: unknown,
  tensors: ReadonlyMap<string, SavedTensor>,
  parameters: readonly Tensor[],
  groups: number,
  memory: (p: Tensor) => readonly string[],
): SavedOptimizer {
  requireKinds(source, { tensors }, { tensors: 'map' });
  const { steps, taken, lrs } = Object(hyper) as Record<string, unknown>;
  const fits =
    isCount(steps) &&
    isList(taken, parameters.length, isCount) &&
    taken.every((n) => n <= steps) &&
    isList(lrs, groups, (lr) => typeof lr === 'number' && lr >= 0 && lr < Infinity);
  if (!fits) {
    const expected = `steps, those of ${parameters.length} parameters and ${groups} learning rates`;
    throw new FormatError(source, `expected ${expected}, got ${shown(hyper)}`);
  }
  const slots: [p: Tensor, name: string, saved: SavedTensor][] = [];
  for (const [key, saved] of tensors) {
    const [, k, name] = (typeof key === 'string' && /^(\d+)\.(.+)$/.exec(key)) || [];
    const p = parameters[Number(k)];
    if (!p || !memory(p).includes(name))
      throw new FormatError(
        source,
        `${typeof key === 'string' ? key : shown(key)} belongs to no parameter of this ${who}`,
      );
    checkSavedValues(source, key, saved, p);
    if (name !== 'exp_avg' && name !== 'momentum_buffer' && Array.prototype.some.call(saved.data, (v: number) => v < 0))
      throw new FormatError(source, `${key} is a mean or sum of squares and has a number below 0`);
    slots.push([p, name, saved]);
  }
  for (const [k, p] of parameters.entries()) {
    const lacking = taken[k] > 0 ? memory(p).find((name) => !tensors.has(`${k}.${name}`)) : undefined;
    if (lacking)
      throw new FormatError(source, `lacks ${k}.${lacking}, though parameter ${k} has taken ${taken[k]} steps`);
  }
  return { steps, taken, lrs, slots };
}

function isCount(n: unknown): n is number {
  return Number.isSafeInteger(n) && (n as number) >= 0;
}

function isList(list: unknown, count: number, fits: (item: unknown) => boolean): list is number[] {
  return Array.isArray(list) && list.length === count && list.every(fits);
}
