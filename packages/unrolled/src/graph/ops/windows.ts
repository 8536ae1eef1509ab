// What convolution and pooling share: padding, and how a window of ONNX lies on its input. Images are [B, C, …] with one to three axes in space.

import { pad } from './pad.ts';
import type { RunContext } from '../op.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** A window on n axes of space. Pads are those before and behind each axis. */
export interface SpaceWindow {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly behind: readonly number[];
}

export const windowAttributes = ['auto_pad', 'dilations', 'kernel_shape', 'pads', 'strides'] as const;

/** The window of a node on sizes of space, its `auto_pad` resolved. */
export function windowOf(node: RunContext, kernel: readonly number[], space: readonly number[]): SpaceWindow {
  const n = space.length;
  const per = (name: string, usual: number): readonly number[] => {
    const given = node.wholes(name, new Array<number>(n).fill(usual));
    if (given.length !== n || !given.every((size) => size >= 1 && size < 2 ** 31))
      node.fail(`${name}: expected ${n} whole numbers from 1, got [${given.join(', ')}]`);
    return given;
  };
  const strides = per('strides', 1);
  const dilations = per('dilations', 1);
  const auto = node.oneOf('auto_pad', ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'], 'NOTSET');
  if (auto === 'NOTSET') {
    const pads = node.wholes('pads', new Array<number>(2 * n).fill(0));
    if (pads.length !== 2 * n || !pads.every((size) => size >= 0)) node.fail(`pads: expected ${2 * n} numbers from 0`);
    return { kernel, strides, dilations, before: pads.slice(0, n), behind: pads.slice(n) };
  }
  const total = space.map((size, axis) => {
    if (auto === 'VALID') return 0;
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    return Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + reach - size);
  });
  const half = total.map((size) => Math.floor(size / 2));
  const rest = total.map((size, axis) => size - half[axis]);
  const [before, behind] = auto === 'SAME_LOWER' ? [rest, half] : [half, rest];
  return { kernel, strides, dilations, before, behind };
}

/** The input with its padding around it: x [B, C, …]. */
export function padSpace(x: Tensor, before: readonly number[], behind: readonly number[], value: number): Tensor {
  return before.reduce((y, size, k) => pad(y, 2 + k, size, behind[k], 'constant', value), x);
}
