// Convolution, as networks have it: the sum under a window that walks over the image. (Mathematics would flip the weights.)

import { requireWhole, shown } from '../../checks.ts';
import type { Pair } from '../../backend/backend.ts';
import { checkOptions, OptionError, ShapeError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat, requireTensor } from './operands.ts';
import { pairOf, type PairOption, requireImages, type Window, windowSizes } from './window.ts';

/** Stride, padding, dilation and groups of a convolution. */
export interface ConvolutionOptions<Option = PairOption> {
  /** Pixels from one place of the window to the next. Default 1. */
  readonly stride?: Option;
  /** Zeros around the image. Default 0. 'same' keeps the size of the image, at stride 1. */
  readonly padding?: Option | 'same';
  /** Pixels from one tap of the window to the next. Default 1. */
  readonly dilation?: Option;
  /** Channels in so many groups that do not see each other; as many as there are channels: a depthwise convolution. Default 1. */
  readonly groups?: number;
}

export const convolutionOptions = ['stride', 'padding', 'dilation', 'groups'] as const;

/**
 * y[b, o] = bias[o] + Σ_(c, ky, kx) weight[o, c, ky, kx] · x[b, c, oy·stride − padding + ky·dilation, …]
 *
 * x [B, C, h, w], weight [O, C/groups, kh, kw], bias [O] → [B, O, oh, ow] with oh = ⌊(h + 2·padding − dilation·(kh − 1) − 1) / stride⌋ + 1.
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions = {},
): Tensor {
  for (const t of [x, weight]) requireTensor('conv2d', t);
  checkOptions('conv2d', options, convolutionOptions);
  if (weight.rank !== 4) throw new ShapeError('conv2d', 'weight', ['O', 'C/groups', 'kh', 'kw'], weight.shape);
  const window = convolutionWindow('conv2d', [weight.shape[2], weight.shape[3]], options);
  return convolve('conv2d', x, weight, bias, window, options.groups ?? 1);
}

/** The same along one axis: x [B, C, n], weight [O, C/groups, k] → [B, O, places]. An image of height 1. */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvolutionOptions<number> = {},
): Tensor {
  for (const t of [x, weight]) requireTensor('conv1d', t);
  checkOptions('conv1d', options, convolutionOptions);
  if (weight.rank !== 3) throw new ShapeError('conv1d', 'weight', ['O', 'C/groups', 'k'], weight.shape);
  if (x.rank !== 3) throw new ShapeError('conv1d', 'input', ['B', 'C', 'n'], x.shape);
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const window = convolutionWindow('conv1d', [1, weight.shape[2]], {
    stride: [1, stride],
    padding: padding === 'same' ? padding : [0, padding],
    dilation: [1, dilation],
  });
  return convolve('conv1d', x.unsqueeze(2), weight.unsqueeze(2), bias, window, groups).squeeze(2);
}

/** Checks the options of a convolution and gives them for both axes. */
export function convolutionWindow(who: string, kernel: Pair, options: ConvolutionOptions): Window {
  const { groups = 1 } = options;
  if (!(Number.isInteger(groups) && groups > 0))
    throw new OptionError(who, 'groups', `expected a whole number from 1, got ${shown(groups)}`);
  const stride = pairOf(who, 'stride', options.stride ?? 1, 1);
  const dilation = pairOf(who, 'dilation', options.dilation ?? 1, 1);
  if (options.padding !== 'same')
    return { kernel, stride, dilation, padding: pairOf(who, 'padding', options.padding ?? 0, 0) };
  const around = [0, 1].map((axis) => dilation[axis] * (kernel[axis] - 1));
  if (stride.some((n) => n !== 1)) throw new OptionError(who, 'padding', "'same' goes with stride 1 only");
  if (around.some((n) => n % 2 !== 0))
    throw new OptionError(who, 'padding', `'same' needs an odd window, got ${kernel.join('×')}; give a number`);
  return { kernel, stride, dilation, padding: [around[0] / 2, around[1] / 2] };
}

function convolve(who: string, x: Tensor, weight: Tensor, bias: Tensor | null, window: Window, groups: number): Tensor {
  requireFloat(who, x);
  requireAlike(who, x, weight, bias);
  requireWhole(who, 'groups', groups, 1);
  const [O, Cg] = weight.shape;
  requireImages(who, x, Cg * groups);
  if (O % groups !== 0) throw new OptionError(who, 'groups', `${groups} does not divide the ${O} output channels`);
  if (bias && !sameShape(bias.shape, [O])) throw new ShapeError(who, 'bias', [O], bias.shape);
  const sizes = { ...windowSizes(who, x, window), O, groups };
  const { backend, dtype } = x;
  const y = Tensor.empty([sizes.B, O, sizes.oh, sizes.ow], dtype, backend);
  backend.convolution(y.storage, x.storage, weight.storage, bias?.storage ?? null, sizes);
  return record(who, y, bias ? [x, weight, bias] : [x, weight], (dy) => {
    const wanted = (t: Tensor | null) => (t?.requiresGrad ? Tensor.empty(t.shape, dtype, backend) : null);
    const [dx, dWeight, dBias] = [wanted(x), wanted(weight), wanted(bias)];
    backend.convolutionBackward(
      dx?.storage ?? null,
      dWeight?.storage ?? null,
      dBias?.storage ?? null,
      dy.storage,
      x.storage,
      weight.storage,
      sizes,
    );
    return [dx, dWeight, dBias];
  });
}
