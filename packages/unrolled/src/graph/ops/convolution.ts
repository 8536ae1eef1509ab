// Convolutions in one to three axes of space, and padding.

import { cat, zerosLike } from '../../tensor/ops/shaping.ts';
import { conv1d, conv2d } from '../../tensor/ops/convolution.ts';
import { sameShape, type TensorShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Pair } from '../../backend/backend.ts';
import type { FrozenContext, GraphOp, RunContext } from '../op.ts';
import { HostArray, onHost } from '../value.ts';
import { isLike } from './packed.ts';
import { type PackedConvolution, packedConvolution } from './packed-convolution.ts';
import { pad, paddings } from './pad.ts';
import { padSpace, type SpaceWindow, windowAttributes, windowOf } from './windows.ts';

export const convolutionOps: Readonly<Record<string, GraphOp>> = {
  /** x [B, C, …], W [O, C/groups, …], bias [O] → [B, O, …]. */
  Conv: {
    inputs: ['X', 'W', 'B?'],
    attributes: [...windowAttributes, 'group'],
    run: (node) => {
      const [x, weight] = spatial(node);
      const window = windowOf(node, weight.shape.slice(2), x.shape.slice(2));
      return convolved(node, x, weight, node.given(2) ? node.tensor(2) : null, window, node.whole('group', 1));
    },
    freeze: frozen,
  },

  /** The gradient of a convolution as a layer: x [B, C, …], W [C, O/groups, …], bias [O] → [B, O, …]. */
  ConvTranspose: {
    inputs: ['X', 'W', 'B?'],
    attributes: [...windowAttributes, 'group', 'output_padding', 'output_shape'],
    run: (node) => {
      const [x, weight] = spatial(node);
      const bias = node.given(2) ? node.tensor(2) : null;
      return transposed(node, x, weight, bias);
    },
  },

  Pad: {
    inputs: ['data', 'pads?', 'constant_value?', 'axes?'],
    attributes: ['mode', 'pads', 'value'],
    run: (node) => {
      const x = node.value(0);
      const pads = node.list(1, 'pads') ?? node.fail('the pads are missing');
      const axes = (node.given(3) ? Array.from(node.host(3).values) : Array.from(x.shape.keys())).map((axis) =>
        node.axis(axis, x.shape.length),
      );
      if (pads.length !== 2 * axes.length || !pads.every(Number.isSafeInteger))
        node.fail(`expected ${2 * axes.length} whole numbers of pads, got ${pads.length}`);
      const mode = node.oneOf('mode', paddings, 'constant');
      const value = node.given(2) ? node.tensor(2) : node.number('value', 0);
      const padded = axes.reduce((y, axis, k) => {
        const [before, behind] = [pads[k], pads[axes.length + k]];
        const most = mode === 'reflect' ? y.shape[axis] - 1 : mode === 'wrap' ? y.shape[axis] : Infinity;
        if (Math.max(before, behind) > most)
          node.fail(`pads of ${before} and ${behind} by ${mode} need more than ${y.shape[axis]} positions`);
        return pad(y, axis, before, behind, mode, value);
      }, node.tensor(0));
      return x instanceof HostArray ? new HostArray(x.element, padded.shape, onHost(padded).values) : padded;
    },
  },
};

/** With weights that stay: packed, for one or two axes of space and channels that all see one another. */
function frozen(node: FrozenContext): GraphOp['run'] | null {
  const [weight, bias] = [node.weight(1), node.weight(2)];
  const fits = weight && (weight.rank === 3 || weight.rank === 4) && node.whole('group', 1) === 1;
  if (!fits || (bias && bias.size !== weight.shape[0]) || (!bias && (node.node.inputs[2] ?? null) !== null))
    return null;
  const flat = weight.rank === 3;
  const convolve = packedConvolution(flat ? weight.detach().unsqueeze(2) : weight, bias);
  const pair = (sizes: readonly number[], lacking: number): Pair => (flat ? [lacking, sizes[0]] : [sizes[0], sizes[1]]);
  let known: TensorShape = [];
  let convolution: PackedConvolution | null = null; // of images of that shape
  return (given) => {
    const [x] = spatial(given);
    const images = flat ? x.unsqueeze(2) : x;
    if (!sameShape(images.shape, known)) {
      const { strides, dilations, before, behind } = windowOf(given, weight.shape.slice(2), x.shape.slice(2));
      known = images.shape;
      convolution = convolve(known, {
        strides: pair(strides, 1),
        dilations: pair(dilations, 1),
        before: pair(before, 0),
        behind: pair(behind, 0),
      });
    }
    if (convolution === null || !isLike(x, weight)) return (convolutionOps.Conv as GraphOp).run(given);
    const y = convolution(images);
    return flat ? y.squeeze(2) : y;
  };
}

function spatial(node: RunContext): [x: Tensor, weight: Tensor] {
  const [x, weight] = [node.tensor(0), node.tensor(1)];
  if (x.rank < 3 || x.rank > 5 || weight.rank !== x.rank)
    node.fail(`expected one to three axes of space, got input [${x.shape.join(', ')}], W [${weight.shape.join(', ')}]`);
  return [x, weight];
}

