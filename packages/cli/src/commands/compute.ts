// Which kernels compute, before anything else does.

import { type Backend, currentBackend, OptionError, useBackend } from 'unrolled';
import { t } from '../language/index.ts';

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
  return [backend.name, ...(simd === 'none' ? [] : [simd]), threads === 1 ? t('1 thread') : t`${threads} threads`].join(
    ', ',
  );
}
