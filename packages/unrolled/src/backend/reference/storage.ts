// Memory of the reference backend: every block is a typed array of its own, left to the garbage collector.

import { BackendError } from '../../errors.ts';
import type { Backend } from '../backend.ts';
import { Block, bytesOf, checkWindow, type DType, type Storage, type TypedArray } from '../storage.ts';

/** A window on a typed array; a slice is a subarray. */
export class ReferenceStorage implements Storage {
  readonly block: Block;
  readonly dtype: DType;
  readonly pointer = 0;
  readonly array: TypedArray;

  constructor(block: Block, dtype: DType, array: TypedArray) {
    this.block = block;
    this.dtype = dtype;
    this.array = array;
  }

  get length(): number {
    return this.array.length;
  }

  slice(start: number, length: number): ReferenceStorage {
    checkWindow(start, length, this.length);
    return new ReferenceStorage(this.block, this.dtype, this.array.subarray(start, start + length));
  }
}

/** A block of `length` elements. Floats start as NaN, so that whatever reads before it writes shows itself in the first test. */
export function allocate(backend: Backend, dtype: DType, length: number): ReferenceStorage {
  const block = new Block(backend, 0, bytesOf(dtype, length));
  let array: TypedArray;
  try {
    array = dtype === 'int32' ? new Int32Array(length) : floats(dtype, length);
  } catch (cause) {
    throw new BackendError(`out of memory: ${length} elements of ${dtype} asked for; ${String(cause)}`);
  }
  if (dtype !== 'int32') array.fill(Number.NaN);
  return new ReferenceStorage(block, dtype, array);
}

/** A block that holds `values`: on any backend, by way of its `allocate`. */
export function storageOf(backend: Backend, dtype: DType, values: ArrayLike<number>): Storage {
  const storage = backend.allocate(dtype, values.length);
  storage.array.set(values);
  return storage;
}

/** Zeros of the dtype of `x`, as scratch memory: what passes through it is rounded as if it had been stored in a tensor. */
export function scratchLike(x: Storage, length: number): TypedArray {
  return x.dtype === 'int32' ? new Int32Array(length) : floats(x.dtype, length);
}

function floats(dtype: 'float32' | 'float64', length: number): Float32Array | Float64Array {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length);
}
