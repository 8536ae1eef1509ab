// One step of any cell in as few ops as there are: two products and a kernel for the rest where the cell has one, else its equations.

import { linear } from '../../tensor/ops/product.ts';
import { recurrentStep } from '../../tensor/ops/cell.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Cell, GatedCell } from './cell.ts';
import { tensorsOf } from './state.ts';

/** What `cell.step(x, state)` gives, to rounding: x [B, I] and the state → the output and the next state. */
export function stepCell<S>(cell: Cell<S>, x: Tensor, state: S): [output: Tensor, state: S] {
  const { fused } = cell;
  if (!fused || fused === 'gruResetBefore' || !(cell instanceof GatedCell)) return cell.step(x, state);
  const [h, c] = tensorsOf(state);
  const gatesX = linear(x, cell.weightIh, cell.biasIh);
  const next = recurrentStep(fused, gatesX, linear(h, cell.weightHh, cell.biasHh), h, c ?? null);
  return [next.h, (next.c ? { h: next.h, c: next.c } : next.h) as S];
}
