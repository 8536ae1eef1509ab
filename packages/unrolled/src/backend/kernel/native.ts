// Finds and loads the Node addon. Anything that keeps it from being used is an error with the reason, for the report of load.ts.

import { BackendError } from '../../errors.ts';
import type { Heap } from './heap.ts';
import { host, nodeModule } from './host.ts';
import { checkOperations, type Kernels } from './kernels.ts';
import { finders, packageFolders } from './package-files.ts';
import { threadCount } from './threads.ts';

/** kernels/addon.cpp */
interface Addon {
  attach(heap: Uint8Array, level: string, threads: number): Attachment;
  operationNames(): string;
}

interface Attachment {
  readonly level: string;
  call(operation: number, offset: number): number;
  workspace(operation: number, offset: number): number;
  moved(heap: Uint8Array): void;
  detach(): void;
}

/** Where an addon may be: what was built here, then the package for this platform. */
export function nativeCandidates(): string[] {
  const { platform = '', arch = '' } = host.process ?? {};
  const builds = packageFolders().map((folder) => `${folder}build/unrolled.node`);
  return [...builds, `@unrolled/native-${platform}-${arch}`];
}

export interface NativeOptions {
  /** 'avx512', 'avx2' or 'neon'; the best that the processor has when left out. */
  readonly simd?: string;
  readonly threads?: number;
}

/** Loads the addon at `candidate`, a package name or a file URL. Throws a BackendError that says what is wrong with it. */
export function loadNative(candidate: string, heap: Heap, options: NativeOptions = {}): Kernels {
  const threads = options.threads ?? threadCount();
  const addon = loadAddon(candidate) as Addon;
  checkOperations(candidate, addon.operationNames());
  const attached = attach(addon, heap, options.simd ?? '', threads);
  heap.onGrow = () => attached.moved(new Uint8Array(heap.memory.buffer));
  return {
    name: 'native',
    simd: attached.level,
    threads,
    call: attached.call,
    workspace: attached.workspace,
    ready: async () => {},
    dispose: attached.detach,
  };
}

function attach(addon: Addon, heap: Heap, level: string, threads: number): Attachment {
  try {
    return addon.attach(new Uint8Array(heap.memory.buffer), level, threads);
  } catch (error) {
    throw new BackendError((error as Error).message);
  }
}

/** What the addon at `candidate`, a package name or a file URL, exports. Throws a BackendError that says why it cannot be loaded. */
export function loadAddon(candidate: string): unknown {
  const url = nodeModule('node:url');
  const fs = nodeModule('node:fs');
  const found = finders();
  if (found.length === 0 || !url || !fs) throw new BackendError('not in Node');
  const isFile = candidate.startsWith('file:');
  const path = isFile ? url.fileURLToPath(candidate) : candidate;
  if (isFile && !fs.existsSync(path)) throw new BackendError('not built (npx unrolled native build makes it)');
  let reason = 'not installed';
  for (const { load } of found) {
    try {
      return load(path);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code !== 'MODULE_NOT_FOUND') reason = message.split('\n')[0];
    }
  }
  throw new BackendError(reason);
}
