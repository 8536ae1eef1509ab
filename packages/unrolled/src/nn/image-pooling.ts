// Pooling layers of images, under PyTorch's names. They have no parameters.

import type { Pair } from '../backend/backend.ts';
import { checkOptions } from '../errors.ts';
import {
  adaptiveAvgPool2d,
  avgPool2d,
  type AvgPoolOptions,
  avgPoolOptions,
  globalAvgPool2d,
  maxPool2d,
  type MaxPoolOptions,
  maxPoolOptions,
  poolWindow,
} from '../tensor/ops/pooling.ts';
import { pairOf, type PairOption } from '../tensor/ops/window.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Module } from './module.ts';

/** Max pooling: [B, C, h, w] → [B, C, oh, ow]. The stride defaults to the window's size. */
export class MaxPool2d extends Module {
  readonly kernelSize: PairOption;
  readonly options: MaxPoolOptions;

  constructor(kernelSize: PairOption, options: MaxPoolOptions = {}) {
    super();
    checkOptions('MaxPool2d', options, maxPoolOptions);
    poolWindow('MaxPool2d', kernelSize, options, options.dilation);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options);
  }

  protected override describe(): string {
    return String(this.kernelSize);
  }
}

/** The mean under a window: [B, C, h, w] → [B, C, oh, ow]. */
export class AvgPool2d extends Module {
  readonly kernelSize: PairOption;
  readonly options: AvgPoolOptions;

  constructor(kernelSize: PairOption, options: AvgPoolOptions = {}) {
    super();
    checkOptions('AvgPool2d', options, avgPoolOptions);
    poolWindow('AvgPool2d', kernelSize, options);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options);
  }

  protected override describe(): string {
    return String(this.kernelSize);
  }
}

/** Means over equal parts of an image of any size: [B, C, h, w] → [B, C, …outputSize]. */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: Pair;

  constructor(outputSize: PairOption) {
    super();
    this.outputSize = pairOf('AdaptiveAvgPool2d', 'outputSize', outputSize, 1);
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }

  protected override describe(): string {
    return this.outputSize.join('×');
  }
}

/** The mean of each channel: [B, C, h, w] → [B, C]. */
export class GlobalAvgPool2d extends Module {
  forward(x: Tensor): Tensor {
    return globalAvgPool2d(x);
  }
}
