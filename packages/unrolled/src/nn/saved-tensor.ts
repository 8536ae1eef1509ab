// A tensor as it comes out of a file: whether it can become the values of one that is there. Asked for all of a state before the first is written.

import { shown } from '../checks.ts';
import type { DType, TypedArray } from '../backend/backend.ts';
import { FormatError, ShapeError } from '../errors.ts';
import { sameShape, type TensorShape } from '../tensor/shape.ts';

/** What a saved tensor is made of. */
export interface SavedTensor {
  readonly dtype?: DType;
  readonly shape: TensorShape;
  readonly data: TypedArray;
}

const mostFloat32 = (2 - 2 ** -23) * 2 ** 127;

/** Throws a ShapeError for another shape, and a FormatError for values that are missing, not finite, or not of the tensor's type. */
export function checkSavedValues(
  source: string,
  name: string,
  saved: SavedTensor,
  own: { readonly shape: TensorShape; readonly dtype: DType; readonly size: number },
): void {
  const { shape, data } = Object(saved) as Partial<SavedTensor>;
  if (!(data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array))
    throw new FormatError(source, `${name}: expected its data as a Float32Array, Float64Array or Int32Array`);
  if (!Array.isArray(shape) || !sameShape(shape, own.shape))
    throw new ShapeError(source, name, own.shape, Array.isArray(shape) ? shape : []);
  if (data.length !== own.size)
    throw new FormatError(source, `${name}: expected ${own.size} values for its shape, got ${data.length}`);
  if (data instanceof Int32Array) return;
  const whole = own.dtype === 'int32';
  if (data instanceof Float64Array || whole || !allFinite(data)) {
    const most = own.dtype === 'float64' ? Number.MAX_VALUE : mostFloat32;
    for (let i = 0; i < data.length; i++) {
      if (Math.abs(data[i]) <= most && !(whole && data[i] !== (data[i] | 0))) continue;
      const expected = whole ? 'whole numbers' : `finite ${own.dtype} numbers`;
      throw new FormatError(source, `${name}: expected ${expected}, got ${shown(data[i])} at element ${i}`);
    }
  }
}

/** x − x is NaN for what is not finite, and a sum with NaN in it stays NaN. The loop is short: it runs before anything was optimized. */
export function allFinite(data: ArrayLike<number>): boolean {
  let zero = 0;
  for (let i = 0; i < data.length; i++) zero += data[i] - data[i];
  return zero === 0;
}
