// Windows that walk over images: their options, and how many places they have.

import type { Pair, WindowSizes } from '../../backend/backend.ts';
import { shown } from '../../checks.ts';
import { OptionError, ShapeError } from '../../errors.ts';
import type { Tensor } from '../tensor.ts';
import { requireTensor } from './operands.ts';

/** One number for both axes, or [down, across]. */
export type PairOption = number | Pair;

export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** Both axes of an option, each a whole number from `least`. */
export function pairOf(who: string, option: string, value: PairOption, least: number): Pair {
  const pair: Pair = typeof value === 'number' ? [value, value] : value;
  const most = 2 ** 31 - 1; // what the kernels count with
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((n) => Number.isInteger(n) && n >= least && n <= most))
    throw new OptionError(who, option, `expected a whole number from ${least}, or two, got ${shown(value)}`);
  return pair;
}

/** Refuses what is no batch of images. */
export function requireImages(who: string, x: Tensor, channels: number | string = 'C'): void {
  requireTensor(who, x);
  if (x.rank !== 4 || (typeof channels === 'number' && x.shape[1] !== channels))
    throw new ShapeError(who, 'images', ['B', channels, 'h', 'w'], x.shape);
}

/** The sizes of `window` on images x; with `ceil`, a last window may begin inside and end outside. Throws where none fits. */
export function windowSizes(who: string, x: Tensor, window: Window, ceil = false): WindowSizes {
  const [B, C, h, w] = x.shape;
  const { kernel, stride, padding, dilation } = window;
  const places = [h, w].map((size, axis) => {
    const reach = dilation[axis] * (kernel[axis] - 1) + 1;
    const room = size + 2 * padding[axis] - reach;
    if (room < 0 || size === 0) {
      const least = Math.max(1, reach - 2 * padding[axis]);
      const hint = `the window reaches over ${reach} pixels, with padding ${padding[axis]} on either side`;
      throw new ShapeError(who, axis === 0 ? 'a height' : 'a width', `[${least} or more]`, [size], hint);
    }
    const count = Math.floor(room / stride[axis]) + 1;
    const another = ceil && room % stride[axis] !== 0 && count * stride[axis] < size + padding[axis];
    return another ? count + 1 : count;
  });
  return { B, C, h, w, oh: places[0], ow: places[1], kernel, stride, padding, dilation };
}