export function convolved(
  node: RunContext,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  window: SpaceWindow,
  groups: number,
): Tensor {
  const { strides, dilations, before, behind } = window;
  const symmetric = before.every((size, axis) => size === behind[axis]);
  if (x.rank === 3) {
    const input = symmetric ? x : padSpace(x, before, behind, 0);
    const padding = symmetric ? before[0] : 0;
    return conv1d(input, weight, bias, { stride: strides[0], dilation: dilations[0], padding, groups });
  }
  if (x.rank === 4) {
    const input = symmetric ? x : padSpace(x, before, behind, 0);
    const pair = (sizes: readonly number[]): [number, number] => [sizes[0], sizes[1]];
    const padding = symmetric ? pair(before) : 0;
    return conv2d(input, weight, bias, { stride: pair(strides), dilation: pair(dilations), padding, groups });
  }
  return inSlices(node, padSpace(x, before, behind, 0), weight, bias, window, groups);
}

/** Three axes of space: for each depth of the window a convolution of images, summed. x is padded. */
function inSlices(
  node: RunContext,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  { kernel, strides, dilations }: SpaceWindow,
  groups: number,
): Tensor {
  const [B, C, D, h, w] = x.shape;
  const depth = Math.floor((D - dilations[0] * (kernel[0] - 1) - 1) / strides[0]) + 1;
  if (depth < 1) node.fail(`the window reaches over more than ${D} positions`);
  let sum: Tensor | null = null;
  for (let k = 0; k < kernel[0]; k++) {
    const first = k * dilations[0];
    const slices = x.slice(2, first, first + (depth - 1) * strides[0] + 1, strides[0]); // [B, C, depth, h, w]
    const images = slices.transpose(1, 2).reshape(B * depth, C, h, w);
    const part = conv2d(images, weight.select(2, k), k === 0 ? bias : null, {
      stride: [strides[1], strides[2]],
      dilation: [dilations[1], dilations[2]],
      groups,
    });
    sum = sum === null ? part : sum.add(part);
  }
  const [, O, oh, ow] = (sum as Tensor).shape;
  return (sum as Tensor).reshape(B, depth, O, oh, ow).transpose(1, 2);
}

/** Zeros between the positions, as wide a border as the window reaches, and a convolution with the window turned around. */
function transposed(node: RunContext, x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  const n = x.rank - 2;
  const groups = node.whole('group', 1);
  const window = windowOf(node, weight.shape.slice(2), x.shape.slice(2));
  const { kernel, strides, dilations } = window;
  const extra = node.wholes('output_padding', new Array<number>(n).fill(0));
  const natural = kernel.map(
    (size, axis) => (x.shape[2 + axis] - 1) * strides[axis] + (size - 1) * dilations[axis] + 1,
  );
  let { before, behind } = window;
  const auto = node.oneOf('auto_pad', ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'], 'NOTSET');
  if (node.has('output_shape') || auto.startsWith('SAME')) {
    const wanted = node.wholes(
      'output_shape',
      strides.map((stride, axis) => x.shape[2 + axis] * stride),
    );
    const total = natural.map((size, axis) => size + extra[axis] - wanted.slice(-n)[axis]);
    const half = total.map((size) => Math.floor(size / 2));
    const rest = total.map((size, axis) => size - half[axis]);
    [before, behind] = auto === 'SAME_UPPER' ? [half, rest] : [rest, half];
  }
  const [C, perGroup] = weight.shape;
  if (C !== x.shape[1] || C % groups !== 0) node.fail(`expected W for ${x.shape[1]} channels in ${groups} groups`);
  let turned = weight.reshape(groups, C / groups, perGroup, ...kernel).transpose(1, 2);
  turned = turned.reshape(groups * perGroup, C / groups, ...kernel);
  for (let axis = 0; axis < n; axis++) turned = turned.flip(2 + axis);
  const spread = strides.reduce((y, stride, axis) => withZeros(y, 2 + axis, stride), x);
  const border = kernel.map((size, axis) => (size - 1) * dilations[axis]);
  const padded = padSpace(
    spread,
    border.map((size, axis) => size - before[axis]),
    border.map((size, axis) => size - behind[axis] + extra[axis]),
    0,
  );
  const none = new Array<number>(n).fill(0);
  const plain = { kernel, strides: new Array<number>(n).fill(1), dilations, before: none, behind: none };
  return convolved(node, padded, turned, bias, plain, groups);
}

/** stride − 1 zeros between the positions of an axis. */
function withZeros(x: Tensor, axis: number, stride: number): Tensor {
  if (stride === 1 || x.shape[axis] === 0) return x;
  const zeros = zerosLike(x, [...x.shape.slice(0, axis + 1), stride - 1, ...x.shape.slice(axis + 1)]);
  const spread = cat([x.unsqueeze(axis + 1), zeros], axis + 1);
  const n = x.shape[axis] * stride;
  return spread.reshape(...x.shape.with(axis, n)).slice(axis, 0, n - stride + 1);
}
