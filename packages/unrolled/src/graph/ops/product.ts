// Matrix products.

import { matmul } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { packedLinear } from './packed.ts';

export const productOps: Readonly<Record<string, GraphOp>> = {
  MatMul: {
    inputs: ['A', 'B'],
    run: (node) => matmul(node.tensor(0), node.tensor(1)),
    freeze: (node) => {
      const b = node.weight(1);
      if (b?.rank !== 2) return null;
      const multiply = packedLinear(b, null, true);
      return (given) => {
        const a = given.tensor(0);
        return (a.rank > 1 && multiply(a)) || matmul(a, given.tensor(1));
      };
    },
  },

  /** α A B + β C, either of A and B transposed. */
  Gemm: {
    inputs: ['A', 'B', 'C?'],
    attributes: ['alpha', 'beta', 'transA', 'transB'],
    run: (node) =>
      gemm(node, (a, transposed) => matmul(a, transposed ? node.tensor(1).transpose(0, 1) : node.tensor(1))),
    freeze: (node) => {
      const b = node.weight(1);
      if (b?.rank !== 2) return null;
      const multiply = packedLinear(b, null, !node.flag('transB', false));
      return (given) =>
        gemm(given, (a, transposed) => {
          const packed = a.rank === 2 ? multiply(a) : null;
          return packed ?? matmul(a, transposed ? given.tensor(1).transpose(0, 1) : given.tensor(1));
        });
    },
  },
};

/** α A B + β C around the product, which is told whether B is transposed. */
function gemm(node: RunContext, product: (a: Tensor, transposed: boolean) => Tensor): Tensor {
  const [alpha, beta] = [node.number('alpha', 1), node.number('beta', 1)];
  const a = node.flag('transA', false) ? node.tensor(0).transpose(0, 1) : node.tensor(0);
  const y = product(a, node.flag('transB', false));
  const scaled = alpha === 1 ? y : y.mul(alpha);
  if (!node.given(2) || beta === 0) return scaled;
  return scaled.add(beta === 1 ? node.tensor(2) : node.tensor(2).mul(beta));
}
