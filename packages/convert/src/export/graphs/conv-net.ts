// The library's convolutional network: images [B, C, h, w] → a map of features [B, C', h', w'], in one pathway or in two for shape and color.

import { type BatchNorm2d, type Conv2d, ConvNet, ResidualBlock, type Sequential } from 'unrolled';
import type { ImageEncoder } from 'unrolled/layers';
import { ConvertError } from '../../errors.ts';
import type { GraphBuilder, Value } from '../graph-builder.ts';

/** The map of an image. `name` begins the layers' names: `encoder`. */
export function convNetMap(g: GraphBuilder, name: string, net: ImageEncoder, images: Value): Value {
  if (!(net instanceof ConvNet))
    throw new ConvertError('export', {
      where: `layer ${name}`,
      expected: 'a ConvNet',
      got: 'a pretrained network, which is not written again',
      advice:
        'train on its features (--features) and export that model: the file of the network itself is the other half',
    });
  const { stages, colorStages, config } = net;
  if (colorStages.length === 0) return through(g, `${name}.stages`, stages, images);
  const block = 2 ** (stages.length - colorStages.length);
  const coarse = block > 1 ? blockMeans(g, images, block, config.kernelSize === 3) : images;
  const shape = through(g, `${name}.stages`, stages, localContrast(g, images));
  return g.op('Concat', [shape, through(g, `${name}.color_stages`, colorStages, coarse)], { axis: 1 });
}

/** The map's mean over all positions: [B, C', h', w'] → [B, C']. */
export function pooledMap(g: GraphBuilder, map: Value): Value {
  return g.op('ReduceMean', [map], { axes: [2, 3], keepdims: false });
}

/** The map as one vector: [B, C'·h'·w']. */
export function flatMap(g: GraphBuilder, net: ImageEncoder, map: Value): Value {
  return g.op('Reshape', [map], { shape: [-1, net.outChannels * net.mapSize[0] * net.mapSize[1]] });
}

function through(g: GraphBuilder, name: string, stages: readonly Sequential[], x: Value): Value {
  return stages.reduce((y, stage, k) => {
    const [first] = stage.layers;
    if (first instanceof ResidualBlock) return residualBlock(g, `${name}.${k}.0`, first, y);
    const found = convolution(g, `${name}.${k}.0`, first as Conv2d, y);
    return g.op('Relu', [batchNorm(g, `${name}.${k}.1`, stage.layers[1] as BatchNorm2d, found)]);
  }, x);
}

function residualBlock(g: GraphBuilder, name: string, block: ResidualBlock, x: Value): Value {
  const inner = convolution(g, `${name}.conv1`, block.conv1, x);
  const seen = g.op('Relu', [batchNorm(g, `${name}.bn1`, block.bn1, inner)]);
  const y = batchNorm(g, `${name}.bn2`, block.bn2, convolution(g, `${name}.conv2`, block.conv2, seen));
  if (!block.downsample) return g.op('Relu', [g.op('Add', [y, x])]);
  const [conv, norm] = block.downsample.layers;
  const around = convolution(g, `${name}.downsample.0`, conv as Conv2d, x);
  return g.op('Relu', [g.op('Add', [y, batchNorm(g, `${name}.downsample.1`, norm as BatchNorm2d, around)])]);
}

function convolution(g: GraphBuilder, layer: string, module: Conv2d, x: Value): Value {
  const { inChannels, outChannels, kernelSize, options, bias } = module;
  return g.layer('Conv2dLayer', layer, [x], {
    inChannels,
    outChannels,
    kernelSize,
    stride: Number(options.stride ?? 1),
    padding: Number(options.padding ?? 0),
    bias: bias !== null,
  });
}

function batchNorm(g: GraphBuilder, layer: string, { numFeatures, eps }: BatchNorm2d, x: Value): Value {
  return g.layer('BatchNorm2d', layer, [x], { numFeatures, eps });
}

/** Means over blocks of pixels; with `ceil` those at the lower and right edge may be smaller. */
function blockMeans(g: GraphBuilder, x: Value, size: number, ceil: boolean): Value {
  return averagePool(g, x, size, size, 0, ceil);
}

/** See the library's `localContrast`: the distance from the neighborhood, as a part of its mean there. */
function localContrast(g: GraphBuilder, x: Value): Value {
  const around = (t: Value) => averagePool(g, t, 9, 1, 4, false);
  const away = g.op('Sub', [x, around(x)]);
  const v = g.op('ReduceSum', [g.op('Mul', [away, away])], { axes: [1], keepdims: true });
  const scaled = g.op('Div', [
    g.op('AddScalar', [v], { value: 1e-4 }),
    g.op('AddScalar', [around(v)], { value: 3e-3 }),
  ]);
  return g.op('Sqrt', [scaled]);
}

function averagePool(g: GraphBuilder, x: Value, size: number, stride: number, pad: number, ceil: boolean): Value {
  return g.op('AveragePool', [x], {
    kernel_shape: [size, size],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
    ceil_mode: Number(ceil),
    count_include_pad: 0,
  });
}
