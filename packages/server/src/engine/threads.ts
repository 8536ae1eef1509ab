// Where a host computes: in a worker thread, or in this one. Both take orders and give reports; the engine does not know which it has.

import type { BackendName, Order, Report, Seen } from './messages.ts';

/** A thread that computes. */
export interface ComputeThread {
  send(order: Order): void;
  /** Ends it: `onEnd` is called as if it had died. */
  end(): Promise<void>;
}

/** What the engine wants to hear of a thread. */
export interface ThreadListener {
  onReport(report: Report): void;
  /** Called once, when the thread is no more; `problem` says why. */
  onEnd(problem: string): void;
}

/** Starts a thread. */
export type StartThread = (listener: ThreadListener) => ComputeThread;

export interface WorkerOptions {
  readonly backend?: BackendName;
  /** Threads of the kernels. Default: one a processor. */
  readonly threads?: number;
  /** The program, where it is not the one beside this file. */
  readonly program?: URL;
}

/** Worker threads, or null in a runtime that has none. */
export function workerThreads({ backend, threads, program }: WorkerOptions): StartThread | null {
  const node = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (!node?.Worker) return null;
  const url = program ?? new URL('./compute/worker.js', import.meta.url);
  const env = { ...process.env, ...(threads === undefined ? {} : { UNROLLED_THREADS: String(threads) }) };
  return ({ onReport, onEnd }) => {
    const worker = new node.Worker(url, {
      workerData: { backend },
      env,
      execArgv: [],
      name: 'unrolled',
      // What a step makes is gone when the next one begins: a young generation of 48 MB would only be memory.
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
    });
    let problem = 'it ended';
    let ended = false;
    const end = () => {
      if (!ended) onEnd(problem);
      ended = true;
    };
    worker.on('message', (report: Report) => {
      onReport(report);
      // Not before everything else had its turn: Node takes messages as long as there are more, a thousand before it looks at a connection.
      if (report.type === 'step') setImmediate(() => !ended && worker.postMessage({ type: 'seen' } satisfies Seen));
    });
    worker.on('messageerror', (error) => {
      problem = error.message;
      void worker.terminate();
    });
    worker.on('error', (error) => {
      problem = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', end);
    return {
      send: (order) => worker.postMessage(order),
      end: async () => {
        await worker.terminate();
        end();
      },
    };
  };
}

/** This thread: what is computed keeps the event loop waiting, a step at a time. */
export function thisThread(backend?: BackendName): StartThread {
  return ({ onReport, onEnd }) => {
    let ended = false;
    const post = (report: Report): void => {
      if (!ended) queueMicrotask(() => !ended && onReport(report));
    };
    const host = import('./compute/host.ts').then(({ beginComputing }) => beginComputing(post, backend));
    host.catch((error: unknown) => onEnd((error as Error).message));
    return {
      // An order to a host that could not begin is lost with it: `onEnd` has told why.
      send: (order) =>
        void host.then(
          (it) => ended || it.receive(order),
          () => {},
        ),
      async end() {
        if (ended) return;
        ended = true;
        onEnd('it ended');
      },
    };
  };
}
