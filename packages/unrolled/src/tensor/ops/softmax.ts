// Softmax, and the loss that goes with it.

import { requireNumber, requireOneOf, shown } from '../../checks.ts';
import { OptionError, ShapeError, TensorError, checkOptions } from '../../errors.ts';
import { record } from '../autograd.ts';
import { axis, sameShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireFloat, requireProbability, requireSameBackend, requireTensor } from './operands.ts';
import { liveTargets } from './live-targets.ts';
import { linear } from './product.ts';
import { checkIndices } from './shaping.ts';
import { hostValues } from '../host-values.ts';

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

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions {
  /** 'mean' over the targets that count (PyTorch's default), 'sum' over steps and batch (the lecture's), or 'none': one loss per target. */
  readonly reduction?: 'mean' | 'sum' | 'none';
  /** Targets of this value add nothing to the loss or the gradient. Default −100. */
  readonly ignoreIndex?: number;
  /** The part ε of every target that is spread evenly over all classes (Szegedy et al. 2016). Default 0. */
  readonly labelSmoothing?: number;
  /** A factor for each class, for classes that are rare; the mean is then the weighted one. Default: 1 for all. */
  readonly weight?: ArrayLike<number> | null;
}

/**
 * Softmax loss −ln softmax(logits)[target]: logits [.., V], target int32 [..] → a scalar, or [..] with reduction 'none'.
 * d logits = softmax(logits) − onehot(target). A mean over no targets at all is 0. With label smoothing ε and class weights w, as in PyTorch:
 *
 *   loss = −(1 − ε) w_y ln p_y − ε/V Σ_v w_v ln p_v,   mean = Σ loss / Σ w_y
 *
 * Throws a ShapeError when the two do not fit and an OptionError for a class outside 0 … V − 1.
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkOptions('crossEntropy', options, ['reduction', 'ignoreIndex', 'labelSmoothing', 'weight']);
  const { reduction = 'mean', ignoreIndex = -100, labelSmoothing = 0, weight = null } = options;
  requireOneOf('crossEntropy', 'reduction', reduction, ['mean', 'sum', 'none']);
  requireFloat('crossEntropy', logits);
  requireTensor('crossEntropy', target);
  if (target.dtype !== 'int32') throw new TensorError('crossEntropy', `expected int32 targets, got ${target.dtype}`);
  requireSameBackend('crossEntropy', logits, target);
  const shape = logits.shape.slice(0, -1);
  if (logits.rank === 0 || !sameShape(target.shape, shape))
    throw new ShapeError('crossEntropy', 'target', shape, target.shape);
  const [rows, cols] = rowsAndColumns(logits);
  checkIndices('crossEntropy', target, cols, ignoreIndex);
  requireProbability('crossEntropy', 'labelSmoothing', labelSmoothing);
  if (weight) requireClassWeights('crossEntropy', weight, cols);
  const plain = negativeLogLikelihood(logits, target, rows, cols, ignoreIndex);
  const factors = weight && weightOfTargets(target, weight, ignoreIndex, logits);
  const loss =
    labelSmoothing > 0
      ? smoothed(logits, target, plain, { epsilon: labelSmoothing, weight, factors, ignoreIndex })
      : factors
        ? plain.mul(factors)
        : plain;
  switch (reduction) {
    case 'none':
      return loss;
    case 'sum':
      return loss.sum();
    case 'mean': {
      if (!factors) return loss.sum().div(countTargets(target, ignoreIndex) || 1);
      const total = factors.sum();
      return loss.sum().div(total.add(total.eq(0)));
    }
    default:
      throw new OptionError(
        'crossEntropy',
        'reduction',
        `expected 'mean', 'sum' or 'none', got ${shown(reduction satisfies never)}`,
      );
  }
}

/** One weight for each class, none of them negative: a negative one would reward mistakes without end. */
export function requireClassWeights(who: string, weight: ArrayLike<number>, classes: number): void {
  if (weight.length !== classes) throw new ShapeError(who, 'weight, one for each class,', [classes], [weight.length]);
  for (let k = 0; k < classes; k++) requireNumber(who, `weight of class ${k}`, weight[k], { low: 0 });
}

/** −ln p_y for every target, 0 for those that are ignored. */
function negativeLogLikelihood(
  logits: Tensor,
  target: Tensor,
  rows: number,
  cols: number,
  ignoreIndex: number,
): Tensor {
  const { backend, dtype } = logits;
  const loss = Tensor.empty(target.shape, dtype, backend);
  const logSumExp = Tensor.empty(target.shape, dtype, backend);
  backend.crossEntropy(loss.storage, logSumExp.storage, logits.storage, target.storage, rows, cols, ignoreIndex);
  return record('crossEntropy', loss, [logits], (dLoss) => {
    const dLogits = Tensor.empty(logits.shape, dtype, backend);
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
}

/** w_y for every target, 0 for those that are ignored. */
function weightOfTargets(
  target: Tensor,
  weight: ArrayLike<number>,
  ignoreIndex: number,
  { dtype, backend }: Tensor,
): Tensor {
  const factors = Tensor.empty(target.shape, dtype, backend);
  factors.set(Array.from(hostValues(target), (y) => (y === ignoreIndex ? 0 : weight[y])));
  return factors;
}

/** Label smoothing from the plain loss: −ln p_v = lse − x_v and lse = plain + x_y, so that Σ_v w_v (−ln p_v) = W (plain + x_y) − w · x. */
function smoothed(
  logits: Tensor,
  target: Tensor,
  plain: Tensor,
  options: { epsilon: number; weight: ArrayLike<number> | null; factors: Tensor | null; ignoreIndex: number },
): Tensor {
  const { epsilon, weight, factors, ignoreIndex } = options;
  const V = logits.shape.at(-1) as number;
  const w = Tensor.empty([1, V], logits.dtype, logits.backend);
  w.set(weight ?? new Float32Array(V).fill(1));
  const W = w.sum();
  const { index, counts } = liveTargets(target, ignoreIndex, logits);
  const own = logits.gather(-1, index.unsqueeze(-1)).squeeze(-1); // x_y
  const spread = plain.add(own).mul(W).sub(linear(logits, w).squeeze(-1)).mul(counts);
  const sharp = factors ? plain.mul(factors) : plain;
  return sharp.mul(1 - epsilon).add(spread.mul(epsilon / V));
}

function countTargets(target: Tensor, ignoreIndex: number): number {
  let count = 0;
  for (const t of hostValues(target)) if (t !== ignoreIndex) count++;
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
