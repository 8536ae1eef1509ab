// The compiled backends that this machine can load, and why it cannot load the others.

import type { KernelBackend } from '../packages/unrolled/src/backend/kernel/kernel-backend.ts';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';

export interface Loaded {
  /** The backend's name, and why it cannot be loaded where that is so. */
  readonly title: string;
  readonly backend: KernelBackend | null;
}

/** Leaves the current backend as it was. */
export async function compiledBackends(): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  const before = currentBackend();
  for (const name of ['native', 'wasm'] as const) {
    try {
      loaded.push({ title: name, backend: (await useBackend(name)) as KernelBackend });
    } catch (error) {
      loaded.push({ title: `(skipped: ${String(error).replaceAll('\n', ' ')}) ${name}`, backend: null });
    }
  }
  await useBackend(before);
  return loaded;
}
