// A window on a block of the kernels' heap.

import { type Block, bytesPerElement, checkWindow, type DType, type Storage, type TypedArray } from '../storage.ts';
import type { Heap } from './heap.ts';

export class KernelStorage implements Storage {
  readonly block: Block;
  readonly dtype: DType;
  readonly length: number;
  readonly pointer: number;
  readonly #heap: Heap;
  #array: TypedArray | undefined;

  constructor(heap: Heap, block: Block, dtype: DType, pointer: number, length: number) {
    this.#heap = heap;
    this.block = block;
    this.dtype = dtype;
    this.pointer = pointer;
    this.length = length;
  }

  /** Made when first asked for, and again where an unshared memory has grown (which detaches all views of it). */
  get array(): TypedArray {
    if (this.#array?.length !== this.length) {
      const { buffer } = this.#heap.memory;
      if (this.dtype === 'float32') this.#array = new Float32Array(buffer, this.pointer, this.length);
      else if (this.dtype === 'int32') this.#array = new Int32Array(buffer, this.pointer, this.length);
      else this.#array = new Float64Array(buffer, this.pointer, this.length);
    }
    return this.#array;
  }

  slice(start: number, length: number): KernelStorage {
    checkWindow(start, length, this.length);
    const pointer = this.pointer + start * bytesPerElement[this.dtype];
    return new KernelStorage(this.#heap, this.block, this.dtype, pointer, length);
  }
}
