// Chooses and loads a WASM build: relaxed SIMD where the host has it (its multiply-add is one rounding, as in the native build), and the variant
// whose memory can be shared with threads where that is possible.

import { BackendError, checkOptions, OptionError } from '../../errors.ts';
import { shown } from '../../shown.ts';
import { Heap } from './heap.ts';
import { host, nodeModule, type WasmInstance, type WasmModule, type WebAssemblyHost } from './host.ts';
import { checkOperations, type Kernels } from './kernels.ts';
import type { WasmVariant } from './package-files.ts';
import { canShareWithWorkers, mayPark, mostThreads, startWorkers, threadCount } from './threads.ts';
import {
  addressOf,
  checkSource,
  findModule,
  findModuleSync,
  type FoundModule,
  type WasmSource,
} from './wasm-module.ts';

/** How WASM is loaded. Everything may be left out: the package finds its files, and the host decides. */
export interface WasmOptions extends WasmSource {
  /** Left out: 'relaxed' where the host has it. */
  readonly simd?: 'relaxed' | 'simd128';
  /** Left out: shared, except in a page that is not cross-origin isolated, where no thread could use it. */
  readonly shared?: boolean;
  /** At most 64. Left out: the machine's processors, or UNROLLED_THREADS. */
  readonly threads?: number;
  /** The address of the package's dist/backend/kernel/worker.js at the page's own origin, for a policy that allows no worker from a blob. */
  readonly worker?: string | { readonly href: string };
}

// Two modules of one function each, () → v128: a splat; and a relaxed multiply-add of three splats.
const magic = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00,
];
const splat = [0x41, 0x00, 0xfd, 0x0f];
const simdProbe = new Uint8Array([...magic, 0x0a, 0x08, 0x01, 0x06, 0x00, ...splat, 0x0b]);
const relaxedProbe = new Uint8Array([
  ...magic,
  0x0a,
  0x13,
  0x01,
  0x11,
  0x00,
  ...splat,
  ...splat,
  ...splat,
  0xfd,
  0x85,
  0x02,
  0x0b,
]);

/** The SIMD level of this host: Node 20 has relaxed SIMD behind a flag, which may be set while running. */
export function wasmSimd(): 'relaxed' | 'simd128' | 'none' {
  const wasm = host.WebAssembly;
  if (!wasm?.validate(simdProbe)) return 'none';
  if (wasm.validate(relaxedProbe)) return 'relaxed';
  nodeModule('node:v8')?.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return wasm.validate(relaxedProbe) ? 'relaxed' : 'simd128';
}

/** Reads the file at once, as only Node can, and is ready for calls when it returns. */
export function loadWasmSync(options: WasmOptions = {}): [kernels: Kernels, heap: Heap] {
  const choice = choose(options);
  return instantiate(findModuleSync(options, choice.variant), choice, options);
}

/** Fetches the file (in Node: reads it), or takes it from where the options say. */
export async function loadWasm(options: WasmOptions = {}): Promise<[kernels: Kernels, heap: Heap]> {
  const choice = choose(options);
  return instantiate(await findModule(options, choice.variant), choice, options);
}

const optionNames = ['url', 'bytes', 'module', 'simd', 'shared', 'threads', 'worker'];

/** Throws an OptionError unless the options can be used, whatever the host. */
export function checkWasmOptions(who: string, options: WasmOptions): void {
  checkOptions(who, options, optionNames);
  checkSource(who, options);
  const { module, simd, shared, threads, worker } = options;
  if (simd !== undefined && simd !== 'relaxed' && simd !== 'simd128')
    throw new OptionError(who, 'simd', `expected 'relaxed' or 'simd128', got ${shown(simd)}`);
  if (module && !simd) throw new OptionError(who, 'module', "say which build it is: simd: 'relaxed' or 'simd128'");
  if (shared !== undefined && typeof shared !== 'boolean')
    throw new OptionError(who, 'shared', `expected true or false, got ${shown(shared)}`);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= mostThreads))
    throw new OptionError(who, 'threads', `expected a whole number from 1 to ${mostThreads}, got ${shown(threads)}`);
  if (worker !== undefined && addressOf(worker) === undefined)
    throw new OptionError(who, 'worker', `expected the address of worker.js, got ${shown(worker)}`);
}

interface Choice {
  readonly simd: 'relaxed' | 'simd128';
  readonly heap: Heap;
  readonly variant: WasmVariant;
}

function choose(options: WasmOptions): Choice {
  const best = wasmSimd();
  const simd = options.simd ?? best;
  if (best === 'none' || simd === 'none') throw new BackendError('this host has no WebAssembly SIMD');
  if (simd === 'relaxed' && best !== 'relaxed') throw new BackendError('this host has no relaxed SIMD');
  const heap = new Heap(options.shared ?? host.crossOriginIsolated !== false);
  return { simd, heap, variant: heap.shared ? `${simd}-shared` : simd };
}

function instantiate(found: FoundModule, choice: Choice, options: WasmOptions): [kernels: Kernels, heap: Heap] {
  const { module } = found;
  const [{ exports }, heap] = withMemory(module, choice.heap);
  checkOperations('wasm', text(heap, exports.operation_names()));
  const wanted = canShareWithWorkers(heap) ? (options.threads ?? threadCount()) : 1;
  exports.configure(wanted, mayPark() ? 1 : 0);
  const workers = startWorkers(module, heap, wanted - 1, addressOf(options.worker));
  let settled = false;
  const kernels: Kernels = {
    name: 'wasm',
    simd: found.simd ?? choice.simd,
    get threads() {
      return settled ? 1 + exports.pool_size() : wanted;
    },
    get problem() {
      return settled && workers.failed > 0 ? `${workers.failed} of ${workers.count} workers: ${workers.problem}` : null;
    },
    call: exports.call,
    workspace: exports.workspace,
    async ready() {
      const deadline = Date.now() + 5000;
      while (exports.pool_size() < workers.count - workers.failed && Date.now() < deadline) await pause();
      settled = true;
    },
    dispose() {
      exports.configure(1, 1);
      workers.end();
    },
  };
  return [kernels, heap];
}

/** An instance on this memory, or on memory of the other kind: a file that was named may be either. */
function withMemory(module: WasmModule, chosen: Heap): [instance: WasmInstance, heap: Heap] {
  const { Instance } = host.WebAssembly as WebAssemblyHost;
  const on = (heap: Heap): [WasmInstance, Heap] => [new Instance(module, { env: { memory: heap.memory } }), heap];
  try {
    return on(chosen);
  } catch (error) {
    const other = new Heap(!chosen.shared);
    if (other.shared === chosen.shared) throw error;
    return on(other);
  }
}

/** The zero-terminated ASCII string at `pointer`. */
function text(heap: Heap, pointer: number): string {
  const bytes = new Uint8Array(heap.memory.buffer);
  return String.fromCharCode(...bytes.subarray(pointer, bytes.indexOf(0, pointer)));
}

/** One turn of the event loop. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    (globalThis as unknown as { setTimeout(f: () => void, ms: number): void }).setTimeout(resolve, 1);
  });
}
