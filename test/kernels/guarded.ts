// The kernels under the sanitizers. All tensors lie in one WebAssembly.Memory, within which AddressSanitizer by itself sees no ends: here every
// block is followed by bytes that are poisoned, so that a kernel which leaves its block by one element is reported, and free memory is poisoned
// too. What a kernel is given to write on holds NaN, so that whoever reads it first computes NaN. Scratch memory ends where the kernel said.

import { createRequire } from 'node:module';
import { Heap, heapBase } from '../../packages/unrolled/src/backend/kernel/heap.ts';
import { KernelBackend } from '../../packages/unrolled/src/backend/kernel/kernel-backend.ts';
import { loadNative } from '../../packages/unrolled/src/backend/kernel/native.ts';

/** The sanitized addon's own two functions, see kernels/addon.cpp. */
interface Guard {
  poison(bytes: Uint8Array): void;
  unpoison(bytes: Uint8Array): void;
}

/** More than a row of any case, so that leaving a block by a whole row does not land in the next one. */
const redZone = 2048;

class GuardedHeap extends Heap {
  readonly #guard: Guard;
  #guarded = heapBase; // all before it was poisoned once
  /** Set before scratch memory is asked for: how much of it the kernel may touch. */
  scratch: number | undefined;

  constructor(guard: Guard) {
    super();
    this.#guard = guard;
  }

  override allocate(bytes: number): number {
    const pointer = super.allocate(bytes + redZone);
    const end = this.memory.buffer.byteLength;
    if (end > this.#guarded) this.#guard.poison(this.#bytes(this.#guarded, end - this.#guarded));
    this.#guarded = end;
    const mine = this.#bytes(pointer, this.scratch ?? bytes);
    this.scratch = undefined;
    this.#guard.unpoison(mine);
    return mine.fill(255).byteOffset; // as a float NaN, as an integer −1
  }

  override free(pointer: number, bytes: number): void {
    this.#guard.poison(this.#bytes(pointer, bytes));
    super.free(pointer, bytes + redZone);
  }

  #bytes(start: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, start, length);
  }
}

/** The kernels of the addon at `url` on a heap with poisoned gaps. */
export function guardedBackend(url: URL, simd: string, threads: number): KernelBackend {
  const heap = new GuardedHeap(createRequire(import.meta.url)(url.pathname) as Guard);
  const kernels = loadNative(url.href, heap, { simd, threads });
  let asked = 0;
  const backend = new KernelBackend(
    {
      ...kernels,
      // Always a little more than before, so that the backend takes new scratch memory for each call; the heap knows how much is meant.
      workspace(operation, offset) {
        heap.scratch = kernels.workspace(operation, offset);
        return (asked = Math.max(asked + 64, heap.scratch));
      },
    },
    heap,
  );
  return backend;
}
