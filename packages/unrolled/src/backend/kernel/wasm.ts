// Chooses and loads a WASM build: relaxed SIMD where the host has it (its multiply-add is one rounding, as in the native build), and the variant
// whose memory can be shared with threads where that is possible.

import { BackendError } from '../../errors.ts';
import { Heap } from './heap.ts';
import { type HostWorker, host, nodeModule, type WasmModule } from './host.ts';
import { checkOperations, type Kernels } from './kernels.ts';
import { canShareWithWorkers, mayPark, startWorkers, threadCount } from './threads.ts';

declare const URL: new (path: string, base: string) => { readonly href: string };

export interface WasmOptions {
  /** Left out: 'relaxed' where the host has it. */
  readonly simd?: 'relaxed' | 'simd128';
  /** Left out: shared, except in a page that is not cross-origin isolated, where no thread could use it. */
  readonly shared?: boolean;
  readonly threads?: number;
}

/** The variants, each URL written out so that bundlers find the files. */
const files = {
  simd128: new URL('../../../wasm/simd128.wasm', import.meta.url),
  relaxed: new URL('../../../wasm/relaxed.wasm', import.meta.url),
  'simd128-shared': new URL('../../../wasm/simd128-shared.wasm', import.meta.url),
  'relaxed-shared': new URL('../../../wasm/relaxed-shared.wasm', import.meta.url),
};

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
  const fs = nodeModule('node:fs');
  const url = nodeModule('node:url');
  if (!fs || !url || !host.WebAssembly) {
    throw new BackendError("a browser loads WASM asynchronously; call `await useBackend('wasm')` first");
  }
  const bytes = fs.readFileSync(url.fileURLToPath(choice.file.href));
  return [instantiate(new host.WebAssembly.Module(bytes), choice), choice.heap];
}

/** Fetches the file (in Node: reads it). */
export async function loadWasm(options: WasmOptions = {}): Promise<[kernels: Kernels, heap: Heap]> {
  if (nodeModule('node:fs')) return loadWasmSync(options);
  const choice = choose(options);
  if (!host.fetch || !host.WebAssembly) throw new BackendError('this host can neither read files nor fetch them');
  const response = await host.fetch(choice.file.href);
  if (!response.ok) throw new BackendError(`${choice.file.href}: HTTP ${response.status}`);
  const module = await host.WebAssembly.compile(new Uint8Array(await response.arrayBuffer()));
  return [instantiate(module, choice), choice.heap];
}

interface Choice {
  readonly simd: 'relaxed' | 'simd128';
  readonly heap: Heap;
  readonly threads: number;
  readonly file: { readonly href: string };
}

function choose(options: WasmOptions): Choice {
  const best = wasmSimd();
  const simd = options.simd ?? best;
  if (best === 'none' || simd === 'none') throw new BackendError('this host has no WebAssembly SIMD');
  if (simd === 'relaxed' && best !== 'relaxed') throw new BackendError('this host has no relaxed SIMD');
  const heap = new Heap(options.shared ?? host.crossOriginIsolated !== false);
  const threads = canShareWithWorkers(heap) ? (options.threads ?? threadCount()) : 1;
  return { simd, heap, threads, file: files[heap.shared ? (`${simd}-shared` as const) : simd] };
}

function instantiate(module: WasmModule, { simd, heap, threads }: Choice): Kernels {
  if (!host.WebAssembly) throw new BackendError('this host has no WebAssembly');
  const { exports } = new host.WebAssembly.Instance(module, { env: { memory: heap.memory } });
  checkOperations('wasm', text(heap, exports.operation_names()));
  exports.configure(threads, mayPark() ? 1 : 0);
  const workers: HostWorker[] = startWorkers(module, heap, threads - 1);
  return {
    name: 'wasm',
    simd,
    threads,
    call: exports.call,
    workspace: exports.workspace,
    async ready() {
      const deadline = Date.now() + 5000;
      while (exports.pool_size() < workers.length && Date.now() < deadline) await pause();
    },
    dispose() {
      exports.configure(1, 1);
      for (const worker of workers) worker.terminate();
    },
  };
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
