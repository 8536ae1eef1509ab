// One step of any cell in as few ops as there are: two products and a kernel for the rest where the cell has one, else its equations.

import type { SteppedCell } from '../../backend/backend.ts';
import { linear } from '../../tensor/ops/product.ts';
import { recurrentStep } from '../../tensor/ops/cell.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Cell, GatedCell, masked } from './cell.ts';
import { isWatched, watchedStep } from './observe.ts';
import { tensorsOf } from './state.ts';

/** A cell whose step is two products and a kernel. */
export type KernelCell<S> = GatedCell<S> & { readonly fused: SteppedCell };

/** Whether the point-wise half of the cell's step is a kernel. */
export function hasStepKernel<S>(cell: Cell<S>): cell is KernelCell<S> {
  return cell.fused !== null && cell.fused !== 'gruResetBefore' && cell instanceof GatedCell;
}

/** What `cell.step(x, state, mask)` gives, to rounding: x [B, I] and the state → the output and the next state. */
export function stepCell<S>(
  cell: Cell<S>,
  x: Tensor,
  state: S,
  mask: Tensor | null = null,
): [output: Tensor, state: S] {
  if (!hasStepKernel(cell)) return cell.step(x, state, mask);
  const h = masked(tensorsOf(state)[0], mask);
  const gatesX = linear(x, cell.weightIh, cell.biasIh);
  return stepFrom(cell, gatesX, linear(h, cell.weightHh, cell.biasHh), state);
}

/** The same for a layer that a decoder steps through itself, as its step t: observed and changed like those of `Recurrent`. */
export function stepLayer<S>(
  layer: { readonly cells: readonly Cell<S>[] },
  x: Tensor,
  state: S,
  { t, mask = null }: { readonly t: number; readonly mask?: Tensor | null },
): readonly [output: Tensor, state: S] {
  const [cell] = layer.cells;
  if (!isWatched()) return stepCell(cell, x, state, mask);
  return watchedStep({ cell, index: 0, name: 'l0', t, x, before: state }, () => cell.step(x, state, mask));
}

/** The step from its two products with the weights, W_ih x + b_ih and W_hh h + b_hh, both [B, G·H]. */
export function stepFrom<S>(cell: KernelCell<S>, gatesX: Tensor, gatesH: Tensor, state: S): [output: Tensor, state: S] {
  const [h, c] = tensorsOf(state);
  const next = recurrentStep(cell.fused, gatesX, gatesH, h, c ?? null);
  return [next.h, (next.c ? { h: next.h, c: next.c } : next.h) as S];
}
