// A loaded build of the kernels, native or WASM: what a KernelBackend needs of it.

import { BackendError } from '../../errors.ts';
import { operationNames } from './operations.ts';

export interface Kernels {
  readonly name: 'native' | 'wasm';
  /** 'avx512', 'avx2', 'neon', 'relaxed' or 'simd128'. */
  readonly simd: string;
  /** Threads that a call may use: it finds fewer while workers are still starting. */
  readonly threads: number;
  /** Why it has fewer threads than it was to have, after `ready`; null where nothing is wrong. */
  readonly problem?: string | null;
  /** Runs operation number `operation` on the argument block at `offset`. */
  call(operation: number, offset: number): number;
  /** Bytes of scratch memory that such a call needs. */
  workspace(operation: number, offset: number): number;
  /** Resolves when all threads are there. */
  ready(): Promise<void>;
  /** Ends its threads, where it has any of its own. */
  dispose(): void;
}

/** Throws unless the build was made of the sources that belong to this TypeScript. */
export function checkOperations(build: string, names: string): void {
  if (names !== operationNames.join(',')) {
    throw new BackendError(`${build}: built from other sources, its operations are not ours; run npm run build`);
  }
}
