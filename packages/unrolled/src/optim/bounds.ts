// What keeps everything finite at no cost. A step's result is bounded by numbers that are known before it: the norm of the gradients, which no
// gradient exceeds, the options, and bounds of the optimizer state, which it carries from step to step.
//
// A weight x itself need not be known: half the distance from the largest float32 to the next one would be 2^103, so that x − change is finite
// for every finite x where |change| is less. All limits are a little below: 2^100, above anything that training meets and far enough from 2^128
// that roundings do not matter.

import type { Tensor } from '../tensor/tensor.ts';

export const safeLimit = 2 ** 100;

/** What one update can reach at most. NaN or ∞ where nothing is known. */
export interface Reach {
  /** The gradient as it is used, and any number on the way to a change. */
  readonly gradient: number;
  /** What is taken from a weight. */
  readonly change: number;
  /** The part of a weight that decays at once. Above 1 it would grow. */
  readonly decay?: number;
  /** The memory after the update, by name. */
  readonly slots: Readonly<Record<string, number>>;
}

/** What a bound is computed from. */
export interface Before {
  /** No gradient is larger. */
  readonly g: number;
  /** Bound of the memory so far. */
  slot(name: string): number;
  /** No weight is larger. Reads all of them: for decay that is added to the gradient. */
  largestWeight(): number;
}

/** Whether everything stays finite, the options included, which become float32. */
export function withinReach({ gradient, change, decay = 0, slots }: Reach, options: readonly unknown[]): boolean {
  const numbers = options.filter((option) => typeof option === 'number').map(Math.abs);
  return decay <= 1 && [gradient, change, ...Object.values(slots), ...numbers].every((n) => n <= safeLimit);
}

/** For a quotient x / (√y + eps): x times this is its bound, and no less than x. An eps that float32 takes for 0 bounds nothing. */
export function inverse(eps: number): number {
  return eps < 2 ** -126 ? Infinity : 1 / Math.min(eps, 1);
}

/** A number that no element of these, which are on one backend, exceeds: the root of their sum of squares. */
export function largestOf(tensors: readonly Tensor[]): number {
  return Math.sqrt(tensors[0].backend.sumSquares(tensors.map(({ storage }) => storage)));
}

/** The first element that is no finite number, and where; null when all are. */
export function firstNonFinite({ array }: { readonly array: ArrayLike<number> }): { at: number; value: number } | null {
  for (let at = 0; at < array.length; at++) if (!Number.isFinite(array[at])) return { at, value: array[at] };
  return null;
}
