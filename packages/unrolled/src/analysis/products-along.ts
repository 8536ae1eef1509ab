// The product of the Jacobians of a path through time, from its last step back: how strongly the last state depends on each earlier one.

import type { Cell } from '../nn/recurrent/cell.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Jacobian, multiply, normOf, stepJacobian } from './jacobian.ts';

/** One step of one row: all tensors are [1, ..]. */
export interface RowStep {
  readonly x: Tensor;
  readonly before: unknown;
  readonly gates: readonly string[];
}

/** Computes the products of a path's Jacobians, from its last step back; with `everyStep` also the norm of each. */
export function productsAlong(
  cell: Cell<unknown>,
  path: readonly RowStep[],
  { everyStep = true }: { readonly everyStep?: boolean } = {},
): { last: Jacobian; whole: Jacobian; jacobianNorms: number[]; product: number[] } {
  const jacobianNorms: number[] = [];
  const product: number[] = [];
  let last: Jacobian | null = null;
  let whole: Jacobian | null = null;
  for (const { x, before } of path.toReversed()) {
    const jacobian = stepJacobian(cell, x, before);
    last ??= jacobian;
    whole = whole ? multiply(whole, jacobian, x) : jacobian;
    if (everyStep) jacobianNorms.push(normOf(jacobian));
    product.push(normOf(whole));
  }
  return { last: last as Jacobian, whole: whole as Jacobian, jacobianNorms, product };
}
