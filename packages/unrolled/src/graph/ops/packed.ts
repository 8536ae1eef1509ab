// Products with weights that no longer change, packed once. Each element is its first value plus its products in the order of k, as in every product of the
// library: results are those of the ops that pack at every call, to the bit.

import { packedProduct } from '../../tensor/ops/packed-product.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** x [.., k] → x Wᵀ + bias [.., n]; null for an x that W does not fit, which the op itself refuses. */
export type PackedLinear = (x: Tensor) => Tensor | null;

/** W [n, k], or with `transposed` [k, n]; nothing for another rank. */
export function packedLinear(w: Tensor, bias: Tensor | null, transposed = false): PackedLinear {
  const [n, k] = transposed ? [w.shape[1], w.shape[0]] : w.shape;
  const multiply = packedProduct(w.detach(), transposed, true);
  return (x) => {
    if (!isLike(x, w) || x.shape.at(-1) !== k) return null;
    const lead = x.shape.slice(0, -1);
    const y = Tensor.empty([...lead, n], x.dtype, x.backend);
    multiply(y.storage, x.storage, sizeOf(lead), { bias });
    return y;
  };
}

/** Whether both are of one dtype on one backend. */
export function isLike(x: Tensor, w: Tensor): boolean {
  return x.dtype === w.dtype && x.backend === w.backend;
}
