// One step of a cell for a batch, its point-wise half in one call: for loops whose next input depends on the last output.

import { requireOneOf } from '../../checks.ts';
import { gateCount, hasC, reserveSize, type SteppedCell, steppedCells } from '../../backend/backend.ts';
import { ShapeError, TensorError } from '../../errors.ts';
import { recordMany, wantsGrad } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat } from './operands.ts';
import { zerosLike } from './shaping.ts';

/**
 * gatesX = W_ih x + b_ih and gatesH = W_hh h + b_hh, both [B, G·H], and the state before [B, H] → the state after.
 * The equations are those of RNNCell, LSTMCell and GRUCell; `c` is the LSTM's alone.
 */
export function recurrentStep(
  cell: SteppedCell,
  gatesX: Tensor,
  gatesH: Tensor,
  h: Tensor,
  c: Tensor | null = null,
): { h: Tensor; c: Tensor | null } {
  requireOneOf('recurrentStep', 'cell', cell, steppedCells);
  for (const t of [gatesX, gatesH, h]) requireFloat(cell, t);
  requireAlike(cell, gatesX, gatesH, h, c);
  if (h.rank !== 2) throw new ShapeError(cell, 'the state h', ['B', 'H'], h.shape);
  const [B, H] = h.shape;
  const gates = [B, gateCount[cell] * H];
  if (!sameShape(gatesX.shape, gates)) throw new ShapeError(cell, 'gatesX', gates, gatesX.shape);
  if (!sameShape(gatesH.shape, gates)) throw new ShapeError(cell, 'gatesH', gates, gatesH.shape);
  if (c && !sameShape(c.shape, h.shape)) throw new ShapeError(cell, 'the state c', h.shape, c.shape);
  if (hasC(cell) !== (c !== null))
    throw new TensorError(cell, c ? 'has no cell state c' : 'expected the cell state c as well as h');
  const { backend, dtype } = h;
  const empty = (...shape: number[]) => Tensor.empty(shape, dtype, backend);
  const [nextH, nextC] = [empty(B, H), c && empty(B, H)];
  const inputs = c ? [gatesX, gatesH, h, c] : [gatesX, gatesH, h];
  const reserve = wantsGrad(inputs) ? empty(reserveSize(cell, 1, B, H)) : null;
  const of = (t: Tensor | null) => t?.storage ?? null;
  backend.cellForward(
    cell, nextH.storage, of(nextC), of(reserve), gatesX.storage, gatesH.storage, h.storage, of(c), B, H,
  ); // biome-ignore format: as in backend.ts
  recordMany(`${cell} step`, nextC ? [nextH, nextC] : [nextH], inputs, ([dh, dc]) => {
    const [dGatesX, dGatesH, dhBefore, dcBefore] = [empty(...gates), empty(...gates), empty(B, H), c && empty(B, H)];
    const arrived = dh ?? zerosLike(h, h.shape);
    backend.cellBackward(
      cell, dGatesX.storage, dGatesH.storage, dhBefore.storage, of(dcBefore), arrived.storage, of(dc ?? null),
      (reserve as Tensor).storage, nextH.storage, of(nextC), h.storage, of(c), B, H,
    ); // biome-ignore format: as in backend.ts
    return [dGatesX, dGatesH, dhBefore, dcBefore];
  });
  return { h: nextH, c: nextC };
}
