// Pooling of images: the largest or the mean of what a window stands on.

import { checkOptions, OptionError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { tensor } from '../create.ts';
import { Tensor } from '../tensor.ts';
import { requireFloat } from './operands.ts';
import { pairOf, type PairOption, requireImages, type Window, windowSizes } from './window.ts';

export interface PoolOptions {
  /** Pixels from one place of the window to the next. Default: the size of the window. */
  readonly stride?: PairOption;
  /** Around the image, at most half of the window: −∞ for the largest, zeros for the mean. Default 0. */
  readonly padding?: PairOption;
  /** Let a last window reach over the edge, rather than leave out what is there. Default false. */
  readonly ceilMode?: boolean;
}

/** Options of `maxPool2d`. */
export interface MaxPoolOptions extends PoolOptions {
  /** Pixels from one tap of the window to the next. Default 1. */
  readonly dilation?: PairOption;
}

/** Options of `avgPool2d`. */
export interface AvgPoolOptions extends PoolOptions {
  /** Whether padding counts in the mean. Default true, as in PyTorch. */
  readonly countIncludePad?: boolean;
}

export const maxPoolOptions = ['stride', 'padding', 'ceilMode', 'dilation'] as const;
export const avgPoolOptions = ['stride', 'padding', 'ceilMode', 'countIncludePad'] as const;

/** The largest under a window: x [B, C, h, w] → [B, C, oh, ow]. The gradient goes to the first of equals. */
export function maxPool2d(x: Tensor, kernelSize: PairOption, options: MaxPoolOptions = {}): Tensor {
  return maxPool2dWithIndices(x, kernelSize, options)[0];
}

/** The same, and where each was: int32 [B, C, oh, ow], the pixel iy·w + ix of its image. */
export function maxPool2dWithIndices(
  x: Tensor,
  kernelSize: PairOption,
  options: MaxPoolOptions = {},
): [y: Tensor, indices: Tensor] {
  checkOptions('maxPool2d', options, maxPoolOptions);
  const window = poolWindow('maxPool2d', kernelSize, options, options.dilation);
  requireFloat('maxPool2d', x);
  requireImages('maxPool2d', x);
  const sizes = windowSizes('maxPool2d', x, window, options.ceilMode);
  const { B, C, h, w, oh, ow } = sizes;
  const { backend, dtype } = x;
  const y = Tensor.empty([B, C, oh, ow], dtype, backend);
  const index = Tensor.empty([B, C, oh, ow], 'int32', backend);
  backend.maxPool(y.storage, index.storage, x.storage, sizes);
  record('maxPool2d', y, [x], (dy) => {
    const dx = Tensor.empty(x.shape, dtype, backend);
    backend.maxPoolBackward(dx.storage, dy.storage, index.storage, B * C, h * w, oh * ow);
    return [dx];
  });
  return [y, index];
}

/** The mean under a window: x [B, C, h, w] → [B, C, oh, ow]. */
export function avgPool2d(x: Tensor, kernelSize: PairOption, options: AvgPoolOptions = {}): Tensor {
  checkOptions('avgPool2d', options, avgPoolOptions);
  const window = poolWindow('avgPool2d', kernelSize, options);
  requireFloat('avgPool2d', x);
  requireImages('avgPool2d', x);
  const sizes = windowSizes('avgPool2d', x, window, options.ceilMode);
  const countPadding = options.countIncludePad ?? true;
  const { backend, dtype } = x;
  const y = Tensor.empty([sizes.B, sizes.C, sizes.oh, sizes.ow], dtype, backend);
  backend.averagePool(y.storage, x.storage, countPadding, sizes);
  return record('avgPool2d', y, [x], (dy) => {
    const dx = Tensor.empty(x.shape, dtype, backend);
    backend.averagePoolBackward(dx.storage, dy.storage, countPadding, sizes);
    return [dx];
  });
}

/** The mean of each channel: x [B, C, h, w] → [B, C]. */
export function globalAvgPool2d(x: Tensor): Tensor {
  requireImages('globalAvgPool2d', x);
  const [B, C, h, w] = x.shape;
  return x.reshape(B, C, h * w).mean(2);
}

/**
 * Means over `outputSize` equal parts of the image, whatever its size: part i of n pixels into m parts is from ⌊i·n/m⌋ to ⌈(i + 1)·n/m⌉, as in PyTorch.
 * A mean over rows, then over columns: two matrix products.
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: PairOption): Tensor {
  const [oh, ow] = pairOf('adaptiveAvgPool2d', 'outputSize', outputSize, 1);
  requireFloat('adaptiveAvgPool2d', x);
  requireImages('adaptiveAvgPool2d', x);
  const [, , h, w] = x.shape;
  return parts(oh, h, x)
    .matmul(x)
    .matmul(parts(ow, w, x).transpose());
}

/** [m, n]: row i is the mean over part i of n. */
function parts(m: number, n: number, { dtype, backend }: Tensor): Tensor {
  const rows = Array.from({ length: m }, (_, i) => {
    const [start, end] = [Math.floor((i * n) / m), Math.ceil(((i + 1) * n) / m)];
    return Array.from({ length: n }, (_, j) => (j >= start && j < end ? 1 / (end - start) : 0));
  });
  return tensor(rows.flat(), [m, n], { dtype, backend });
}

/** Checks the options of a pool and gives them for both axes. */
export function poolWindow(
  who: string,
  kernelSize: PairOption,
  options: PoolOptions,
  dilation: PairOption = 1,
): Window {
  const kernel = pairOf(who, 'kernelSize', kernelSize, 1);
  const padding = pairOf(who, 'padding', options.padding ?? 0, 0);
  if (padding.some((n, axis) => 2 * n > kernel[axis]))
    throw new OptionError(
      who,
      'padding',
      `expected at most half of the window ${kernel.join('×')}, got ${padding.join(', ')}`,
    );
  return {
    kernel,
    padding,
    stride: pairOf(who, 'stride', options.stride ?? kernel, 1),
    dilation: pairOf(who, 'dilation', dilation, 1),
  };
}
