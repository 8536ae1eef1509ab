// Memory as the kernels see it. A `Block` is one allocation and its owner; a `Storage` is a typed window on a block.
// Every tensor is contiguous, row by row, so a window is a start and a length and nothing else.

import { shown } from '../checks.ts';
import { BackendError, TensorError } from '../errors.ts';
import type { Backend } from './backend.ts';

/** Element types of tensors. */
export type DType = 'float32' | 'float64' | 'int32';
/** The arrays that hold a tensor's elements, one for each dtype. */
export type TypedArray = Float32Array | Float64Array | Int32Array;

export const bytesPerElement: Record<DType, number> = { float32: 4, float64: 8, int32: 4 };

/** All that an address of 32 bits reaches, and so all that a block could ever hold, on every backend. */
const mostBytes = 2 ** 32;

/** The bytes of `length` elements: where every backend gives memory out. Throws unless it is a whole number that memory could hold. */
export function bytesOf(dtype: DType, length: number): number {
  const bytes = length * bytesPerElement[dtype];
  if (!(Number.isInteger(length) && length >= 0)) {
    throw new TensorError('allocate', `expected a whole number of elements from 0, got ${shown(length)}`);
  }
  if (!(bytes <= mostBytes)) {
    const problem =
      dtype in bytesPerElement ? `${bytes} bytes are more than the ${mostBytes} there can be` : `no dtype ${dtype}`;
    throw new BackendError(`out of memory: ${length} elements of ${dtype} asked for; ${problem}`);
  }
  return bytes;
}

/** Where a window is made: throws unless elements [start, start + length) lie inside of the `size` there are. */
export function checkWindow(start: number, length: number, size: number): void {
  if (!(Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length >= 0 && start + length <= size)) {
    throw new TensorError(
      'Storage.slice',
      `expected whole numbers inside of the ${size} elements there are, got ${shown(length)} elements from ${shown(start)}`,
    );
  }
}

/** One allocation. Its backend takes the memory back when it is released or, if nobody did, some time after it was collected. */
export class Block {
  readonly backend: Backend;
  /** Where it starts: a byte offset in the heap. 0 on the reference backend, whose blocks are typed arrays of their own. */
  readonly pointer: number;
  readonly bytes: number;
  /** All of the block as the host wrote it, where the backend is remote and nothing else was written since: see tensor/host-values.ts. */
  hostCopy: Int32Array | null = null;
  #released = false;

  constructor(backend: Backend, pointer: number, bytes: number) {
    this.backend = backend;
    this.pointer = pointer;
    this.bytes = bytes;
  }

  get released(): boolean {
    return this.#released;
  }

  /** Gives the memory back. Whoever still holds a tensor on it gets a TensorError at the next use. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.backend.free(this);
  }
}

/** A window of `length` elements on a block. */
export interface Storage {
  readonly block: Block;
  readonly dtype: DType;
  readonly length: number;
  /** Byte offset in the backend's heap (0 on the reference backend). */
  readonly pointer: number;
  /** The elements themselves, live: writing to it writes the tensor. */
  readonly array: TypedArray;
  /** Elements [start, start + length) of this window, on the same block. */
  slice(start: number, length: number): Storage;
}

/** Throws when the memory behind `storage` was given back. */
export function assertAlive(storage: Storage, who: string): void {
  if (storage.block.released) {
    throw new TensorError(
      who,
      'the tensor was made inside a scope that has ended, and its memory was reused; return it from the scope, or keep(tensor)',
    );
  }
}
