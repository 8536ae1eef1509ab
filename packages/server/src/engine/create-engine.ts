// An engine for runs: threads that compute, runs that are opened in them, and the calls.
//
//   one run, several threads     it is opened in each; requests go to the one with the fewest
//   several runs, one thread     all are opened in it, and take turns; more threads, fewer runs in each

import { OptionError, suggest } from 'unrolled';
import type { RunSource } from 'unrolled/pipelines';
import type { Engine } from './engine.ts';
import { type EngineLimits, limitsOf } from './limits.ts';
import type { BackendName } from './messages.ts';
import { RunEngine } from './run-engine.ts';
import { namedRuns } from './runs.ts';
import { type StartThread, thisThread, workerThreads } from './threads.ts';
import { watchRuns } from './watch.ts';

/** Options of `createEngine`. */
export interface EngineOptions {
  /** Folders or URLs of runs, or NAME=folder; or sources by the names that requests give them. In worker threads sources are texts. */
  readonly runs: readonly string[] | Readonly<Record<string, RunSource>>;
  /** Threads that compute; 0 for the calling one. Default: one for each run, at most one a processor; 0 in a runtime without threads. */
  readonly workers?: number;
  /** Threads of the kernels in each of them. Default: one a processor. */
  readonly threads?: number;
  /** Backend in all of them. Default: the best there is. */
  readonly backend?: BackendName;
  /** Requests of a run that run at the same time in one thread: rows of its batch. Default 256. */
  readonly maxRows?: number;
  /** Requests of a run that wait. Default 256. */
  readonly maxQueue?: number;
  readonly limits?: Partial<EngineLimits>;
  /** Which checkpoint is served. Default 'best'. */
  readonly checkpoint?: 'best' | 'last';
  /** Whether a new checkpoint in a run's folder is served as soon as it is there. Default false. */
  readonly watch?: boolean;
  /** Program of the worker threads, where it is not found beside the engine: in a bundle. */
  readonly program?: URL;
  /** Starts a thread, where neither worker threads nor the calling one are meant. */
  readonly start?: StartThread;
}

const who = 'createEngine';
const names = [
  'runs',
  'workers',
  'threads',
  'backend',
  'maxRows',
  'maxQueue',
  'limits',
  'checkpoint',
  'watch',
  'program',
  'start',
];

/** Opens runs and starts what computes. Rejects with the RunError of a run that cannot be opened, and with an OptionError. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  if (typeof options !== 'object' || options === null)
    throw new OptionError(who, 'options', "expected an object such as { runs: ['runs/my'] }");
  for (const name of Object.keys(options))
    if (!names.includes(name)) throw new OptionError(who, name, `unknown option; ${suggest(name, names)}`);
  const { maxRows = 256, maxQueue = 256, checkpoint = 'best', watch = false, threads } = options;
  const limits = limitsOf(options.limits);
  for (const [name, value, least] of [
    ['maxRows', maxRows, 1],
    ['maxQueue', maxQueue, 0],
    ['threads', threads ?? 1, 1],
  ] as const)
    if (!(Number.isSafeInteger(value) && value >= least))
      throw new OptionError(who, name, `expected a whole number from ${least}, got ${String(value)}`);
  const runs = namedRuns(options.runs);
  const { start, count, isHere } = threadsOf(options, runs.size);
  for (const [id, source] of runs) if (!isHere) requireText(id, source);
  const engine = new RunEngine(start, count, limits);
  try {
    await engine.open(runs, { checkpoint, rows: maxRows, maxQueue });
  } catch (error) {
    await engine.close();
    throw error;
  }
  if (watch) engine.onClose = watchRuns(runs, (id) => engine.reload(id));
  return engine;
}

/** What is in memory stays where it is. */
function requireText(id: string, source: RunSource): void {
  if (typeof source === 'string') return;
  const problem = 'a worker thread opens a folder or a URL, given as a text; workers: 0 opens what is in memory';
  throw new OptionError(who, 'runs', `${id}: ${problem}`);
}

function threadsOf(
  { workers, backend, threads, program, start: own }: EngineOptions,
  runs: number,
): { start: StartThread; count: number; isHere: boolean } {
  if (workers !== undefined && !(Number.isSafeInteger(workers) && workers >= 0 && workers <= 256))
    throw new OptionError(who, 'workers', `expected a whole number from 0 to 256, got ${String(workers)}`);
  const start = own ?? (workers === 0 ? null : workerThreads({ backend, threads, program }));
  if (!start) {
    if (workers)
      throw new OptionError(who, 'workers', 'this runtime has no worker threads; give 0 to compute in this one');
    return { start: thisThread(backend), count: 1, isHere: true };
  }
  const processors = globalThis.process?.getBuiltinModule?.('node:os')?.availableParallelism() ?? 2;
  return { start, count: workers ?? Math.max(1, Math.min(runs, processors)), isHere: false };
}
