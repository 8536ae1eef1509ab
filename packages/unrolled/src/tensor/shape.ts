// Arithmetic on shapes. Nothing here touches memory.

import { requireList, shown } from '../checks.ts';
import { OptionError, ShapeError } from '../errors.ts';

/** The sizes of a tensor's axes. */
export type TensorShape = readonly number[];

export function sizeOf(shape: TensorShape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Refuses a shape that none is: every size a whole number from 0. What memory cannot hold is refused where it is given out. */
export function requireShape(who: string, shape: TensorShape): void {
  if (typeof shape === 'number')
    throw new OptionError(who, 'shape', `expected a list, got ${shown(shape)}; sizes stand in one: [${shape}, …]`);
  requireList(who, 'shape', shape);
  for (let d = 0; d < shape.length; d++) {
    const n: unknown = shape[d];
    if (!(typeof n === 'number' && Number.isInteger(n) && n >= 0))
      throw new OptionError(who, 'shape', `expected whole numbers from 0, got ${shown(n)} for axis ${d}`);
  }
}

/** Row-major strides in elements. */
export function stridesOf(shape: TensorShape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d];
  }
  return strides;
}

export function sameShape(a: TensorShape, b: TensorShape): boolean {
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

/** −1 is the last axis. Throws an OptionError for an axis that is not there. */
export function axis(who: string, dim: number, rank: number): number {
  const d = typeof dim === 'number' && dim < 0 ? dim + rank : dim;
  if (!Number.isInteger(d) || d < 0 || d >= rank) {
    throw new OptionError(who, 'dim', `expected an axis from ${-rank} to ${rank - 1}, got ${shown(dim)}`);
  }
  return d;
}

/** The shape of `a op b` under NumPy's rule: aligned at the right, equal or 1. Throws a ShapeError naming both. */
export function broadcastShapes(who: string, a: TensorShape, b: TensorShape): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let d = 0; d < rank; d++) {
    const m = a[a.length - rank + d] ?? 1;
    const n = b[b.length - rank + d] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(who, 'the second operand', `one that broadcasts with [${a.join(', ')}]`, b);
    }
    shape[d] = m === 1 ? n : m;
  }
  return shape;
}

/** Strides that read a tensor of shape `from` as one of shape `to`: 0 where it is broadcast. */
export function broadcastStrides(from: TensorShape, to: TensorShape): number[] {
  const own = stridesOf(from);
  return to.map((_, d) => {
    const k = d - (to.length - from.length);
    return k < 0 || from[k] === 1 ? 0 : own[k];
  });
}

/** Joins neighboring axes that every operand walks as one, so that kernels see the fewest axes. */
export function collapse(
  shape: TensorShape,
  ...strides: readonly (readonly number[])[]
): { shape: number[]; strides: number[][] } {
  const outShape: number[] = [];
  const outStrides: number[][] = strides.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue;
    const last = outShape.length - 1;
    if (last >= 0 && strides.every((s, k) => outStrides[k][last] === s[d] * shape[d])) {
      outShape[last] *= shape[d];
      strides.forEach((s, k) => (outStrides[k][last] = s[d]));
    } else {
      outShape.push(shape[d]);
      strides.forEach((s, k) => outStrides[k].push(s[d]));
    }
  }
  if (outShape.length === 0) {
    outShape.push(1);
    outStrides.forEach((s) => s.push(1));
  }
  return { shape: outShape, strides: outStrides };
}

/** The three sizes that an op along one axis sees: [outer, n, inner]. */
export function around(shape: TensorShape, dim: number): { outer: number; n: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, dim)), n: shape[dim], inner: sizeOf(shape.slice(dim + 1)) };
}
