// How many threads, and the workers that make them in WASM (natively the addon starts its own).

import { BackendError, OptionError } from '../../errors.ts';
import type { Heap } from './heap.ts';
import { environment, type HostWorker, host, nodeModule, type WasmMemory, type WasmModule } from './host.ts';

/** The slots of the pool. */
export const mostThreads = 64;
const stackBytes = 256 * 1024;

/** The machine's processors, or what UNROLLED_THREADS says. */
export function threadCount(): number {
  const wanted = environment('UNROLLED_THREADS');
  if (wanted !== undefined) {
    const count = Number(wanted);
    if (!Number.isInteger(count) || count < 1) {
      throw new OptionError('UNROLLED_THREADS', wanted, 'expected a whole number of at least 1');
    }
    return Math.min(count, mostThreads);
  }
  const processors = nodeModule('node:os')?.availableParallelism() ?? host.navigator?.hardwareConcurrency ?? 1;
  return Math.min(processors, mostThreads);
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
  return host.crossOriginIsolated === true && host.Worker !== undefined;
}

// A worker has one instance on the same memory, a stack of its own, and stays in serve() for good. worker.ts is the same as a file.
const workerCode = `
const begin = ({ module, memory, stack }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  exports.set_stack(stack);
  exports.serve();
};
if (typeof require === 'function') begin(require('node:worker_threads').workerData);
else onmessage = (event) => begin(event.data);
`;

/** The workers of a pool. */
export interface Workers {
  readonly count: number;
  /** Workers that cannot be had: no way to start them is left. */
  readonly failed: number;
  /** Why the first of them could not. */
  readonly problem: string | null;
  end(): void;
}

interface Orders {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly stack: number;
}

/** Starts workers for the pool. They arrive when they arrive; until then calls use those that are there, with the same results. */
export function startWorkers(module: WasmModule, heap: Heap, count: number, file?: string): Workers {
  const running = new Set<HostWorker>();
  let [failed, problem] = [0, null as string | null];
  const fail = (reason: string) => {
    failed++;
    problem ??= reason;
  };
  for (let i = 0; i < count; i++) {
    const orders = { module, memory: heap.memory, stack: heap.allocate(stackBytes) + stackBytes };
    start(nodeModule('node:worker_threads') ? [fromNode] : waysOfPages(file), orders, running, fail);
  }
  return {
    count,
    get failed() {
      return failed;
    },
    get problem() {
      return problem;
    },
    end() {
      for (const worker of running) worker.terminate();
    },
  };
}

type Start = (orders: Orders) => HostWorker;

const fromNode: Start = (workerData) => {
  const { Worker } = nodeModule('node:worker_threads') as { Worker: NodeWorker };
  const worker = new Worker(workerCode, { eval: true, workerData, execArgv: [] });
  worker.unref?.(); // a parked thread keeps no process alive
  return worker;
};
type NodeWorker = new (code: string, options: { eval: true; workerData: unknown; execArgv: string[] }) => HostWorker;

/** A blob needs no file and no bundler; a policy may forbid it, and then there is the package's file, if it is of the page's origin. */
function waysOfPages(file: string | undefined): Start[] {
  const posted = (make: () => HostWorker): Start => {
    return (orders) => {
      const worker = make();
      worker.postMessage?.(orders);
      return worker;
    };
  };
  const { Worker: Other } = host;
  if (file !== undefined) return Other ? [posted(() => new Other(file, { type: 'module' }))] : [];
  return [
    posted(fromBlob),
    // Written as bundlers want to see it, who then copy the file.
    posted(() => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })),
  ];
}

declare const URL: new (path: string, base: string) => { readonly href: string };
declare const Worker: new (url: InstanceType<typeof URL>, options: { type: 'module' }) => HostWorker;

function fromBlob(): HostWorker {
  const { Blob, URL: urls, Worker: Page } = host;
  if (!Blob || !urls || !Page) throw new BackendError('this host has no workers');
  return new Page(urls.createObjectURL(new Blob([workerCode], { type: 'text/javascript' })));
}

/** Starts a worker in the first way that works. An error may come at once or, where a policy forbids, later. */
function start(
  [way, ...others]: readonly Start[],
  orders: Orders,
  running: Set<HostWorker>,
  fail: (why: string) => void,
) {
  const next = (why: string) => (others.length > 0 ? start(others, orders, running, fail) : fail(why));
  if (!way) return fail('this host has no workers');
  try {
    const worker = way(orders);
    running.add(worker);
    const gone = (message: string | undefined) => {
      running.delete(worker);
      next(message || 'the page may not start a worker; see worker-src of its Content-Security-Policy');
    };
    worker.on?.('error', ({ message }) => gone(message));
    if (!worker.on)
      worker.onerror = (event) => {
        event.preventDefault?.();
        gone(event.message);
      };
  } catch (error) {
    next(error instanceof Error ? error.message : String(error));
  }
}
