// Arrays of the host moved about: what graphs do with shapes, ids and lengths, and what importers do with weights before they are weights.

import type { TensorShape } from '../tensor/shape.ts';
import { sizeOf, stridesOf } from '../tensor/shape.ts';
import { HostArray } from './value.ts';

/** The largest array of the host that an op makes. Shapes and ids are small; what is larger is a mistake or an attack. */
export const largestHostArray = 2 ** 27;

/** The elements of x at `start` + Σ index · step, for every position of `shape`. Permuting, expanding, slicing and flipping are such walks. */
export function hostWalk(x: HostArray, shape: TensorShape, steps: readonly number[], start = 0): HostArray {
  const size = sizeOf(shape);
  if (size > largestHostArray) throw new RangeError(`an array of ${size} integers is too large`);
  const values = new Float64Array(size);
  const position = new Array<number>(shape.length).fill(0);
  for (let i = 0, from = start; i < size; i++) {
    values[i] = x.values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++position[axis] < shape[axis]) break;
      from -= steps[axis] * shape[axis];
      position[axis] = 0;
    }
  }
  return new HostArray(x.element, shape, values);
}

/** Axes in another order. */
export function hostPermute(x: HostArray, order: readonly number[]): HostArray {
  const strides = stridesOf(x.shape);
  return hostWalk(
    x,
    order.map((axis) => x.shape[axis]),
    order.map((axis) => strides[axis]),
  );
}

/** Sizes of 1 repeated, new axes in front. */
export function hostExpand(x: HostArray, shape: TensorShape): HostArray {
  const lead = shape.length - x.shape.length;
  const strides = stridesOf(x.shape);
  return hostWalk(
    x,
    shape,
    shape.map((_, axis) => (axis < lead || x.shape[axis - lead] === 1 ? 0 : strides[axis - lead])),
  );
}

/** `count` positions of an axis, from `first` on, each `step` further. */
export function hostSlice(x: HostArray, axis: number, first: number, count: number, step: number): HostArray {
  const strides = stridesOf(x.shape);
  return hostWalk(x, x.shape.with(axis, count), strides.with(axis, strides[axis] * step), first * strides[axis]);
}

/** Arrays side by side along an axis; they are alike but for that one. */
export function hostConcat(arrays: readonly HostArray[], axis: number): HostArray {
  const [first] = arrays;
  const shape = first.shape.with(
    axis,
    arrays.reduce((n, array) => n + array.shape[axis], 0),
  );
  const values = new Float64Array(sizeOf(shape));
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  let at = 0;
  for (let row = 0; row < outer; row++)
    for (const array of arrays) {
      const part = array.shape[axis] * inner;
      for (let i = 0; i < part; i++) values[at++] = array.values[row * part + i];
    }
  return new HostArray(first.element, shape, values);
}

/** The positions `index` of an axis, which becomes the axes of `index`. The indices are in range. */
export function hostGather(x: HostArray, axis: number, index: HostArray): HostArray {
  const n = x.shape[axis];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  const values = new Float64Array(sizeOf(shape));
  const outer = sizeOf(x.shape.slice(0, axis));
  let at = 0;
  for (let row = 0; row < outer; row++)
    for (let k = 0; k < index.size; k++)
      for (let i = 0; i < inner; i++) values[at++] = x.values[(row * n + index.values[k]) * inner + i];
  return new HostArray(x.element, shape, values);
}
