// Matrix products. All of them are the seam's gemm.

import { ShapeError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { broadcastShapes, sameShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat } from './operands.ts';
import { expand, reshape } from './shaping.ts';

/**
 * [.., M, K] · [.., K, N] → [.., M, N]; leading axes broadcast. A vector counts as a row on the left and as a column on the right.
 * dA = dC Bᵀ, dB = Aᵀ dC.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  requireFloat('matmul', a);
  requireFloat('matmul', b);
  requireAlike('matmul', a, b);
  if (a.rank === 0 || b.rank === 0 || a.shape.at(-1) !== b.shape.at(b.rank === 1 ? 0 : -2)) {
    throw new ShapeError(
      'matmul',
      `a right factor for [${a.shape.join(', ')}]`,
      ['…', a.shape.at(-1) ?? 'K', 'N'],
      b.shape,
    );
  }
  if (a.rank === 1) return matmul(a.unsqueeze(0), b).squeeze(b.rank === 1 ? 0 : -2);
  if (b.rank === 1) return matmul(a, b.unsqueeze(1)).squeeze(-1);
  if (b.rank === 2) {
    const rows = sizeOf(a.shape.slice(0, -1));
    return reshape(batched(reshape(a, [1, rows, a.shape.at(-1) as number]), reshape(b, [1, ...b.shape])), [
      ...a.shape.slice(0, -1),
      b.shape[1],
    ]);
  }
  const lead = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const batch = sizeOf(lead);
  const flat = (t: Tensor) => {
    const matrix = t.shape.slice(-2);
    const full = [...lead, ...matrix];
    return reshape(sameShape(t.shape, full) ? t : expand(t, full), [batch, ...matrix]);
  };
  return reshape(batched(flat(a), flat(b)), [...lead, a.shape.at(-2) as number, b.shape.at(-1) as number]);
}

/** [batch, M, K] · [batch, K, N]. */
function batched(a: Tensor, b: Tensor): Tensor {
  const c = gemm(a, b, null, false, false);
  return record('matmul', c, [a, b], (dc) => [
    a.requiresGrad ? gemm(dc, b, null, false, true) : null,
    b.requiresGrad ? gemm(a, dc, null, true, false) : null,
  ]);
}

/**
 * x Wᵀ + b: x [.., I], weight [O, I], bias [O] → [.., O]. PyTorch's `linear`.
 * dx = dy W, dW = dyᵀ x, db = Σ dy over the rows.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  requireFloat('linear', x);
  requireFloat('linear', weight);
  requireAlike('linear', x, weight, bias);
  if (weight.rank !== 2) throw new ShapeError('linear', 'weight', ['O', 'I'], weight.shape);
  const [O, I] = weight.shape;
  if (x.shape.at(-1) !== I) throw new ShapeError('linear', 'input', ['…', I], x.shape);
  if (bias && !sameShape(bias.shape, [O])) throw new ShapeError('linear', 'bias', [O], bias.shape);
  const rows = sizeOf(x.shape.slice(0, -1));
  const matrix = x.detach().reshape(1, rows, I);
  const w = weight.detach().reshape(1, O, I);
  const y = gemm(matrix, w, bias, false, true).reshape(...x.shape.slice(0, -1), O);
  return record('linear', y, bias ? [x, weight, bias] : [x, weight], (dy) => {
    const rowsOfDy = dy.reshape(1, rows, O);
    return [
      x.requiresGrad ? gemm(rowsOfDy, w, null, false, false).reshape(...x.shape) : null,
      weight.requiresGrad ? gemm(rowsOfDy, matrix, null, true, false).reshape(O, I) : null,
      bias?.requiresGrad ? dy.reshape(rows, O).sum(0) : null,
    ];
  });
}

/** op(a) · op(b) for [batch, rows, columns] operands, without a record. */
function gemm(a: Tensor, b: Tensor, bias: Tensor | null, transA: boolean, transB: boolean): Tensor {
  const batch = a.shape[0];
  const [M, K] = transA ? [a.shape[2], a.shape[1]] : [a.shape[1], a.shape[2]];
  const N = transB ? b.shape[1] : b.shape[2];
  const c = Tensor.empty([batch, M, N], a.dtype, a.backend);
  a.backend.gemm(
    c.storage,
    a.storage,
    b.storage,
    bias?.storage ?? null,
    batch,
    M,
    N,
    K,
    transA,
    transB,
    M * K,
    K * N,
    M * N,
    false,
  );
  return c;
}
