// What ops on images are in Keras' layers, which have the channels last: [B, h, w, C] for the library's [B, C, h, w].

import type { NodeWriter, Operator } from './context.ts';
import { KerasLayer } from './layers.ts';
import { shapeOf, type TensorValue } from './values.ts';

export const imageOperators: Readonly<Record<string, Operator>> = {
  Conv2dLayer: (w) => {
    const [kernelSize, stride, padding] = [w.numbers('kernelSize'), w.number('stride'), w.number('padding')];
    const x = channelsLast(w, w.tensor(0));
    const padded = padding > 0 ? zeroPadded(w, x, padding) : x;
    const [h, width] = padded.tensor.dims.map(Number);
    const { shape, values } = w.weight('weight'); // [O, C, k, k]
    const [O, C, kh, kw] = shape;
    const kernel = { shape: [kh, kw, C, O], values: channelsAtTheEnd(values, O, C, kh * kw) };
    const bias = w.flag('bias') ? [{ index: 1, name: 'bias', ...w.weight('bias') }] : [];
    const settings = {
      filters: O,
      kernel_size: kernelSize,
      strides: [stride, stride],
      padding: 'valid',
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      activation: 'linear',
      use_bias: bias.length > 0,
    };
    const size = (n: number, k: number) => Math.floor((n - k) / stride) + 1;
    const weights = [{ index: 0, name: 'kernel', ...kernel }, ...bias];
    const y = w.own(() => new KerasLayer('Conv2D', settings, { weights }), padded, [size(h, kh), size(width, kw), O]);
    return w.permuted(y, [2, 0, 1]);
  },

  BatchNorm2d: (w) => {
    const x = channelsLast(w, w.tensor(0));
    const names = [
      ['gamma', 'weight'],
      ['beta', 'bias'],
      ['moving_mean', 'running_mean'],
      ['moving_variance', 'running_var'],
    ];
    const weights = names.map(([name, own], index) => ({ index, name, ...w.weight(own) }));
    const settings = { axis: -1, epsilon: w.number('eps'), momentum: 0.9, center: true, scale: true };
    return w.permuted(
      w.own(() => new KerasLayer('BatchNormalization', settings, { weights }), x),
      [2, 0, 1],
    );
  },
};

function channelsLast(w: NodeWriter, value: TensorValue): TensorValue {
  if (value.batch === 0 && value.tensor.dims.length === 3) return w.permuted(value, [1, 2, 0]);
  return w.fail('images [batch, channels, height, width]', `[${shapeOf(value).join(', ')}]`);
}

function zeroPadded(w: NodeWriter, value: TensorValue, n: number): TensorValue {
  const [h, width, C] = value.tensor.dims.map(Number);
  const settings = { padding: [[n, n], [n, n]], data_format: 'channels_last' }; // biome-ignore format: pairs
  return w.add('ZeroPadding2D', settings, value, [h + 2 * n, width + 2 * n, C]);
}

/** [O, C, places] → [places, C, O] */
function channelsAtTheEnd(values: Float32Array, O: number, C: number, places: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let o = 0; o < O; o++)
    for (let c = 0; c < C; c++)
      for (let k = 0; k < places; k++) result[(k * C + c) * O + o] = values[(o * C + c) * places + k];
  return result;
}
