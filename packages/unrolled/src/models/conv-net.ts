// A small convolutional network: from images to a map of features, each place of which sees a part of the image, and to one vector.
//
//   one pathway                                  separate pathways for shape and color, `colorChannels`
//
//   image → stages of `channels` → map           image ─ local contrast ──→ stages of `channels` ───────┐
//                                                          └ mean of blocks ──→ stages of `colorChannels` ─┴→ map
//
// One pathway learns "a red circle" as one pattern, and does not recognize a shape in a color it has not seen with it. Separate pathways read shape
// without color, and color where the image is too coarse for shape: as human vision does, and JPEG.

import { requireImages } from '../tensor/ops/window.ts';
import { requireEach, requireSizes, shown } from '../checks.ts';
import { requireProbability } from '../tensor/ops/operands.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { Conv2d } from '../nn/convolution.ts';
import { Dropout } from '../nn/dropout.ts';
import { Module } from '../nn/module.ts';
import { BatchNorm2d } from '../nn/norm.ts';
import { ResidualBlock } from '../nn/residual-block.ts';
import { ReLU, Sequential } from '../nn/sequential.ts';
import { localContrast } from '../tensor/ops/local-contrast.ts';
import { avgPool2d, globalAvgPool2d } from '../tensor/ops/pooling.ts';
import { cat } from '../tensor/ops/shaping.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Options of `ConvNet`. */
export interface ConvNetOptions {
  /** Channels of the images. Default 3. */
  readonly inChannels?: number;
  /** Channels after each stage; each halves height and width. Default [32, 64, 128, 256]. */
  readonly channels?: readonly number[];
  /**
   * A second path of so many channels for colors, its map beside the other's: its images are means over blocks, so that fewer stages come to the
   * same map. `channels` then see the image's local contrast, which has no color. Default []: one path.
   */
  readonly colorChannels?: readonly number[];
  /** Height and width of the images. Default [64, 64]. Others may be given to `forward` too: this one only says what `mapSize` is. */
  readonly inputSize?: readonly [number, number];
  /** Kernel size of each stage: 3 pixels, so that windows overlap, or 2, so that each place of the map has its own square. Default 3. */
  readonly kernelSize?: 2 | 3;
  /** A residual block instead of one convolution in every stage but the first. Default false. */
  readonly residual?: boolean;
  /** Dropout probability of whole map entries, after the last stage. Default 0. */
  readonly dropout?: number;
}

/** Options of a `ConvNet`, defaults filled in. */
export type ConvNetConfig = Required<ConvNetOptions>;

/**
 * Stages of convolution with stride 2, 3×3 or 2×2, batch norm and ReLU.
 *
 *     const net = new ConvNet();                      // 32-64-128-256
 *     const { map, pooled } = net.forward(x);         // x [B, 3, 64, 64] → map [B, 256, 4, 4], pooled [B, 256]
 *     const regions = net.regions(map);               // [B, 16, 256], for attention
 */
export class ConvNet extends Module {
  readonly config: ConvNetConfig;
  readonly stages: readonly Sequential[];
  /** Color path; null where there is one path. */
  readonly colorStages: readonly Sequential[];
  readonly dropout: Dropout;

  constructor(options: ConvNetOptions = {}) {
    super();
    checkOptions('ConvNet', options, [
      'inChannels',
      'channels',
      'colorChannels',
      'inputSize',
      'kernelSize',
      'residual',
      'dropout',
    ]);
    const {
      inChannels = 3,
      channels = [32, 64, 128, 256],
      colorChannels = [],
      inputSize = [64, 64],
      kernelSize = 3,
      residual = false,
      dropout = 0,
    } = options;
    requireSizes('ConvNet', { inChannels });
    for (const [name, stages] of Object.entries({ channels, colorChannels, inputSize })) {
      requireEach('ConvNet', name, stages, (who, option, n) => requireSizes(who, { [option]: n }));
    }
    requireProbability('ConvNet', 'dropout', dropout);
    if (channels.length === 0) throw new OptionError('ConvNet', 'channels', 'expected one stage or more');
    if (colorChannels.length > channels.length)
      throw new OptionError(
        'ConvNet',
        'colorChannels',
        `expected at most ${channels.length} stages, as many as channels has, got ${colorChannels.length}`,
      );
    if (inputSize.length !== 2)
      throw new OptionError('ConvNet', 'inputSize', `expected height and width, got ${shown(inputSize)}`);
    if (kernelSize !== 2 && kernelSize !== 3)
      throw new OptionError('ConvNet', 'kernelSize', `expected 2 or 3, got ${shown(kernelSize)}`);
    if (kernelSize === 2 && residual)
      throw new OptionError('ConvNet', 'kernelSize', 'a residual block has windows of 3 pixels; leave one of them out');
    this.config = { inChannels, channels, colorChannels, inputSize, kernelSize, residual, dropout };
    if (Math.min(...this.mapSize) === 0)
      throw new OptionError(
        'ConvNet',
        'channels',
        `${channels.length} stages leave nothing of ${inputSize.join('×')} pixels`,
      );
    const apart = colorChannels.length > 0;
    this.stages = stagesOf(apart ? 1 : inChannels, channels, kernelSize, residual);
    this.colorStages = stagesOf(inChannels, colorChannels, kernelSize, residual);
    this.dropout = new Dropout(dropout);
  }

  /** Channels of the map and of the pooled vector. */
  get outChannels(): number {
    const { channels, colorChannels } = this.config;
    return (channels.at(-1) as number) + (colorChannels.at(-1) ?? 0);
  }

  /** Height and width of the map for images of `inputSize`. */
  get mapSize(): readonly [number, number] {
    const round = this.config.kernelSize === 2 ? Math.floor : Math.ceil;
    const halved = (n: number) => this.config.channels.reduce((size) => round(size / 2), n);
    return [halved(this.config.inputSize[0]), halved(this.config.inputSize[1])];
  }

  /** Images x [B, inChannels, h, w] → map [B, C, h', w'] and its mean over all places, pooled [B, C]. */
  forward(x: Tensor): { map: Tensor; pooled: Tensor } {
    const y = this.colorStages.length > 0 ? this.#apart(x) : through(this.stages, x);
    const map = this.dropout.forward(y);
    return { map, pooled: globalAvgPool2d(map) };
  }

  #apart(x: Tensor): Tensor {
    const { stages, colorStages } = this;
    const block = 2 ** (stages.length - colorStages.length);
    const coarse = block > 1 ? avgPool2d(x, block, { ceilMode: this.config.kernelSize === 3 }) : x;
    return cat([through(stages, localContrast(x)), through(colorStages, coarse)], 1);
  }

  /** A map [B, C, h', w'] as rows for attention, place by place: [B, h'·w', C]. */
  regions(map: Tensor): Tensor {
    requireImages('ConvNet.regions', map);
    return map.flatten(2).transpose(1, 2);
  }
}

function stagesOf(inChannels: number, channels: readonly number[], kernelSize: 2 | 3, residual: boolean): Sequential[] {
  return channels.map((outChannels, i) => {
    const before = i === 0 ? inChannels : channels[i - 1];
    if (residual && i > 0) return new Sequential(new ResidualBlock(before, outChannels, { stride: 2 }));
    const convolution = new Conv2d(before, outChannels, kernelSize, {
      stride: 2,
      padding: kernelSize - 2,
      bias: false,
    });
    return new Sequential(convolution, new BatchNorm2d(outChannels), new ReLU());
  });
}

function through(stages: readonly Sequential[], x: Tensor): Tensor {
  return stages.reduce((y, stage) => stage.forward(y), x);
}
