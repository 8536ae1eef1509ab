// Which backend is used. In Node the first that works, taken when it is first needed: the platform's package, a local build, WASM.
// UNROLLED_BACKEND overrides that; a browser calls `await useBackend('wasm')` once, since it must fetch the file.
// What was tried, and why it was not taken, is kept for `backendReport()`. The reference backend is never a fallback: it must be asked for.

import { requireFunction, requireObject } from '../checks.ts';
import { BackendError, OptionError, suggest } from '../errors.ts';
import type { Backend } from './backend.ts';
import { Heap } from './kernel/heap.ts';
import { environment, host } from './kernel/host.ts';
import { KernelBackend } from './kernel/kernel-backend.ts';
import type { Kernels } from './kernel/kernels.ts';
import { loadNative, nativeCandidates } from './kernel/native.ts';
import { checkWasmOptions, loadWasm, loadWasmSync, type WasmOptions } from './kernel/wasm.ts';
import { ReferenceBackend } from './reference/reference.ts';

export type BackendName = 'reference' | 'native' | 'wasm';
const backendNames: readonly BackendName[] = ['reference', 'native', 'wasm'];

export interface BackendAttempt {
  /** `native: ../build/unrolled.node` */
  readonly what: string;
  /** 'taken', or why not. */
  readonly outcome: string;
}

export interface BackendReport {
  /** `native, avx512, 2 threads`, or null when none was needed yet. */
  readonly taken: string | null;
  readonly attempts: readonly BackendAttempt[];
}

let current: Backend | undefined;
let attempts: BackendAttempt[] = [];

/**
 * Makes a backend the current one: by name, or one that you have made. Resolves when it is ready, its threads included.
 * For 'wasm', `options` say where the file is (`url`, `bytes` or `module`), for bundles and pages that cannot find it.
 * Throws a BackendError that says what was tried when it cannot be loaded; the backend before then stays.
 */
export async function useBackend(backend: BackendName | Backend, options: WasmOptions = {}): Promise<Backend> {
  const isWasm = typeof backend === 'string' && splitName(backend).name === 'wasm';
  if (isWasm) checkWasmOptions('useBackend', options);
  else
    for (const name of Object.keys(Object(options)))
      throw new OptionError('useBackend', name, "only 'wasm' takes options");
  let chosen: Backend | undefined;
  if (typeof backend !== 'string') {
    chosen = backend;
  } else if (isWasm) {
    attempts = [];
    const settings = { ...wasmOptions(splitName(backend).level), ...options };
    chosen = await attemptAsync('wasm', async () => kernelBackend(await loadWasm(settings)));
    if (!chosen) throw failure(backend);
  } else {
    chosen = load(backend);
  }
  current = chosen;
  if (chosen instanceof KernelBackend) {
    const { kernels } = chosen;
    await kernels.ready();
    const last = attempts.at(-1);
    if (kernels.problem && last?.outcome === 'taken')
      attempts[attempts.length - 1] = { ...last, outcome: `taken, without ${kernels.problem}` };
  }
  return chosen;
}

/** The backend for tensors that are made now. The first call in Node loads one; a browser must have called `useBackend`. */
export function currentBackend(): Backend {
  current ??= load(environment('UNROLLED_BACKEND'));
  return current;
}

let loading: Promise<Backend> | undefined;

/** The current backend; where none was taken yet, the best that there is, fetched where it must be: WASM in a page. */
export async function readyBackend(): Promise<Backend> {
  if (current) return current;
  if (host.process?.getBuiltinModule) return currentBackend();
  loading ??= useBackend('wasm').finally(() => {
    loading = undefined;
  });
  return loading;
}

/** Runs `body` with another current backend, and restores the one before: `withBackend(new ReferenceBackend(), () => …)`. */
export function withBackend<R>(backend: Backend, body: () => R): R {
  requireObject('withBackend', 'backend', backend, ['name', 'allocate']);
  requireFunction('withBackend', 'body', body);
  const before = current;
  current = backend;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** What was taken, and what was tried before it. */
export function backendReport(): BackendReport {
  if (!current) return { taken: null, attempts };
  const { threads, simd } = current.describe();
  return { taken: `${current.name}, ${simd}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`, attempts };
}

/** `name` is a backend, or a backend and its SIMD level (`native:avx2`, `wasm:simd128`); the best there is when left out. */
function load(name: string | undefined): Backend {
  attempts = [];
  const wanted = name === undefined ? undefined : splitName(name);
  if (wanted?.name === 'reference') {
    attempts.push({ what: 'reference', outcome: 'taken' });
    return new ReferenceBackend();
  }
  if (wanted?.name !== 'wasm') {
    for (const candidate of nativeCandidates()) {
      const backend = attempt(`native: ${candidate}`, () => {
        const heap = new Heap();
        return kernelBackend([loadNative(candidate, heap, { simd: wanted?.level }), heap]);
      });
      if (backend) return backend;
    }
  }
  if (wanted?.name !== 'native') {
    const backend = attempt('wasm', () => kernelBackend(loadWasmSync(wasmOptions(wanted?.level))));
    if (backend) return backend;
  }
  throw failure(name);
}

const kernelBackend = ([kernels, heap]: [Kernels, Heap]): KernelBackend => new KernelBackend(kernels, heap);

function attempt(what: string, make: () => Backend): Backend | undefined {
  try {
    const backend = make();
    attempts.push({ what, outcome: 'taken' });
    return backend;
  } catch (error) {
    attempts.push({ what, outcome: reason(error) });
    return undefined;
  }
}

async function attemptAsync(what: string, make: () => Promise<Backend>): Promise<Backend | undefined> {
  try {
    const backend = await make();
    attempts.push({ what, outcome: 'taken' });
    return backend;
  } catch (error) {
    attempts.push({ what, outcome: reason(error) });
    return undefined;
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function failure(name: string | undefined): BackendError {
  return new BackendError(
    `could not load ${name === undefined ? 'any backend' : `the ${name} backend`}`,
    attempts.map(({ what, outcome }) => `${what}: ${outcome}`),
  );
}

function splitName(text: string): { name: BackendName; level: string | undefined } {
  const [name, level] = text.split(':');
  if (!backendNames.includes(name as BackendName)) {
    throw new OptionError('useBackend', text, `unknown backend; ${suggest(name, backendNames)}`);
  }
  return { name: name as BackendName, level };
}

function wasmOptions(level: string | undefined): WasmOptions {
  if (level === undefined) return {};
  if (level === 'relaxed' || level === 'simd128') return { simd: level };
  throw new OptionError('useBackend', `wasm:${level}`, 'expected wasm:relaxed or wasm:simd128');
}
