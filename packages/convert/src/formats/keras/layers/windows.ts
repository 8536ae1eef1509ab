// Convolutions and pooling.

import type { Value } from '../builder.ts';
import type { LayerConfig } from '../layer-config.ts';
import { activated, type LayerCall, type LayerConverter, one, only, permuted, plain } from './call.ts';

const without = (name: string): readonly Value[] => [{ name, mask: null }];

function channelsFirst(config: LayerConfig): boolean {
  return config.oneOf('data_format', ['channels_last', 'channels_first'], 'channels_last') === 'channels_first';
}

interface Geometry {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: string;
  readonly channelsFirst: boolean;
}

function geometry(config: LayerConfig, axes: 1 | 2): Geometry & { readonly dilation: readonly number[] } {
  const geometry = {
    kernelSize: config.wholes('kernel_size', axes),
    strides: config.wholes('strides', axes, new Array<number>(axes).fill(1)),
    dilation: config.wholes('dilation_rate', axes, new Array<number>(axes).fill(1)),
    padding: config.oneOf('padding', axes === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same'], 'valid'),
    channelsFirst: channelsFirst(config),
  };
  for (const list of [geometry.kernelSize, geometry.strides, geometry.dilation])
    if (list.some((n) => n < 1)) config.fail('sizes, strides and dilations from 1', JSON.stringify(list));
  return geometry;
}

/** Keras' kernels [k…, C / groups, O] become [O, C / groups, k…]. */
export const convolution =
  (axes: 1 | 2): LayerConverter =>
  (call) => {
    const { config, arrays, builder, path } = call;
    const filters = config.whole('filters');
    const groups = config.whole('groups', 1);
    const bias = config.flag('use_bias', true);
    const form = geometry(config, axes);
    if (groups < 1) config.fail('groups from 1', String(groups));
    const kernel = arrays.take('kernel', [...form.kernelSize, -1, filters]);
    const spatial = form.kernelSize.map((_, i) => i);
    builder.weight(path, 'weight', permuted(kernel, [axes + 1, axes, ...spatial]));
    if (bias) builder.weight(path, 'bias', plain(arrays.take('bias', [filters])));
    const y = one(call, 'KerasConv', [only(call).name], {
      ...form,
      inChannels: kernel.shape[axes] * groups,
      outChannels: filters,
      groups,
      bias,
    });
    return without(activated(call, y, config.activation('activation', builder.keras)));
  };

/** A convolution of each channel alone, and for separable ones then one of 1 × 1 over them all. */
export const depthwise =
  (axes: 1 | 2, separable: boolean): LayerConverter =>
  (call) => {
    const { config, arrays, builder, path } = call;
    const multiplier = config.whole('depth_multiplier', 1);
    const bias = config.flag('use_bias', true);
    const form = geometry(config, axes);
    const kernel = arrays.take('depthwise kernel', [...form.kernelSize, -1, multiplier]);
    const channels = kernel.shape[axes];
    const wide = channels * multiplier;
    // [k…, C, m] → [C, m, k…], and the first two are one axis
    const spatial = form.kernelSize.map((_, i) => i);
    const turned = permuted(kernel, [axes, axes + 1, ...spatial]);
    const own = separable ? `${path}.depthwise` : path;
    builder.weight(own, 'weight', () => ({ shape: [wide, 1, ...form.kernelSize], data: turned().data }));
    const settings = { ...form, inChannels: channels, outChannels: wide, groups: channels, bias: bias && !separable };
    let y = builder.node('KerasConv', own, [only(call).name], settings)[0];
    if (separable) {
      const filters = config.whole('filters');
      const point = arrays.take('pointwise kernel', [...new Array<number>(axes).fill(1), wide, filters]);
      builder.weight(path, 'weight', permuted(point, [axes + 1, axes, ...spatial]));
      const ones = new Array<number>(axes).fill(1);
      y = one(call, 'KerasConv', [y], {
        kernelSize: ones,
        strides: ones,
        dilation: ones,
        padding: 'valid',
        channelsFirst: form.channelsFirst,
        inChannels: wide,
        outChannels: filters,
        groups: 1,
        bias,
      });
    }
    const outputs = separable ? config.whole('filters') : wide;
    if (bias) builder.weight(path, 'bias', plain(arrays.take('bias', [outputs])));
    return without(activated(call, y, config.activation('activation', builder.keras)));
  };

export const pooling =
  (axes: 1 | 2, mode: 'max' | 'average'): LayerConverter =>
  (call) => {
    const { config } = call;
    const old = config.value('pool_length') === undefined ? undefined : [config.whole('pool_length')];
    const kernelSize = config.wholes('pool_size', axes, old ?? new Array<number>(axes).fill(2));
    const strides = config.wholes('strides', axes, kernelSize);
    const padding = config.oneOf('padding', ['valid', 'same'], 'valid');
    if ([...kernelSize, ...strides].some((n) => n < 1))
      config.fail('sizes and strides from 1', JSON.stringify([kernelSize, strides]));
    const form: Geometry = { kernelSize, strides, padding, channelsFirst: channelsFirst(config) };
    return without(one(call, 'KerasPooling', [only(call).name], { ...form, mode }));
  };

export const globalPooling =
  (mode: 'max' | 'average'): LayerConverter =>
  (call: LayerCall) => {
    const { name, mask } = only(call);
    const settings = { mode, channelsFirst: channelsFirst(call.config), keepdims: call.config.flag('keepdims', false) };
    return without(one(call, 'KerasGlobalPooling', [name, mode === 'average' ? mask : null], settings));
  };
