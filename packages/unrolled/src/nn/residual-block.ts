import { requireSizes } from '../checks.ts';
import { checkOptions } from '../errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Conv2d } from './convolution.ts';
import { Module } from './module.ts';
import { BatchNorm2d } from './norm.ts';
import { Sequential } from './sequential.ts';

/** Options of `ResidualBlock`. */
export interface ResidualBlockOptions {
  /** Of the first convolution. Default 1. */
  readonly stride?: number;
}

/**
 * Two convolutions 3×3 and a way around them (He et al. 2016), named as torchvision's BasicBlock:
 *
 *   y = relu(x' + bn2(conv2(relu(bn1(conv1(x))))))        x' = x, or downsample(x) where the sizes differ: convolution 1×1, batch norm
 *
 * x [B, C, h, w] → [B, O, ⌈h/stride⌉, ⌈w/stride⌉]
 */
export class ResidualBlock extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: Sequential | null;

  constructor(inChannels: number, outChannels: number, options: ResidualBlockOptions = {}) {
    super();
    checkOptions('ResidualBlock', options, ['stride']);
    const { stride = 1 } = options;
    requireSizes('ResidualBlock', { inChannels, outChannels }, true);
    requireSizes('ResidualBlock', { stride });
    this.conv1 = new Conv2d(inChannels, outChannels, 3, { stride, padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(outChannels);
    this.conv2 = new Conv2d(outChannels, outChannels, 3, { padding: 1, bias: false });
    this.bn2 = new BatchNorm2d(outChannels);
    this.downsample =
      stride === 1 && inChannels === outChannels
        ? null
        : new Sequential(new Conv2d(inChannels, outChannels, 1, { stride, bias: false }), new BatchNorm2d(outChannels));
  }

  forward(x: Tensor): Tensor {
    const inner = this.bn1.forward(this.conv1.forward(x), { relu: true });
    const y = this.bn2.forward(this.conv2.forward(inner));
    return y.add(this.downsample ? this.downsample.forward(x) : x).relu();
  }
}
