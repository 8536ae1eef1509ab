// Blocks that nobody owns are freed some time after they were collected. The garbage collector sees only small objects and cannot know
// how much memory hangs on them, so when much has been handed out since it last ran, we ask it to run (where the host lets us).

import type { Block } from '../storage.ts';
import type { Heap } from './heap.ts';
import { nodeModule } from './host.ts';

interface Held {
  readonly pointer: number;
  readonly bytes: number;
}

const leastPressure = 256 << 20;
const mostYoung = 64;

export class Collector {
  readonly #heap: Heap;
  readonly #registry: FinalizationRegistry<Held>;
  #watched = 0; // bytes in watched blocks that are still there
  #recent = 0; // bytes watched since the last forced collection
  /** Not registered yet. Most are released by hand in the same turn, as gradients are, and registering costs more than all else here. */
  readonly #young = new Set<Block>();
  #due = false;
  /** Forces a collection. Finalizers run later, when the event loop turns. */
  onPressure: () => void = forceCollection;

  constructor(heap: Heap) {
    this.#heap = heap;
    this.#registry = new FinalizationRegistry((held) => {
      this.#watched -= held.bytes;
      this.#heap.free(held.pointer, held.bytes);
    });
  }

  watch(block: Block): void {
    this.#young.add(block);
    if (this.#young.size > mostYoung) this.#register();
    else if (!this.#due) {
      this.#due = true;
      void Promise.resolve().then(() => this.#register());
    }
    this.#watched += block.bytes;
    this.#recent += block.bytes;
    if (this.#recent <= Math.max(leastPressure, this.#watched / 2)) return;
    this.#recent = 0;
    this.#register();
    this.onPressure();
  }

  #register(): void {
    this.#due = false;
    for (const block of this.#young)
      this.#registry.register(block, { pointer: block.pointer, bytes: block.bytes }, block);
    this.#young.clear();
  }

  /** The block was released by hand. */
  forget(block: Block): void {
    if (!this.#young.delete(block) && !this.#registry.unregister(block)) return;
    this.#watched -= block.bytes;
    this.#recent = Math.max(0, this.#recent - block.bytes);
  }
}

let collect: (() => void) | undefined;

/** A full collection in Node; nothing elsewhere. */
export function forceCollection(): void {
  if (!collect) {
    nodeModule('node:v8')?.setFlagsFromString('--expose-gc');
    collect = (nodeModule('node:vm')?.runInNewContext('gc') as (() => void) | undefined) ?? (() => {});
  }
  collect();
}
