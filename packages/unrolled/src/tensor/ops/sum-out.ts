// Sums over axes without a record: the forward pass of `sum`, and the backward pass of broadcasting.

import { around, type TensorShape, sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';

/** The sum over whatever was broadcast to get from `shape` to x: the backward pass of broadcasting. */
export function sumTo(x: Tensor, shape: TensorShape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = x.shape.map((_, d) => d).filter((d) => d < lead || (shape[d - lead] === 1 && x.shape[d] !== 1));
  return new Tensor(sumOut(x, axes).storage, shape);
}

/** Sums out `axes`, which stay with size 1, neighbors together, without a record. */
export function sumOut(x: Tensor, axes: readonly number[]): Tensor {
  let y = x.detach();
  for (let last = axes.length - 1; last >= 0; ) {
    let first = last;
    while (first > 0 && axes[first - 1] === axes[first] - 1) first--;
    const { outer } = around(y.shape, axes[first]);
    const { inner } = around(y.shape, axes[last]);
    const n = axes.slice(first, last + 1).reduce((product, d) => product * y.shape[d], 1);
    const shape = y.shape.map((size, d) => (d >= axes[first] && d <= axes[last] ? 1 : size));
    const next = Tensor.empty(shape, x.dtype, x.backend);
    x.backend.reduce('sum', next.storage, y.storage, outer, n, inner);
    y = next;
    last = first - 1;
  }
  return y;
}
