// Matrix products.

import { matmul } from '../../tensor/ops/product.ts';
import type { GraphOp } from '../op.ts';

export const productOps: Readonly<Record<string, GraphOp>> = {
  MatMul: { inputs: ['A', 'B'], run: (node) => matmul(node.tensor(0), node.tensor(1)) },

  /** α A B + β C, either of A and B transposed. */
  Gemm: {
    inputs: ['A', 'B', 'C?'],
    attributes: ['alpha', 'beta', 'transA', 'transB'],
    run: (node) => {
      const [alpha, beta] = [node.number('alpha', 1), node.number('beta', 1)];
      const a = node.flag('transA', false) ? node.tensor(0).transpose(0, 1) : node.tensor(0);
      const b = node.flag('transB', false) ? node.tensor(1).transpose(0, 1) : node.tensor(1);
      const product = matmul(a, b);
      const scaled = alpha === 1 ? product : product.mul(alpha);
      if (!node.given(2) || beta === 0) return scaled;
      return scaled.add(beta === 1 ? node.tensor(2) : node.tensor(2).mul(beta));
    },
  },
};
