// Convolutions and pooling over volumes, and transposed convolutions: ONNX' ops, with the channels moved to the front and back.

import type { Value } from '../builder.ts';
import type { LayerConfig } from '../layer-config.ts';
import { activated, type LayerCall, type LayerConverter, one, only, permuted, plain } from './call.ts';

const ones = (axes: number) => new Array<number>(axes).fill(1);

function isChannelsFirst(config: LayerConfig): boolean {
  return config.oneOf('data_format', ['channels_last', 'channels_first'], 'channels_last') === 'channels_first';
}

/** Whether the layer pads, and its sizes along each axis, which begin at 1. */
function paddedSizes(config: LayerConfig, axes: number, name: string, usual?: readonly number[]) {
  const kernel = config.wholes(name, axes, usual);
  const strides = config.wholes('strides', axes, name === 'pool_size' ? kernel : ones(axes));
  const dilations = config.wholes('dilation_rate', axes, ones(axes));
  if ([...kernel, ...strides, ...dilations].some((n) => n < 1))
    config.fail('sizes, strides and dilations from 1', JSON.stringify([kernel, strides, dilations]));
  const same = config.oneOf('padding', ['valid', 'same'], 'valid') === 'same';
  return { kernel, strides, dilations, same };
}

/** The op on [B, C, …], between transposes where the channels are last. */
function onChannelsSecond(call: LayerCall, axes: number, op: (x: string) => string): string {
  const x = only(call).name;
  if (isChannelsFirst(call.config)) return op(x);
  const space = Array.from({ length: axes }, (_, i) => i);
  const second = one(call, 'Transpose', [x], { perm: [0, axes + 1, ...space.map((i) => i + 1)] });
  return one(call, 'Transpose', [op(second)], { perm: [0, ...space.map((i) => i + 2), 1] });
}

/** The bias of a layer, if it has one, as a parameter of the graph. */
function bias({ config, arrays, builder, path }: LayerCall, filters: number): readonly string[] {
  if (!config.flag('use_bias', true)) return [];
  return [builder.parameter(`${path}.bias`, [filters], plain(arrays.take('bias', [filters])))];
}

const withActivation = (call: LayerCall, y: string): readonly Value[] => [
  { name: activated(call, y, call.config.activation('activation', call.builder.keras)), mask: null },
];

/** Conv3D: Keras' kernel [k, k, k, C / groups, O] becomes [O, C / groups, k, k, k]. */
export const volumeConvolution: LayerConverter = (call) => {
  const { config, arrays, builder, path } = call;
  const [filters, group] = [config.whole('filters'), config.whole('groups', 1)];
  const { kernel, strides, dilations, same } = paddedSizes(config, 3, 'kernel_size');
  if (group < 1) config.fail('groups from 1', String(group));
  const array = arrays.take('kernel', [...kernel, -1, filters]);
  const shape = [filters, array.shape[3], ...kernel];
  const weight = builder.parameter(`${path}.weight`, shape, permuted(array, [4, 3, 0, 1, 2]));
  const inputs = [weight, ...bias(call, filters)];
  const settings = { strides, dilations, group, auto_pad: same ? 'SAME_UPPER' : 'VALID' };
  return withActivation(call, onChannelsSecond(call, 3, (x) => one(call, 'Conv', [x, ...inputs], settings))); // biome-ignore format: a call
};

/** MaxPooling3D and AveragePooling3D. Padding is no largest, and does not count in a mean. */
export const volumePooling =
  (op: 'MaxPool' | 'AveragePool'): LayerConverter =>
  (call) => {
    const { kernel, strides, same } = paddedSizes(call.config, 3, 'pool_size', [2, 2, 2]);
    const settings = { kernel_shape: kernel, strides, auto_pad: same ? 'SAME_UPPER' : 'VALID' };
    return [{ name: onChannelsSecond(call, 3, (x) => one(call, op, [x], settings)), mask: null }];
  };

/**
 * Conv1DTranspose and Conv2DTranspose: Keras' kernel [k…, O, C] becomes [C, O, k…]. Of n positions they make n · stride, and without padding as many more as
 * the kernel is longer than the stride.
 */
export const transposedConvolution =
  (axes: 1 | 2): LayerConverter =>
  (call) => {
    const { config, arrays, builder, path } = call;
    const filters = config.whole('filters');
    const { kernel, strides, dilations, same } = paddedSizes(config, axes, 'kernel_size');
    if (dilations.some((d) => d !== 1)) config.fail('dilation_rate 1', JSON.stringify(dilations));
    if (config.value('output_padding') !== undefined)
      config.fail('no output_padding', JSON.stringify(config.value('output_padding')).slice(0, 60));
    const array = arrays.take('kernel', [...kernel, filters, -1]);
    const channels = array.shape[axes + 1];
    const space = kernel.map((_, i) => i);
    const turned = permuted(array, [axes + 1, axes, ...space]);
    const weight = builder.parameter(`${path}.weight`, [channels, filters, ...kernel], turned);
    const inputs = [weight, ...bias(call, filters)];
    const longer = kernel.map((k, i) => Math.max(0, k - strides[i]));
    const before = longer.map((n) => (same ? Math.floor(n / 2) : 0));
    const behind = longer.map((n, i) => (same ? n - before[i] : 0));
    const settings = {
      strides,
      pads: [...before, ...behind],
      output_padding: kernel.map((k, i) => Math.max(0, strides[i] - k)),
    };
    return withActivation(call, onChannelsSecond(call, axes, (x) => one(call, 'ConvTranspose', [x, ...inputs], settings))); // biome-ignore format: a call
  };
