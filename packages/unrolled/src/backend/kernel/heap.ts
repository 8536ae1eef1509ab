// One WebAssembly.Memory for native and WASM alike, and the allocator in it. A kernel's pointer is a byte offset from its start, 0 is null.
//
// Sizes are rounded up to classes, eight to a doubling (at most an eighth is lost), and a freed block waits in its class's list: a training
// loop in its steady state takes every block from there, touches no fresh page and grows nothing. When no list serves, neighbors that
// are free are merged before the memory grows, so sizes that come and go do not add up.

import { shown } from '../../checks.ts';
import { BackendError } from '../../errors.ts';
import { host, type WasmMemory } from './host.ts';

const pageBytes = 65536;
const maxPages = 65536; // 4 GiB, all that 32 bits address
/** The WASM module's own data and first stack lie below; nothing is allocated there. */
export const heapBase = 1 << 20;
const alignment = 64;
const leastGrowth = 16 << 20;

interface Span {
  start: number;
  end: number;
}

export interface HeapStatistics {
  /** Bytes in blocks that are in use. */
  readonly live: number;
  /** The most there ever were. */
  readonly peak: number;
  /** Bytes of the whole memory, free blocks included. */
  readonly reserved: number;
  /** How often the memory has grown: constant in a steady state. */
  readonly growths: number;
}

export class Heap {
  readonly memory: WasmMemory;
  readonly shared: boolean;
  /** Called after the memory has grown. */
  onGrow: () => void = () => {};
  readonly #free = new Map<number, number[]>(); // class size → pointers
  #spans: Span[]; // memory that belongs to no class, ascending
  #freeBytes = 0;
  #live = 0;
  #peak = 0;
  #growths = 0;

  /** Shared unless the host cannot or `shared` is false; a smaller maximum where 4 GiB of addresses are not to be had. */
  constructor(shared = true) {
    [this.memory, this.shared] = reserve(shared);
    this.#spans = [{ start: heapBase, end: this.memory.buffer.byteLength }];
  }

  get statistics(): HeapStatistics {
    return {
      live: this.#live,
      peak: this.#peak,
      reserved: this.memory.buffer.byteLength,
      growths: this.#growths,
    };
  }

  /** The offset of `bytes` bytes, 64-byte aligned, with unspecified contents. Give the same number to `free`. */
  allocate(bytes: number): number {
    if (!(Number.isInteger(bytes) && bytes >= 0))
      throw new BackendError(`expected a whole number of bytes from 0, got ${shown(bytes)}`);
    const size = classSize(bytes);
    this.#live += size;
    if (this.#live > this.#peak) this.#peak = this.#live;
    const recycled = this.#free.get(size)?.pop();
    if (recycled !== undefined) {
      this.#freeBytes -= size;
      return recycled;
    }
    return this.#carve(size) ?? this.#makeRoom(size);
  }

  free(pointer: number, bytes: number): void {
    const size = classSize(bytes);
    this.#live -= size;
    this.#freeBytes += size;
    const list = this.#free.get(size);
    if (list) list.push(pointer);
    else this.#free.set(size, [pointer]);
  }

  #carve(size: number): number | undefined {
    for (const span of this.#spans) {
      if (span.end - span.start < size) continue;
      const pointer = span.start;
      span.start += size;
      return pointer;
    }
    return undefined;
  }

  #makeRoom(size: number): number {
    if (this.#freeBytes > Math.max(size, this.memory.buffer.byteLength / 4)) {
      this.#merge();
      const pointer = this.#carve(size);
      if (pointer !== undefined) return pointer;
    }
    if (!this.#grow(size)) {
      this.#merge();
      if (this.#carveFails(size) && !this.#grow(size)) {
        this.#live -= size;
        const { reserved } = this.statistics;
        throw new BackendError(
          `out of memory: ${size} bytes asked for, ${this.#live} in use, ${this.#freeBytes} free in pieces, heap of ${reserved}`,
        );
      }
    }
    return this.#carve(size) as number;
  }

  #carveFails(size: number): boolean {
    return !this.#spans.some((span) => span.end - span.start >= size);
  }

  #grow(size: number): boolean {
    const before = this.memory.buffer.byteLength;
    const last = this.#spans.at(-1);
    const missing = size - (last && last.end === before ? last.end - last.start : 0);
    const wanted = Math.max(missing, leastGrowth, before / 4);
    for (const bytes of [wanted, missing]) {
      const pages = Math.min(Math.ceil(bytes / pageBytes), maxPages - before / pageBytes);
      if (pages * pageBytes < missing) continue;
      try {
        this.memory.grow(pages);
      } catch {
        continue;
      }
      const end = this.memory.buffer.byteLength;
      if (last && last.end === before) last.end = end;
      else this.#spans.push({ start: before, end });
      this.#growths++;
      this.onGrow();
      return true;
    }
    return false;
  }

  /** Free blocks leave their lists and become spans again, neighbors joined. */
  #merge(): void {
    const spans = this.#spans.filter((span) => span.end > span.start);
    for (const [size, pointers] of this.#free) {
      for (const start of pointers) spans.push({ start, end: start + size });
    }
    this.#free.clear();
    this.#freeBytes = 0;
    spans.sort((a, b) => a.start - b.start);
    this.#spans = [];
    for (const span of spans) {
      const last = this.#spans.at(-1);
      if (last && last.end === span.start) last.end = span.end;
      else this.#spans.push(span);
    }
  }
}

/** `bytes` rounded up to a multiple of 64 with at most four significant bits (small ones: of 64). */
function classSize(bytes: number): number {
  if (bytes <= 16 * alignment) return Math.max(alignment, (bytes + alignment - 1) & -alignment);
  const step = 2 ** (bytes < 2 ** 31 ? 28 - Math.clz32(bytes) : Math.floor(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}

function reserve(shared: boolean): [memory: WasmMemory, shared: boolean] {
  const Memory = host.WebAssembly?.Memory;
  if (!Memory) throw new BackendError('this host has no WebAssembly, which kernels need for their heap');
  const initial = (heapBase + leastGrowth) / pageBytes;
  const attempts: string[] = [];
  for (const share of shared ? [true, false] : [false]) {
    for (const maximum of [maxPages, maxPages / 2, maxPages / 8]) {
      try {
        return [new Memory(share ? { initial, maximum, shared: true } : { initial, maximum }), share];
      } catch (error) {
        attempts.push(`${share ? 'shared' : 'unshared'} memory of at most ${maximum} pages: ${error}`);
      }
    }
  }
  throw new BackendError('no memory for the kernels', attempts);
}
