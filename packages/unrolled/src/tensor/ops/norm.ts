// Normalization: values less their mean, in units of their deviation, then scaled and shifted by what is learned.

import { shown } from '../../checks.ts';
import { OptionError, ShapeError, checkOptions } from '../../errors.ts';
import { record } from '../autograd.ts';
import { requireShape, sameShape, type TensorShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat } from './operands.ts';

/** Options of `batchNorm`. */
export interface BatchNormOptions {
  /** Of each channel, both [C]. Default: those of x itself, which is training. */
  readonly moments?: { readonly mean: Tensor; readonly variance: Tensor } | null;
  /** Default 1e-5. */
  readonly eps?: number;
  /** max(0, ·) of the result in the same pass. Default false. */
  readonly relu?: boolean;
}

/** The output of `batchNorm`, with the mean and variance that were used. */
export interface BatchNormResult {
  readonly y: Tensor;
  /** What was used. No gradient passes through them here: that is in the gradient of x. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Batch normalization (Ioffe and Szegedy 2015) of x [B, C, …], weight and bias [C]:
 *
 *   y = weight ⊙ (x − mean) / √(variance + eps) + bias
 *
 * with mean and variance over the batch and all axes behind the channels; the variance is over n, not n − 1.
 */
export function batchNorm(
  x: Tensor,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: BatchNormOptions = {},
): BatchNormResult {
  checkOptions('batchNorm', options, ['moments', 'eps', 'relu']);
  const { moments = null, eps = 1e-5, relu = false } = options;
  requireFloat('batchNorm', x);
  requireAlike('batchNorm', x, weight, bias, moments?.mean, moments?.variance);
  if (x.rank < 2) throw new ShapeError('batchNorm', 'input', ['B', 'C', '…'], x.shape);
  const [B, C] = x.shape;
  for (const [name, t] of Object.entries({ weight, bias, ...moments })) {
    if (t && !sameShape(t.shape, [C])) throw new ShapeError('batchNorm', name, [C], t.shape);
  }
  requireEps('batchNorm', eps);
  const { backend, dtype } = x;
  const train = !moments;
  const mean = moments?.mean ?? Tensor.empty([C], dtype, backend);
  const variance = moments?.variance ?? Tensor.empty([C], dtype, backend);
  const sizes = { B, C, n: sizeOf(x.shape.slice(2)) };
  const y = Tensor.empty(x.shape, dtype, backend);
  const w = weight?.storage ?? null;
  backend.batchNorm(
    y.storage,
    mean.storage,
    variance.storage,
    x.storage,
    w,
    bias?.storage ?? null,
    eps,
    relu,
    train,
    sizes,
  );
  const inputs = [x, weight, bias].filter((t) => t !== null);
  record('batchNorm', y, inputs, (dy) => {
    const dx = Tensor.empty(x.shape, dtype, backend);
    const dWeight = weight && Tensor.empty([C], dtype, backend);
    const dBias = bias && Tensor.empty([C], dtype, backend);
    backend.batchNormBackward(
      dx.storage,
      dWeight?.storage ?? null,
      dBias?.storage ?? null,
      dy.storage,
      x.storage,
      y.storage,
      mean.storage,
      variance.storage,
      w,
      eps,
      relu,
      train,
      sizes,
    );
    return [dx, dWeight, dBias].filter((t) => t !== null);
  });
  return { y, mean, variance };
}

/**
 * Layer normalization (Ba, Kiros and Hinton 2016) over the last axes of x, those that `shape` names; weight and bias have that shape.
 *
 *   y = weight ⊙ (x − mean) / √(variance + eps) + bias
 */
export function layerNorm(
  x: Tensor,
  shape: TensorShape,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  eps = 1e-5,
): Tensor {
  requireFloat('layerNorm', x);
  requireAlike('layerNorm', x, weight, bias);
  requireEps('layerNorm', eps);
  requireShape('layerNorm', shape);
  if (shape.length === 0 || !sameShape(x.shape.slice(-shape.length), shape))
    throw new ShapeError('layerNorm', 'input', ['…', ...shape], x.shape);
  for (const [name, t] of Object.entries({ weight, bias })) {
    if (t && !sameShape(t.shape, shape)) throw new ShapeError('layerNorm', name, shape, t.shape);
  }
  const { backend, dtype } = x;
  const cols = sizeOf(shape);
  const rows = sizeOf(x.shape.slice(0, -shape.length));
  const y = Tensor.empty(x.shape, dtype, backend);
  const [mean, variance] = [Tensor.empty([rows], dtype, backend), Tensor.empty([rows], dtype, backend)];
  const w = weight?.storage ?? null;
  backend.layerNorm(y.storage, mean.storage, variance.storage, x.storage, w, bias?.storage ?? null, eps, rows, cols);
  const inputs = [x, weight, bias].filter((t) => t !== null);
  return record('layerNorm', y, inputs, (dy) => {
    const dx = Tensor.empty(x.shape, dtype, backend);
    const dWeight = weight && Tensor.empty(shape, dtype, backend);
    const dBias = bias && Tensor.empty(shape, dtype, backend);
    backend.layerNormBackward(
      dx.storage,
      dWeight?.storage ?? null,
      dBias?.storage ?? null,
      dy.storage,
      x.storage,
      mean.storage,
      variance.storage,
      w,
      eps,
      rows,
      cols,
    );
    return [dx, dWeight, dBias].filter((t) => t !== null);
  });
}

function requireEps(who: string, eps: number): void {
  if (!(typeof eps === 'number' && eps >= 0 && eps < Infinity))
    throw new OptionError(who, 'eps', `expected a number from 0, got ${shown(eps)}`);
}
