// Softmax, and the loss that goes with it.

import { OptionError, ShapeError, TensorError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { axis, sameShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireFloat, requireSameBackend } from './elementwise.ts';
import { checkIndices } from './shaping.ts';

/** exp(x_i) / Σ_j exp(x_j) along an axis, shifted by the maximum so that nothing overflows. dx = y ⊙ (dy − Σ dy ⊙ y). */
export function softmax(x: Tensor, dim = -1): Tensor {
  return alongLast('softmax', x, dim, (t) => {
    const [rows, cols] = rowsAndColumns(t);
    const y = Tensor.empty(t.shape, t.dtype, t.backend);
    t.backend.softmax(y.storage, t.storage, rows, cols);
    return record('softmax', y, [t], (dy) => {
      const dx = Tensor.empty(t.shape, t.dtype, t.backend);
      t.backend.softmaxBackward(dx.storage, dy.storage, y.storage, rows, cols);
      return [dx];
    });
  });
}

/** x_i − ln Σ_j exp(x_j) along an axis. dx = dy − softmax(x) · Σ dy. */
export function logSoftmax(x: Tensor, dim = -1): Tensor {
  return alongLast('logSoftmax', x, dim, (t) => {
    const [rows, cols] = rowsAndColumns(t);
    const y = Tensor.empty(t.shape, t.dtype, t.backend);
    t.backend.logSoftmax(y.storage, t.storage, rows, cols);
    return record('logSoftmax', y, [t], (dy) => {
      const dx = Tensor.empty(t.shape, t.dtype, t.backend);
      t.backend.logSoftmaxBackward(dx.storage, dy.storage, y.storage, rows, cols);
      return [dx];
    });
  });
}

export interface CrossEntropyOptions {
  /** 'mean' over the targets that count (PyTorch's default), 'sum' over steps and batch (the lecture's), or 'none': one loss per target. */
  readonly reduction?: 'mean' | 'sum' | 'none';
  /** Targets of this value add nothing to the loss or the gradient. Default −100. */
  readonly ignoreIndex?: number;
}

/**
 * Softmax loss −ln softmax(logits)[target]: logits [.., V], target int32 [..] → a scalar, or [..] with reduction 'none'.
 * d logits = softmax(logits) − onehot(target). A mean over no targets at all is 0.
 *
 * Throws a ShapeError when the two do not fit and an OptionError for a class outside 0 … V − 1.
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { reduction = 'mean', ignoreIndex = -100 } = options;
  requireFloat('crossEntropy', logits);
  if (target.dtype !== 'int32') throw new TensorError('crossEntropy', `expected int32 targets, got ${target.dtype}`);
  requireSameBackend('crossEntropy', logits, target);
  const shape = logits.shape.slice(0, -1);
  if (logits.rank === 0 || !sameShape(target.shape, shape))
    throw new ShapeError('crossEntropy', 'target', shape, target.shape);
  const [rows, cols] = rowsAndColumns(logits);
  checkIndices('crossEntropy', target, cols, ignoreIndex);
  const { backend } = logits;
  const loss = Tensor.empty(shape, logits.dtype, backend);
  const logSumExp = Tensor.empty(shape, logits.dtype, backend);
  backend.crossEntropy(loss.storage, logSumExp.storage, logits.storage, target.storage, rows, cols, ignoreIndex);
  record('crossEntropy', loss, [logits], (dLoss) => {
    const dLogits = Tensor.empty(logits.shape, logits.dtype, backend);
    backend.crossEntropyBackward(
      dLogits.storage,
      dLoss.storage,
      logits.storage,
      logSumExp.storage,
      target.storage,
      rows,
      cols,
      ignoreIndex,
    );
    return [dLogits];
  });
  switch (reduction) {
    case 'none':
      return loss;
    case 'sum':
      return loss.sum();
    case 'mean':
      return loss.sum().div(Math.max(1, countTargets(target, ignoreIndex)));
    default:
      throw new OptionError(
        'crossEntropy',
        'reduction',
        `expected 'mean', 'sum' or 'none', got ${String(reduction satisfies never)}`,
      );
  }
}

function countTargets(target: Tensor, ignoreIndex: number): number {
  let count = 0;
  for (const t of target.storage.array) if (t !== ignoreIndex) count++;
  return count;
}

function rowsAndColumns(x: Tensor): [rows: number, cols: number] {
  return [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1) as number];
}

function alongLast(who: string, x: Tensor, dim: number, op: (x: Tensor) => Tensor): Tensor {
  requireFloat(who, x);
  const d = axis(who, dim, x.rank);
  return d === x.rank - 1 ? op(x) : op(x.transpose(d, -1)).transpose(d, -1);
}
