// One matrix, and a product with it at every step: it is brought into the order in which it is read once, not at every step.

import { packedFloats, type Storage } from '../../backend/backend.ts';
import { Tensor } from '../tensor.ts';

/** out [rows, n] = x [rows, k] · Wᵀ + bias, or += when `accumulate`. */
export type PackedProduct = (
  out: Storage,
  x: Storage,
  rows: number,
  options?: { readonly bias?: Tensor | null; readonly accumulate?: boolean },
) => void;

/** Products with W [n, k]; with `transposed` they are x · W, and W is [k, n]. Nothing is recorded. With `kept` it outlives the scope that made it. */
export function packedProduct(w: Tensor, transposed = false, kept = false): PackedProduct {
  const { backend, dtype } = w;
  const [n, k] = transposed ? [w.shape[1], w.shape[0]] : w.shape;
  const packed = Tensor.empty([packedFloats(n, k)], dtype, backend);
  if (kept) packed.keep();
  backend.packMatrix(packed.storage, w.storage, n, k, !transposed);
  return (out, x, rows, { bias = null, accumulate = false } = {}) =>
    backend.gemmPacked(out, x, packed.storage, bias?.storage ?? null, rows, n, k, accumulate);
}
