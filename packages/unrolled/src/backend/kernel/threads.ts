// How many threads, and the workers that make them in WASM (natively the addon starts its own).

import { OptionError } from '../../errors.ts';
import type { Heap } from './heap.ts';
import { environment, type HostWorker, host, nodeModule, type WasmModule } from './host.ts';

const maxThreads = 64;
const stackBytes = 256 * 1024;

/** The machine's processors, or what UNROLLED_THREADS says. */
export function threadCount(): number {
  const wanted = environment('UNROLLED_THREADS');
  if (wanted !== undefined) {
    const count = Number(wanted);
    if (!Number.isInteger(count) || count < 1) {
      throw new OptionError('UNROLLED_THREADS', wanted, 'expected a whole number of at least 1');
    }
    return Math.min(count, maxThreads);
  }
  const processors = nodeModule('node:os')?.availableParallelism() ?? host.navigator?.hardwareConcurrency ?? 1;
  return Math.min(processors, maxThreads);
}

/** Whether this thread may sleep on shared memory. A page's main thread may not: there it spins. */
export function mayPark(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether `count` > 1 threads of WASM are to be had here: shared memory that a worker can be given. */
export function canShareWithWorkers(heap: Heap): boolean {
  if (!heap.shared) return false;
  if (nodeModule('node:worker_threads')) return true;
  return host.crossOriginIsolated === true && host.Worker !== undefined && host.Blob !== undefined;
}

// A worker has one instance on the same memory, a stack of its own, and stays in serve() for good.
const workerCode = `
const begin = ({ module, memory, stack }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.set_stack(stack);
  exports.serve();
};
if (typeof require === 'function') begin(require('node:worker_threads').workerData);
else onmessage = (event) => begin(event.data);
`;

/** Starts workers for the pool. They arrive when they arrive; until then calls use those that are there, with the same results. */
export function startWorkers(module: WasmModule, heap: Heap, count: number): HostWorker[] {
  const workers: HostWorker[] = [];
  const node = nodeModule('node:worker_threads');
  for (let i = 0; i < count; i++) {
    const data = { module, memory: heap.memory, stack: heap.allocate(stackBytes) + stackBytes };
    if (node) {
      const worker = new node.Worker(workerCode, { eval: true, workerData: data, execArgv: [] });
      worker.unref?.(); // a parked thread keeps no process alive
      workers.push(worker);
    } else if (host.Worker && host.Blob && host.URL) {
      const worker = new host.Worker(
        host.URL.createObjectURL(new host.Blob([workerCode], { type: 'text/javascript' })),
      );
      worker.postMessage?.(data);
      workers.push(worker);
    }
  }
  return workers;
}
