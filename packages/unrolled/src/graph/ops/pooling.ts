// Pooling in one to three axes of space.

import { full } from '../../tensor/create.ts';
import { avgPool2d, maxPool2d } from '../../tensor/ops/pooling.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { padSpace, type SpaceWindow, windowAttributes, windowOf } from './windows.ts';

type Pool = (
  x: Tensor,
  window: { kernel: [number, number]; stride: [number, number]; dilation: [number, number] },
) => Tensor;

export const poolingOps: Readonly<Record<string, GraphOp>> = {
  MaxPool: {
    inputs: ['X'],
    attributes: [...windowAttributes, 'ceil_mode', 'storage_order'],
    run: (node) => {
      if (node.node.outputs[1] != null) node.fail('the positions of the largest, its second output, are not given');
      const x = node.tensor(0);
      const window = pooled(node, x);
      return overSpace(padSpace(x, window.before, window.behind, -Infinity), window, largest);
    },
  },

  AveragePool: {
    inputs: ['X'],
    attributes: [...windowAttributes, 'ceil_mode', 'count_include_pad'],
    run: (node) => {
      const x = node.tensor(0);
      const window = pooled(node, x);
      const { before, behind, dilations } = window;
      if (dilations.some((d) => d !== 1)) node.fail('dilations: expected 1, got others');
      const sums = overSpace(padSpace(x, before, behind, 0), window, average);
      if ([...before, ...behind].every((size) => size === 0)) return sums;
      // The mean over what counts: Σ x / n under the window, by Σ 1 / n of what counts.
      const counted = node.flag('count_include_pad', false) ? window.pads : [before.map(() => 0), before.map(() => 0)];
      const space = x.shape.slice(2).map((size, axis) => size + counted[0][axis] + counted[1][axis]);
      const ones = padSpace(
        full([1, 1, ...space], 1, { backend: x.backend, dtype: x.dtype }),
        before.map((size, axis) => size - counted[0][axis]),
        behind.map((size, axis) => size - counted[1][axis]),
        0,
      );
      return sums.div(overSpace(ones, window, average));
    },
  },

  GlobalAveragePool: {
    inputs: ['X'],
    run: (node) => node.tensor(0).mean(spaceOf(node), true),
  },

  GlobalMaxPool: {
    inputs: ['X'],
    run: (node) => spaceOf(node).reduce((x, axis) => x.max(axis, true), node.tensor(0)),
  },
};

const largest: Pool = (x, { kernel, stride, dilation }) => maxPool2d(x, kernel, { stride, dilation });
const average: Pool = (x, { kernel, stride }) => avgPool2d(x, kernel, { stride });

function spaceOf(node: RunContext): number[] {
  return Array.from(node.value(0).shape.keys()).slice(2);
}

/** The window of a pooling node. `pads` are those of the file; `behind` is larger where a last window reaches over the edge. */
function pooled(node: RunContext, x: Tensor): SpaceWindow & { readonly pads: [readonly number[], readonly number[]] } {
  const kernel = node.wholes('kernel_shape');
  const space = x.shape.slice(2);
  if (kernel.length !== space.length || space.length < 1 || space.length > 3 || kernel.some((size) => size < 1))
    node.fail(`expected a kernel_shape for ${space.length} axes of space, one to three, got [${kernel.join(', ')}]`);
  const window = windowOf(node, kernel, space);
  const { strides, dilations, before, behind } = window;
  const ceil = node.flag('ceil_mode', false);
  const all = space.map((size, axis) => {
    const reach = dilations[axis] * (kernel[axis] - 1) + 1;
    const room = size + before[axis] + behind[axis] - reach;
    if (room < 0) node.fail(`a window over ${reach} positions does not fit on ${size}`);
    let last = Math.ceil(room / strides[axis]);
    if (!ceil || last * strides[axis] >= size + before[axis]) last = Math.floor(room / strides[axis]); // it has to begin inside
    return Math.max(behind[axis], last * strides[axis] + reach - size - before[axis]);
  });
  return { ...window, behind: all, pads: [before, behind] };
}

/** Pools along the last two axes, and then along a third. Largest and mean of a box are those of its lines. */
function overSpace(x: Tensor, { kernel, strides, dilations }: SpaceWindow, pool: Pool): Tensor {
  const n = kernel.length;
  const at = (sizes: readonly number[], ...axes: number[]): [number, number] => [
    axes[0] < 0 ? 1 : sizes[axes[0]],
    axes[1] < 0 ? 1 : sizes[axes[1]],
  ];
  const on = (y: Tensor, ...axes: number[]) =>
    pool(y, { kernel: at(kernel, ...axes), stride: at(strides, ...axes), dilation: at(dilations, ...axes) });
  if (n === 1) return on(x.unsqueeze(2), -1, 0).squeeze(2);
  if (n === 2) return on(x, 0, 1);
  const [B, C, D, h, w] = x.shape;
  const flat = on(x.reshape(B * C, D, h, w), 1, 2);
  const [, , oh, ow] = flat.shape;
  const deep = on(flat.reshape(B, C, D, oh * ow), 0, -1);
  return deep.reshape(B, C, deep.shape[2], oh, ow);
}
