// Which kernels compute, before anything else does.

import { type Backend, currentBackend, OptionError, useBackend } from 'unrolled';

/** Takes --backend and --threads. */
export async function chooseBackend({
  backend,
  threads,
}: {
  readonly backend: string | null;
  readonly threads: number | null;
}): Promise<Backend> {
  if (threads !== null) process.env.UNROLLED_THREADS = String(threads);
  if (backend === null) return currentBackend();
  if (backend !== 'native' && backend !== 'wasm' && backend !== 'reference')
    throw new OptionError('unrolled', '--backend', `there is no ${backend}`);
  return useBackend(backend);
}

/** `native, avx512, 2 threads` */
export function describeBackend(backend: Backend): string {
  const { simd, threads } = backend.describe();
  return [backend.name, ...(simd === 'none' ? [] : [simd]), `${threads} ${threads === 1 ? 'thread' : 'threads'}`].join(
    ', ',
  );
}
