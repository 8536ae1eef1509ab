// The argument block: one double per parameter of the C++ function, then the arrays that parameters point to. See kernels/call.h.

import type { Heap } from './heap.ts';

/** More doubles than any kernel has parameters: arrays start here. */
const parameters = 48;

export class ArgumentBlock {
  readonly #heap: Heap;
  #pointer: number;
  #capacity: number;
  #view: Float64Array;
  #next = parameters;

  constructor(heap: Heap) {
    this.#heap = heap;
    this.#capacity = 1024;
    this.#pointer = heap.allocate(this.#capacity * 8);
    this.#view = new Float64Array(heap.memory.buffer, this.#pointer, this.#capacity);
  }

  /** Forgets the last call's arrays and makes sure that there is room for `doubles` of them. To be called before `array`. */
  begin(doubles: number): void {
    this.#next = parameters;
    if (parameters + doubles <= this.#capacity) return;
    this.#heap.free(this.#pointer, this.#capacity * 8);
    this.#capacity = 2 * (parameters + doubles);
    this.#pointer = this.#heap.allocate(this.#capacity * 8);
    this.#view = new Float64Array(this.#heap.memory.buffer, this.#pointer, this.#capacity);
  }

  /** Writes an array and returns its offset in the heap; 0, null, for an empty one. */
  array(values: readonly number[]): number {
    if (values.length === 0) return 0;
    const at = this.#next;
    const view = this.#live();
    for (let i = 0; i < values.length; i++) view[at + i] = values[i];
    this.#next += values.length;
    return this.#pointer + at * 8;
  }

  /** Writes the parameters and returns the offset of the block. */
  write(values: readonly number[]): number {
    const view = this.#live();
    for (let i = 0; i < values.length; i++) view[i] = values[i];
    return this.#pointer;
  }

  /** The view, made anew where an unshared memory has grown under it. */
  #live(): Float64Array {
    if (this.#view.length !== this.#capacity) {
      this.#view = new Float64Array(this.#heap.memory.buffer, this.#pointer, this.#capacity);
    }
    return this.#view;
  }
}
