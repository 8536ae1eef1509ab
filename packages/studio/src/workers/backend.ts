// The kernels of a worker, loaded once.

import { useBackend } from 'unrolled';

type Kernels = { readonly threads: number; readonly simd: string };

let loading: Promise<Kernels> | undefined;

/** Loads the kernels: threads where the page is isolated, one thread elsewhere, and the same results. */
export function backend(threads?: number): Promise<Kernels> {
  loading ??= useBackend('wasm', threads === undefined ? {} : { threads }).then((taken) => taken.describe());
  return loading;
}
