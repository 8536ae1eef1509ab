// The reference backend on arrays that throw where they are read or written beyond their ends. A plain typed array says undefined there and drops
// what is written, so that a loop which takes one turn too many goes unnoticed in the definition that the kernels were written after.

import type { DType, Storage, TypedArray } from '../../packages/unrolled/src/backend/backend.ts';
import { ReferenceBackend } from '../../packages/unrolled/src/backend/reference/reference.ts';
import { allocate, ReferenceStorage } from '../../packages/unrolled/src/backend/reference/storage.ts';

export class BoundedBackend extends ReferenceBackend {
  override allocate(dtype: DType, length: number): Storage {
    const { block, array } = allocate(this, dtype, length);
    return new ReferenceStorage(block, dtype, bounded(array));
  }
}

function bounded(array: TypedArray): TypedArray {
  const check = (key: string | symbol) => {
    // Whatever is no name: an index, and what a wrong index becomes.
    if (typeof key !== 'string' || /^[a-zA-Z]+$/.test(key.replace(/^(NaN|-?Infinity|undefined)$/, '-'))) return;
    const index = Number(key);
    if (!(Number.isInteger(index) && index >= 0 && index < array.length))
      throw new RangeError(`element ${key} of ${array.length}`);
  };
  return new Proxy(array, {
    get(target, key) {
      check(key);
      if (key === 'subarray') return (...range: [number?, number?]) => bounded(target.subarray(...range));
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
    set(target, key, value) {
      check(key);
      return Reflect.set(target, key, value, target);
    },
  });
}
