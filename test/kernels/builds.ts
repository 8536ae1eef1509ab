// Every build of the kernels that this machine can run, as backends; and seeded data for them.

import type { Backend, Storage, TypedArray } from '../../packages/unrolled/src/backend/backend.ts';
import { Heap } from '../../packages/unrolled/src/backend/kernel/heap.ts';
import { KernelBackend } from '../../packages/unrolled/src/backend/kernel/kernel-backend.ts';
import { loadNative, nativeCandidates } from '../../packages/unrolled/src/backend/kernel/native.ts';
import { loadWasmSync, wasmSimd } from '../../packages/unrolled/src/backend/kernel/wasm.ts';
import { storageOf } from '../../packages/unrolled/src/backend/reference/storage.ts';

export interface Build {
  readonly name: string;
  /** Whether its multiply-add is one rounding: all that fuse must agree to the bit. */
  readonly fuses: boolean;
  readonly threads: number;
  readonly backend: KernelBackend;
}

/** Builds that could not be had here, with the reason. */
export const missing: string[] = [];

function native(simd: string, threads: number): Build[] {
  const name = `native ${simd}, ${threads} threads`;
  const reasons: string[] = [];
  for (const candidate of nativeCandidates()) {
    try {
      const heap = new Heap();
      const backend = new KernelBackend(loadNative(candidate, heap, { simd, threads }), heap);
      return [{ name, fuses: true, threads, backend }];
    } catch (error) {
      reasons.push(String(error));
    }
  }
  missing.push(`${name}: ${reasons.join('; ')}`);
  return [];
}

function wasm(simd: 'relaxed' | 'simd128', shared: boolean, threads: number): Build[] {
  const name = `wasm ${simd}${shared ? ' shared' : ''}, ${threads} threads`;
  if (simd === 'relaxed' && wasmSimd() !== 'relaxed') {
    missing.push(`${name}: the host has no relaxed SIMD`);
    return [];
  }
  const [kernels, heap] = loadWasmSync({ simd, shared, threads });
  return [{ name, fuses: simd === 'relaxed', threads, backend: new KernelBackend(kernels, heap) }];
}

/** All of them, their threads running. Dispose of them after the tests. */
export async function allBuilds(): Promise<Build[]> {
  const levels = process.arch === 'x64' ? ['avx512', 'avx2'] : ['neon'];
  const builds = [
    ...levels.flatMap((simd) => [1, 2].flatMap((threads) => native(simd, threads))),
    ...(['relaxed', 'simd128'] as const).flatMap((simd) => [
      ...wasm(simd, false, 1),
      ...wasm(simd, true, 1),
      ...wasm(simd, true, 2),
    ]),
  ];
  await Promise.all(builds.map(({ backend }) => backend.kernels.ready()));
  return builds;
}

/** A small seeded generator (mulberry32). */
export class Draw {
  #state: number;
  /** Whether sizes are as large as threads need to have something to share. */
  readonly large: boolean;

  constructor(seed: number, large = false) {
    this.#state = seed;
    this.large = large;
  }

  /** [0, 1) */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number in [low, high]. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** A size: often 0, 1, or near a vector width, sometimes up to `most`. In a large draw, `large` or a little less. */
  size(most = 70, large = 3 * most): number {
    if (this.large) return large - this.whole(0, 2);
    const usual = [0, 1, 2, 3, 5, 8, 15, 16, 17, 33];
    const size = this.next() < 0.6 ? usual[this.whole(0, usual.length - 1)] : this.whole(0, most);
    return Math.min(size, most);
  }

  floats(n: number, low = -2, high = 2): Float32Array {
    const values = new Float32Array(n);
    for (let i = 0; i < n; i++) values[i] = low + (high - low) * this.next();
    return values;
  }

  ints(n: number, low: number, high: number): Int32Array {
    const values = new Int32Array(n);
    for (let i = 0; i < n; i++) values[i] = this.whole(low, high);
    return values;
  }
}

export function put(backend: Backend, values: TypedArray): Storage {
  return storageOf(backend, values instanceof Int32Array ? 'int32' : 'float32', values);
}

/** The bits, with one pattern for all NaNs. */
export function bits(values: TypedArray): Uint32Array {
  const copy = values.slice();
  const words = new Uint32Array(copy.buffer);
  if (!(copy instanceof Int32Array))
    for (const [i, value] of copy.entries()) if (Number.isNaN(value)) words[i] = 0x7fc00000;
  return words;
}
