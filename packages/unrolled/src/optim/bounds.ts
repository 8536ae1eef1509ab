// Keeps everything finite at no cost. A step's result is bounded by numbers that are known before it: the norm of the gradients, which no
// gradient exceeds, the options, and bounds of the optimizer state, which is carried from step to step.
//
// A weight x itself need not be known: half the distance from the largest float32 to the next one would be 2^103, so that x − change is finite
// for every finite x where |change| is less. All limits are a little below: 2^100, above anything that training meets and far enough from 2^128
// that roundings do not matter.

import type { Tensor } from '../tensor/tensor.ts';

export const safeLimit = 2 ** 100;

/** Bounds of one update. NaN or ∞ where nothing is known. */
export interface Reach {
  /** Bound of the gradient as it is used, and of every intermediate value. */
  readonly gradient: number;
  /** Bound of what is subtracted from a weight. */
  readonly change: number;
  /** Fraction by which a weight decays directly. Above 1 it would grow. */
  readonly decay?: number;
  /** Bounds of the optimizer state after the update, by name. */
  readonly slots: Readonly<Record<string, number>>;
}

/** Inputs of a bound. */
export interface Before {
  /** Bound of the gradients. */
  readonly g: number;
  /** Bounds of the optimizer state before the update. */
  slot(name: string): number;
  /** Bound of the weights. Reads all of them: for weight decay that is added to the gradient. */
  largestWeight(): number;
}

/** Whether everything stays finite, the options in float32 included. (Lists among them, `betas`, are below 1.) */
export function withinReach({ gradient, change, decay = 0, slots }: Reach, options: object): boolean {
  if (!(gradient <= safeLimit && change <= safeLimit && decay <= 1)) return false;
  for (const name in slots) if (!(slots[name] <= safeLimit)) return false;
  const numbers = options as Readonly<Record<string, unknown>>;
  for (const name in numbers) {
    const option = numbers[name];
    if (typeof option === 'number' && Math.abs(option) > safeLimit) return false;
  }
  return true;
}

/** Factor that bounds the quotient x / (√y + eps) by x. An eps that rounds to 0 in float32 bounds nothing. */
export function inverse(eps: number): number {
  return eps < 2 ** -126 ? Infinity : 1 / Math.min(eps, 1);
}

/** A bound of all elements of these tensors on one backend: the root of their sum of squares. */
export function largestOf(tensors: readonly Tensor[]): number {
  return Math.sqrt(tensors[0].backend.sumSquares(tensors.map(({ storage }) => storage)));
}

/** The first element that is not finite, and its place; null when all are finite. */
export function firstNonFinite({ array }: { readonly array: ArrayLike<number> }): { at: number; value: number } | null {
  for (let at = 0; at < array.length; at++) if (!Number.isFinite(array[at])) return { at, value: array[at] };
  return null;
}
