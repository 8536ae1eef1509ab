// The compiled backends that this machine can load, and why it cannot load the others.

import type { KernelBackend } from '../packages/unrolled/src/backend/kernel/kernel-backend.ts';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';

export interface Loaded {
  readonly name: 'native' | 'wasm';
  readonly backend?: KernelBackend;
  /** Why there is no backend, in one line. */
  readonly problem?: string;
}

/** Leaves the current backend as it was. */
export async function compiledBackends(): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  const before = currentBackend();
  for (const name of ['native', 'wasm'] as const) {
    try {
      loaded.push({ name, backend: (await useBackend(name)) as KernelBackend });
    } catch (error) {
      loaded.push({ name, problem: String(error).split('\n')[0] });
    }
  }
  await useBackend(before);
  return loaded;
}
