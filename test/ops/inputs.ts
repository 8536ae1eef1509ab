// Values by formula: no zeros, no equals, no symmetry.

import { type TensorShape, tensor, type Tensor } from '../../packages/unrolled/src/tensor/index.ts';
import type { Input } from '../ops.ts';

export const size = (shape: TensorShape): number => shape.reduce((a, b) => a * b, 1);

export function wave(shape: TensorShape, phase = 0, scale = 1): Input {
  const values = Array.from(
    { length: size(shape) },
    (_, i) => scale * (Math.sin(1.3 * i + phase + 0.4) + 0.1 * Math.cos(i)),
  );
  return { shape, values };
}

/** Between about 1/3 and 3. */
export function positive(shape: TensorShape, phase = 0): Input {
  return { shape, values: wave(shape, phase).values.map(Math.exp) };
}

/** A constant of the same dtype and on the same backend as `like`. */
export function constant(like: Tensor, { shape, values }: Input): Tensor {
  return tensor(values, shape, { dtype: like.dtype, backend: like.backend });
}

export function ints(like: Tensor, values: readonly number[], shape: TensorShape = [values.length]): Tensor {
  return tensor(values, shape, { dtype: 'int32', backend: like.backend });
}
