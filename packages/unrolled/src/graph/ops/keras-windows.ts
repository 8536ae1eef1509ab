// Keras' convolutions and pooling: channels last (or first), padding 'valid', 'same' as TensorFlow pads (more behind than before), or 'causal'.

import { Conv1d, Conv2d } from '../../nn/convolution.ts';
import { full, tensor } from '../../tensor/create.ts';
import { avgPool2d, maxPool2d } from '../../tensor/ops/pooling.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { givenMask, maskTensor } from './keras-masks.ts';

const paddings = ['valid', 'same', 'causal'] as const;
const lowest = -(2 ** 127); // below all there is, and finite
const windowAttributes = ['kernelSize', 'strides', 'padding', 'channelsFirst'];

export const kerasWindowOps: Readonly<Record<string, GraphOp>> = {
  /** x [B, …, C] → [B, …, O], with one or two axes in between, as many as `kernelSize` has. */
  KerasConv: {
    inputs: ['x'],
    attributes: [...windowAttributes, 'inChannels', 'outChannels', 'dilation', 'groups', 'bias'],
    layer(node) {
      const kernel = node.wholes('kernelSize');
      const stride = node.wholes('strides', [1, 1]);
      const dilation = node.wholes('dilation', [1, 1]);
      const options = { groups: node.whole('groups', 1), bias: node.flag('bias', true) };
      const [C, O] = [node.whole('inChannels'), node.whole('outChannels')];
      if (kernel.length === 1)
        return new Conv1d(C, O, kernel[0], { ...options, stride: stride[0], dilation: dilation[0] });
      const [k, s, d] = [kernel, stride, dilation].map(([a, b]) => [a, b] as const);
      return new Conv2d(C, O, k, { ...options, stride: s, dilation: d });
    },
    run(node) {
      const kernel = node.wholes('kernelSize');
      const dilation = node.wholes('dilation', [1, 1]);
      const reach = kernel.map((k, axis) => dilation[axis] * (k - 1) + 1);
      const x = padded(node, channelsSecond(node, node.tensor(0)), reach, node.wholes('strides', [1, 1]), 0);
      return channelsBack(node, (node.layer as Conv1d | Conv2d).forward(x));
    },
  },

  /** The largest or the mean under a window. Padding does not count in the mean. */
  KerasPooling: {
    inputs: ['x'],
    attributes: [...windowAttributes, 'mode'],
    run(node) {
      const kernel = node.wholes('kernelSize');
      const strides = node.wholes('strides');
      const mean = node.oneOf('mode', ['max', 'average']) === 'average';
      const x = channelsSecond(node, node.tensor(0));
      const wide = padded(node, x, kernel, strides, mean ? 0 : lowest);
      const images = (t: Tensor) => (t.rank === 3 ? t.unsqueeze(2) : t);
      const pair = (values: readonly number[]) => [values.at(-2) ?? 1, values.at(-1) ?? 1] as const;
      const [window, stride] = [pair(kernel), pair(strides)];
      const y = mean ? avgPool2d(images(wide), window, { stride }) : maxPool2d(images(wide), window, { stride });
      const result = x.rank === 3 ? y.squeeze(2) : y;
      const shares = mean && wide !== x ? result.mul(windowShares(node, x, result, kernel, strides)) : result;
      return channelsBack(node, shares);
    },
  },

  /** The largest or the mean of each channel over all axes but the first and the channels; in the mean of a sequence, masked steps do not count. */
  KerasGlobalPooling: {
    inputs: ['x', 'mask?'],
    attributes: ['mode', 'channelsFirst', 'keepdims'],
    run(node) {
      const given = node.tensor(0);
      const x = node.flag('channelsFirst', false) ? given.flatten(2) : given.flatten(1, -2).transpose(1, 2); // [B, C, n]
      const mask = node.given(1) ? givenMask(node, 1, given) : null;
      const y =
        node.oneOf('mode', ['max', 'average']) === 'max'
          ? x.max(2)
          : mask
            ? x
                .mul(maskTensor(mask, x, 3).transpose(1, 2))
                .sum(2)
                .div(maskTensor(mask, x, 3).sum(1))
            : x.mean(2);
      if (!node.flag('keepdims', false)) return y;
      const kept = given.shape.map((d, axis) =>
        axis === 0 || axis === (node.flag('channelsFirst', false) ? 1 : given.rank - 1) ? d : 1,
      );
      return y.reshape(...kept);
    },
  },
};

/** [B, …, C] → [B, C, …], unless channels come second already. */
function channelsSecond(node: RunContext, x: Tensor): Tensor {
  const axes = node.wholes('kernelSize').length;
  if (x.rank !== axes + 2) node.fail(`expected ${axes + 2} axes, got [${x.shape.join(', ')}]`);
  return node.flag('channelsFirst', false)
    ? x
    : x.permute(0, axes + 1, ...Array.from({ length: axes }, (_, i) => i + 1));
}

function channelsBack(node: RunContext, x: Tensor): Tensor {
  if (node.flag('channelsFirst', false)) return x;
  return x.permute(0, ...Array.from({ length: x.rank - 2 }, (_, i) => i + 2), 1);
}

/** How many values come before and behind an axis of n. */
function margins(node: RunContext, n: number, reach: number, stride: number): [before: number, behind: number] {
  const padding = node.oneOf('padding', paddings, 'valid');
  if (padding === 'valid') return [0, 0];
  if (padding === 'causal') return [reach - 1, 0];
  const all = Math.max(0, (Math.ceil(n / stride) - 1) * stride + reach - n);
  return [Math.floor(all / 2), all - Math.floor(all / 2)];
}

/** x [B, C, …] with `value` around it. */
function padded(
  node: RunContext,
  x: Tensor,
  reach: readonly number[],
  strides: readonly number[],
  value: number,
): Tensor {
  let result = x;
  for (const [i, size] of reach.entries()) {
    const axis = i + 2;
    const [before, behind] = margins(node, x.shape[axis], size, strides[i]);
    const block = (n: number) =>
      full(result.shape.with(axis, n) as number[], value, { dtype: x.dtype, backend: x.backend });
    const parts = [...(before > 0 ? [block(before)] : []), result, ...(behind > 0 ? [block(behind)] : [])];
    if (parts.length > 1) result = cat(parts, axis);
  }
  return result;
}

/** What the mean over a whole window has to be multiplied with, so that padding does not count: [1, 1, …]. */
function windowShares(
  node: RunContext,
  x: Tensor,
  y: Tensor,
  kernel: readonly number[],
  strides: readonly number[],
): Tensor {
  const axes = kernel.map((size, i) => {
    const n = x.shape[i + 2];
    const [before] = margins(node, n, size, strides[i]);
    return Array.from({ length: y.shape[i + 2] }, (_, place) => {
      const start = place * strides[i] - before;
      return size / (Math.min(n, start + size) - Math.max(0, start));
    });
  });
  const values = axes.length === 1 ? axes[0] : axes[0].flatMap((a) => axes[1].map((b) => a * b));
  return tensor(values, [1, 1, ...axes.map(({ length }) => length)], { dtype: x.dtype, backend: x.backend });
}
