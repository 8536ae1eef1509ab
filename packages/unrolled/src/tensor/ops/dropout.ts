// Random masks. Each mask takes the next numbers of one counter, so a resumed run draws the same masks.

import { record } from '../autograd.ts';
import { takeCounters } from '../random-state.ts';
import { requireShape, type TensorShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireFloat, requireProbability } from './operands.ts';

/** 0 with probability p and 1/(1 − p) otherwise, so that the expectation of mask ⊙ x is x. No gradient. */
export function dropoutMask(shape: TensorShape, p: number, like: Tensor): Tensor {
  requireShape('dropoutMask', shape);
  requireProbability('dropout', 'p', p);
  requireFloat('dropout', like);
  const mask = Tensor.empty(shape, like.dtype, like.backend);
  const { key, counter } = takeCounters(Math.ceil(mask.size / 4));
  like.backend.dropoutMask(mask.storage, p, key, counter);
  return mask;
}

/**
 * x [.., N] with some rows all zeros, each with probability p, and the others as they are, not 1/(1 − p) times that: a row is a word, not a part of a
 * sum. x itself when p is 0.
 */
export function dropRows(x: Tensor, p: number): Tensor {
  if (p === 0) return x;
  x.detach(); // throws for freed memory, before the counter moves
  return x.mul(dropoutMask([...x.shape.slice(0, -1), 1], p, x).mul(1 - p));
}

/** x ⊙ mask with a new mask; x itself when p is 0. */
export function dropout(x: Tensor, p: number): Tensor {
  requireFloat('dropout', x);
  requireProbability('dropout', 'p', p);
  if (p === 0) return x;
  const input = x.detach(); // throws for freed memory, before the counter moves
  const mask = dropoutMask(x.shape, p, x);
  return record('dropout', input.mul(mask), [x], (dy) => [dy.mul(mask)]);
}
