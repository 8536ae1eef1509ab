// Convolutional layers, under PyTorch's names: weights [O, C/groups, …] and biases uniform in ±1/√(C/groups · taps).

import type { Pair } from '../backend/backend.ts';
import { requireSizes } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import {
  conv1d,
  conv2d,
  type ConvolutionOptions,
  convolutionOptions,
  convolutionWindow,
} from '../tensor/ops/convolution.ts';
import { pairOf, type PairOption } from '../tensor/ops/window.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from './init.ts';
import { Module, type Parameter } from './module.ts';

/** Options of `Conv2d`. */
export type Conv2dOptions = ConvolutionOptions & {
  /** Default true; without, where a batch norm follows, which would take it away again. */
  readonly bias?: boolean;
};
/** Options of `Conv1d`. */
export type Conv1dOptions = ConvolutionOptions<number> & { readonly bias?: boolean };

abstract class Convolution extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null; // [O]

  protected constructor(
    inChannels: number,
    outChannels: number,
    kernel: readonly number[],
    options: { readonly groups?: number; readonly bias?: boolean },
  ) {
    super();
    const who = new.target.name;
    requireSizes(who, { inChannels, outChannels }, true);
    for (const [name, n] of Object.entries({ inChannels, outChannels })) {
      const { groups = 1 } = options;
      if (n % groups !== 0) throw new OptionError(who, 'groups', `${groups} does not divide ${name} ${n}`);
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    const shape = [outChannels, inChannels / (options.groups ?? 1), ...kernel];
    const bound = inverseSqrt(shape.slice(1).reduce((a, b) => a * b, 1));
    this.weight = uniformParameter(shape, bound);
    this.bias = (options.bias ?? true) ? uniformParameter([outChannels], bound) : null;
  }
}

/**
 * A window of weights that walks over images: x [B, C, h, w] → [B, O, oh, ow].
 *
 *     const layer = new Conv2d(3, 32, 3, { stride: 2, padding: 1 });
 *     layer.forward(x);                                    // [B, 3, 64, 64] → [B, 32, 32, 32]
 */
export class Conv2d extends Convolution {
  readonly kernelSize: Pair;
  readonly options: ConvolutionOptions;

  constructor(inChannels: number, outChannels: number, kernelSize: PairOption, options: Conv2dOptions = {}) {
    checkOptions('Conv2d', options, [...convolutionOptions, 'bias']);
    const kernel = pairOf('Conv2d', 'kernelSize', kernelSize, 1);
    const { bias: _bias, ...window } = options;
    convolutionWindow('Conv2d', kernel, window);
    super(inChannels, outChannels, kernel, options);
    this.kernelSize = kernel;
    this.options = window;
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this.options);
  }

  protected override describe(): string {
    return describe(this, this.kernelSize.join('×'), this.options);
  }
}

/** A window of weights that walks along rows: x [B, C, n] → [B, O, places]. */
export class Conv1d extends Convolution {
  readonly kernelSize: number;
  readonly options: ConvolutionOptions<number>;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv1dOptions = {}) {
    checkOptions('Conv1d', options, [...convolutionOptions, 'bias']);
    const [kernel] = pairOf('Conv1d', 'kernelSize', kernelSize, 1);
    const { bias: _bias, ...window } = options;
    convolutionWindow('Conv1d', [1, kernel], window);
    super(inChannels, outChannels, [kernel], options);
    this.kernelSize = kernel;
    this.options = window;
  }

  forward(x: Tensor): Tensor {
    return conv1d(x, this.weight, this.bias, this.options);
  }

  protected override describe(): string {
    return describe(this, String(this.kernelSize), this.options);
  }
}

function describe({ inChannels, outChannels, bias }: Conv1d | Conv2d, kernel: string, options: object): string {
  const predicted = Object.entries(options).map(([name, value]) => `, ${name}=${String(value)}`);
  return `${inChannels}, ${outChannels}, ${kernel}${predicted.join('')}${bias ? '' : ', bias=false'}`;
}
