// A backend whose memory is not the host's, as a GPU's is: the reference's loops, on memory that notices whoever reads it from outside of them. What
// the host writes goes through `write`; everything else that touches `Storage.array` between two calls of the seam would wait for a device.

import type { Backend, DType, Storage, TypedArray } from '../packages/unrolled/src/backend/backend.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { Block, bytesOf, bytesPerElement, checkWindow } from '../packages/unrolled/src/backend/storage.ts';

export interface RemoteBackend extends Backend {
  /** Elements of every read so far, in their order. */
  readonly reads: number[];
}

class RemoteStorage implements Storage {
  readonly #backend: { depth: number; readonly reads: number[] };
  readonly #values: TypedArray;
  readonly block: Block;
  readonly dtype: DType;
  readonly pointer: number;

  constructor(backend: RemoteStorage['backend'], block: Block, dtype: DType, pointer: number, values: TypedArray) {
    this.#backend = backend;
    this.block = block;
    this.dtype = dtype;
    this.pointer = pointer;
    this.#values = values;
  }

  get backend() {
    return this.#backend;
  }

  get length(): number {
    return this.#values.length;
  }

  get array(): TypedArray {
    if (this.#backend.depth > 0) return this.#values;
    this.#backend.reads.push(this.length);
    return this.#values.slice(); // a copy, as a device would send one: writing to it changes nothing
  }

  slice(start: number, length: number): RemoteStorage {
    checkWindow(start, length, this.length);
    const pointer = this.pointer + start * bytesPerElement[this.dtype];
    const values = this.#values.subarray(start, start + length);
    return new RemoteStorage(this.#backend, this.block, this.dtype, pointer, values);
  }
}

/** A new one, whose memory starts as NaN. */
export function remoteBackend(): RemoteBackend {
  const reference = new ReferenceBackend();
  const state = { depth: 0, reads: [] as number[] };
  let next = 64;
  const own = {
    remote: true,
    reads: state.reads,
    allocate(dtype: DType, length: number): Storage {
      const bytes = bytesOf(dtype, length);
      const block = new Block(remote, next, bytes);
      next += Math.ceil(bytes / 64) * 64;
      const values = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length).fill(Number.NaN);
      return new RemoteStorage(state, block, dtype, block.pointer, values);
    },
  };
  const remote: RemoteBackend = new Proxy(reference, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...values: unknown[]) => {
        state.depth++;
        try {
          return member.apply(target, values);
        } finally {
          state.depth--;
        }
      };
    },
  }) as unknown as RemoteBackend;
  return remote;
}
