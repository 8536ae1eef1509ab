// A first-order linear recurrence over time, in one call of the seam. What makes a cell quick is that its state enters linearly: then all
// matrix products are done before, for all steps at once, and only this is left to do one step after the other.

import type { ScanSizes } from '../../backend/backend.ts';
import { ShapeError, TensorError, checkOptions } from '../../errors.ts';
import { recordMany } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat, requireSameBackend } from './operands.ts';

/** Options of `scan`. */
export interface ScanOptions {
  /** The state before: [B, W]. Default: zeros. */
  readonly h0?: Tensor | null;
  /** int32 [B]: steps that count in each row. Default: all. */
  readonly lengths?: Tensor | null;
  /** From each row's end to its start. Default false. */
  readonly reverse?: boolean;
  /** Rows are H real parts and then H imaginary ones, W = 2H. Default false, W = H. */
  readonly complex?: boolean;
}

/**
 * h_t = a_t ⊙ h_(t−1) + b_t with b [T, B, W] and a [T, B, W], or a [W] that is the same everywhere → h [T, B, W] and the last state hn [B, W].
 * h past a row's length is 0, and hn the state at its length.
 *
 *   db_t = dh_t + conj(a_(t+1)) ⊙ db_(t+1)      da_t = db_t ⊙ conj(h_(t−1))      dh_0 = conj(a_1) ⊙ db_1
 */
export function scan(a: Tensor, b: Tensor, options: ScanOptions = {}): { h: Tensor; hn: Tensor } {
  checkOptions('scan', options, ['h0', 'lengths', 'reverse', 'complex']);
  const { h0 = null, lengths = null, reverse = false, complex = false } = options;
  requireFloat('scan', b);
  requireFloat('scan', a);
  requireAlike('scan', b, a, h0);
  requireSameBackend('scan', b, lengths);
  if (b.rank !== 3) throw new ShapeError('scan', 'b', ['T', 'B', 'W'], b.shape);
  const [T, B, W] = b.shape;
  const constant = a.rank === 1;
  if (!sameShape(a.shape, constant ? [W] : b.shape)) throw new ShapeError('scan', 'a', b.shape, a.shape);
  if (complex && W % 2 !== 0) throw new ShapeError('scan', 'complex b', ['T', 'B', '2·H'], b.shape);
  if (h0 && !sameShape(h0.shape, [B, W])) throw new ShapeError('scan', 'h0', [B, W], h0.shape);
  if (lengths) checkLengths(lengths, B, T);
  const { backend, dtype } = b;
  const sizes: ScanSizes = { T, B, H: complex ? W / 2 : W, complex, constant, reverse };
  const empty = (...shape: number[]) => Tensor.empty(shape, dtype, backend);
  const of = (t: Tensor | null | undefined) => t?.storage ?? null;
  const [h, hn] = [empty(T, B, W), empty(B, W)];
  backend.scanForward(h.storage, hn.storage, a.storage, b.storage, of(h0), of(lengths), sizes);
  recordMany('scan', [h, hn], h0 ? [a, b, h0] : [a, b], ([dh, dhn]) => {
    const db = empty(T, B, W);
    const da = a.requiresGrad ? (constant ? empty(B, W) : empty(T, B, W)) : null;
    const dh0 = h0?.requiresGrad ? empty(B, W) : null;
    backend.scanBackward(
      of(da), db.storage, of(dh0), of(dh), of(dhn), a.storage, h.storage, of(h0), of(lengths), sizes,
    ); // biome-ignore format: as in backend.ts
    return [constant ? da?.sum(0) : da, b.requiresGrad ? db : null, dh0];
  });
  return { h, hn };
}

function checkLengths(lengths: Tensor, B: number, T: number): void {
  if (lengths.dtype !== 'int32' || !sameShape(lengths.shape, [B]))
    throw new ShapeError('scan', 'lengths (int32)', [B], lengths.shape);
  lengths.storage.array.forEach((n, b) => {
    if (n < 0 || n > T) throw new TensorError('scan', `the length of row ${b} is ${n}; the sequence has ${T} steps`);
  });
}
