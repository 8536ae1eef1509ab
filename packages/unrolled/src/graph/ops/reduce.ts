// Reductions over axes.

import { mean, sum } from '../../tensor/ops/reduce.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp } from '../op.ts';

/** Over some axes, or over all where none are given. */
function reduction(reduce: (x: Tensor, axes: number[], keepdim: boolean) => Tensor): GraphOp {
  return {
    inputs: ['data', 'axes?'],
    attributes: ['axes', 'keepdims', 'noop_with_empty_axes'],
    run: (node) => {
      const x = node.tensor(0);
      const given = node.list(1, 'axes') ?? [];
      if (given.length === 0 && node.flag('noop_with_empty_axes', false)) return x;
      const axes = given.length > 0 ? given.map((axis) => node.axis(axis, x.rank)) : Array.from(x.shape.keys());
      return reduce(x, axes, node.flag('keepdims', true));
    },
  };
}

export const reduceOps: Readonly<Record<string, GraphOp>> = {
  ReduceMean: reduction(mean),
  ReduceSum: reduction(sum),
};
