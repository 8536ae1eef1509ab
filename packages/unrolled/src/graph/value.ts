// What flows through a graph: float tensors, which are computed and have gradients, and arrays of the host, which say what is computed: shapes, axes,
// ids, lengths, conditions. Keeping the latter on the host is what lets a graph that reads its own input's shape run on every backend.

import { requireKinds, requireOneOf } from '../checks.ts';
import type { TensorShape } from '../tensor/shape.ts';
import { sizeOf } from '../tensor/shape.ts';
import { indices, tensor } from '../tensor/create.ts';
import { hostValues } from '../tensor/host-values.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Integers or booleans (0 and 1) on the host, row by row. Integers up to 2⁵³ are exact. */
export class HostArray {
  readonly element: 'int' | 'bool';
  readonly shape: TensorShape;
  readonly values: ArrayLike<number>;

  constructor(element: 'int' | 'bool', shape: TensorShape, values: ArrayLike<number>) {
    requireOneOf('HostArray', 'element', element, ['int', 'bool']);
    requireKinds('HostArray', { shape, values }, { shape: 'numbers', values: 'numbers' });
    this.element = element;
    this.shape = shape;
    this.values = values;
  }

  /** A vector of integers. */
  static ints(values: readonly number[]): HostArray {
    requireKinds('HostArray.ints', { values }, { values: 'numbers' });
    return new HostArray('int', [values.length], values);
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  toString(): string {
    return `HostArray(${this.element} [${this.shape.join(', ')}])`;
  }
}

/** A value of a graph. */
export type GraphValue = Tensor | HostArray;

/** The value on the host, whatever it is; waits for the device where a kernel computed it. */
export function onHost(value: GraphValue): HostArray {
  if (value instanceof HostArray) return value;
  return new HostArray('int', value.shape, hostValues(value));
}

/** The value as a float tensor, like `like` where that is given. */
export function asFloat(value: GraphValue, like?: Tensor): Tensor {
  if (value instanceof Tensor) return value.dtype === 'int32' ? value.cast(like?.dtype ?? 'float32') : value;
  return tensor(Array.from(value.values), value.shape, like && { backend: like.backend, dtype: like.dtype });
}

/** The value as an int32 tensor: ids and lengths, for the library's ops. */
export function asIndices(value: GraphValue): Tensor {
  if (value instanceof Tensor) return value.dtype === 'int32' ? value : indices(hostValues(value), value.shape);
  return indices(value.values, value.shape);
}
