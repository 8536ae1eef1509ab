// The Jacobian of one step, ∂s_t/∂s_{t−1}, of any cell: the row is repeated as often as the state is wide, and the backward pass starts from
// another unit in each copy, so that one pass gives all rows of the matrix.

import { requireKinds } from '../checks.ts';
import type { Cell } from '../nn/recurrent/cell.ts';
import { combine, mapState } from '../nn/recurrent/state.ts';
import { tensor } from '../tensor/create.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { singularValues, spectralNorm } from './linear-algebra.ts';
import { namedTensors } from './observed-layers.ts';

/** A square matrix, row by row, in float64. */
export interface Jacobian {
  readonly size: number;
  readonly values: Float64Array;
}

/**
 * x [1, I] and the state before, every tensor of it [1, n] → ∂(state after)/∂(state before). A state of several tensors counts as one vector, in the
 * order of its keys: (h, c) of an LSTM. Adds to the gradients of the cell's parameters.
 */
export function stepJacobian<S>(cell: Cell<S>, x: Tensor, before: S): Jacobian {
  requireKinds('stepJacobian', { cell, x }, { cell: 'module', x: 'tensor' });
  return scope(() => {
    mapState(before, (t) => t); // refuses what is no state, before it is gone through
    const widths = namedTensors(before).map(([, t]) => t.shape[1]);
    const size = widths.reduce((a, b) => a + b, 0);
    const copies = combine([before], ([t]) => {
      const leaf = t.detach().expand(size, t.shape[1]).detach();
      leaf.requiresGrad = true;
      return leaf;
    });
    const [, after] = cell.step(x.detach().expand(size, x.shape[1]), copies);
    let first = 0;
    let root: Tensor | null = null;
    for (const [, t] of namedTensors(after)) {
      const width = t.shape[1];
      const seed = new Float64Array(size * width);
      for (let j = 0; j < width; j++) seed[(first + j) * width + j] = 1;
      const part = t.mul(tensor(seed, [size, width], { dtype: t.dtype, backend: t.backend })).sum();
      root = root ? root.add(part) : part;
      first += width;
    }
    if (root?.requiresGrad) root.backward();
    const values = new Float64Array(size * size);
    let column = 0;
    for (const [k, [, leaf]] of namedTensors(copies).entries()) {
      const grad = leaf.grad?.storage.array;
      for (let r = 0; grad && r < size; r++)
        for (let j = 0; j < widths[k]; j++) values[r * size + column + j] = grad[r * widths[k] + j];
      leaf.zeroGrad();
      column += widths[k];
    }
    return { size, values };
  });
}

/** ‖A‖₂: to the last digits where A is small, to six or more where all singular values would take too long. */
export function normOf({ size, values }: Jacobian): number {
  return size <= 16 ? (singularValues(values, size, size)[0] ?? 0) : spectralNorm(values, size, size);
}

/** Sizes up to which matrices are multiplied in plain loops, in float64; larger ones use the backend. */
const plain = 96;

/** A·B. `like` decides on which backend a large product is computed. */
export function multiply(a: Jacobian, b: Jacobian, like: Tensor): Jacobian {
  const n = a.size;
  if (n > plain) {
    return scope(() => {
      const options = { dtype: like.dtype, backend: like.backend };
      // Scaled, so that float32 neither under- nor overflows.
      const [sa, sb] = [largest(a.values), largest(b.values)];
      const of = (m: Jacobian, s: number) =>
        tensor(
          m.values.map((v) => v / s),
          [n, n],
          options,
        );
      const values = Float64Array.from(of(a, sa).matmul(of(b, sb)).storage.array, (v) => v * sa * sb);
      return { size: n, values };
    });
  }
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const v = a.values[i * n + k];
      if (v !== 0) for (let j = 0; j < n; j++) values[i * n + j] += v * b.values[k * n + j];
    }
  }
  return { size: n, values };
}

function largest(values: Float64Array): number {
  return values.reduce((m, v) => Math.max(m, Math.abs(v)), 0) || 1;
}
