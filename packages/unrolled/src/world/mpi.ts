// The processes of an MPI job as a World. The addon links no MPI: the library is looked for here, by what the launcher says, and opened by the addon
// (kernels/mpi/), which knows three binary interfaces.

import { environment, host, nodeModule } from '../backend/kernel/host.ts';
import { loadAddon, nativeCandidates } from '../backend/kernel/native.ts';
import { requireNumber } from '../checks.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding.ts';
import { checkOptions, MpiError, OptionError } from '../errors.ts';
import { allLibraries, families, type Launched, launched } from './launcher.ts';
import type { SumPlan, Sums, World } from './world.ts';

/** kernels/mpi/mpi.cpp */
interface MpiAddon {
  open(path: string): OpenedLibrary;
}

interface OpenedLibrary {
  /** What the library says of itself, in full. */
  readonly version: string;
  readonly abi: string;
  join(deadline: number): Promise<Job>;
}

interface Job {
  readonly rank: number;
  readonly size: number;
  gather(bytes: Uint8Array): Promise<ArrayBuffer[]>;
  sums(lengths: Uint32Array, owners: Int32Array, pairs: Uint32Array): Sums;
  name(names: readonly string[]): void;
  hurry(): void;
  leave(): Promise<void>;
  abort(code: number): void;
}

/** A library of MPI that is here. */
export interface MpiLibrary {
  /** Its path or name, as it was opened. */
  readonly path: string;
  /** The first line of what it says of itself: `Open MPI v4.1.4, package: …`. */
  readonly version: string;
  /** 'MPICH', 'Open MPI' or 'MPI-5 standard'. */
  readonly abi: string;
}

/** A process of an MPI job. */
export interface MpiWorld extends World {
  readonly library: MpiLibrary;
  /** Who started the job, for people. */
  readonly launcher: string;
  /** Of each rank, `process 1234 on node7`. */
  readonly places: readonly string[];
  /** The job is to end, and this process was told so: one that is not heard of is waited for no longer than half as long. */
  hurry(): void;
  /** Waits for all, and leaves the job. A process that ends of itself without an error does it too. */
  leave(): Promise<void>;
  /** Ends the processes of the whole job, this one included. One that exits with an error does it too. */
  abort(code?: number): void;
}

/** Options of `joinWorld`. */
export interface JoinOptions {
  /** Seconds after which a process that is not heard of ends the job. Default 1.5. */
  readonly timeout?: number;
}

let joined: Promise<MpiWorld | null> | null = null;

/**
 * Joins the processes that `mpirun`, `srun` or a like launcher started with this one. Null where it was started alone.
 *
 *     const world = await joinWorld();
 *     await fit(task, { optimizer, steps: 1000, shards: 8, reduce: world });
 *
 * Every process runs the same program. The library of MPI is found at run time; UNROLLED_MPI says which: a path, `openmpi`, `mpich`, `abi`, or `off`.
 * Rejects with an MpiError that lists what was tried where there is none, and for a library that is not the launcher's.
 */
export async function joinWorld(options: JoinOptions = {}): Promise<MpiWorld | null> {
  checkOptions('joinWorld', options, ['timeout']);
  const { timeout = 1.5 } = options;
  requireNumber('joinWorld', 'timeout', timeout, { low: 0.5, high: 3600 });
  joined ??= join(timeout);
  return joined;
}

/** The library that `joinWorld` would take, and those that were tried before it. Starts nothing. Throws an MpiError where there is none. */
export function findMpi(): MpiLibrary {
  const { path, opened } = find(launched());
  return describeLibrary(path, opened);
}

async function join(timeout: number): Promise<MpiWorld | null> {
  const start = launched();
  if (start === null || start.size === 1 || environment('UNROLLED_MPI') === 'off') return null;
  const { path, opened } = find(start);
  let job: Job;
  try {
    job = await opened.join(timeout);
  } catch (error) {
    throw new MpiError(`${path} could not join the job`, [(error as Error).message]);
  }
  const world = new Mpi(job, describeLibrary(path, opened), start.by);
  if (start.size !== null && job.size !== start.size) throw new MpiError(otherLibrary(start, world));
  if (job.size === 1) {
    await world.leave();
    return null;
  }
  await world.introduce();
  endWithProcess(world);
  return world;
}

/** The classic of every forum: N jobs of one rank instead of one of N. */
function otherLibrary({ by, size }: Launched, { library, size: own }: MpiWorld): string {
  return `${by} started ${size} processes, and ${library.path} (${library.version}) knows of ${own}: it is not the library of this launcher. Start the job with the launcher of ${library.abi}, or name the launcher's library: UNROLLED_MPI=openmpi, UNROLLED_MPI=mpich or UNROLLED_MPI=/path/to/libmpi.so`;
}

function find(start: Launched | null): { readonly path: string; readonly opened: OpenedLibrary } {
  const mpi = addon();
  // UCX, which some libraries bring, reads these when it is loaded. SIGSEGV is not there: V8 catches it, for WebAssembly's bounds.
  setUnlessSet('UCX_ERROR_SIGNALS', 'SIGILL,SIGBUS,SIGFPE');
  // Its hooks rewrite brk and mmap in memory while V8's threads are calling them: on a busy machine one rank in twenty ended with SIGSEGV.
  setUnlessSet('UCX_MEM_EVENTS', 'n');
  setUnlessSet('ZES_ENABLE_SYSMAN', '1');
  const attempts: string[] = [];
  for (const path of candidates(start)) {
    try {
      return { path: path || 'the process itself', opened: mpi.open(path) };
    } catch (error) {
      const reason = (error as Error).message.split('\n')[0];
      if (path !== '') attempts.push(`${path}: ${reason.replace(`${path}: `, '')}`);
    }
  }
  throw new MpiError(
    'no library of MPI can be loaded; install one (apt-get install openmpi-bin, or mpich; on a cluster, load its module), or say where it is: UNROLLED_MPI=/path/to/libmpi.so',
    attempts,
  );
}

/** Names and paths to try; an empty one is what the process has loaded already. */
function candidates(start: Launched | null): readonly string[] {
  const asked = environment('UNROLLED_MPI');
  if (asked === undefined || asked === 'off') return ['', ...(start?.libraries ?? allLibraries)];
  if (Object.hasOwn(families, asked)) return families[asked];
  if (asked.includes('/')) return [asked];
  throw new OptionError('joinWorld', 'UNROLLED_MPI', `expected a path, openmpi, mpich, abi or off, got ${asked}`);
}

function addon(): MpiAddon {
  const attempts: string[] = [];
  for (const candidate of nativeCandidates()) {
    try {
      const { mpi } = loadAddon(candidate) as { mpi?: MpiAddon };
      if (mpi) return mpi;
      attempts.push(`${candidate}: has no MPI; build it again: npx unrolled native build --force`);
    } catch (error) {
      attempts.push(`${candidate}: ${(error as Error).message}`);
    }
  }
  throw new MpiError('several processes need the native addon, and it cannot be loaded', attempts);
}

function describeLibrary(path: string, { version, abi }: OpenedLibrary): MpiLibrary {
  // MPICH: a table, one line of which says the version.
  const [line] = version.split('\n');
  const table = /MPICH Version:\s*(\S+)/.exec(version);
  return { path, abi, version: table ? `MPICH ${table[1]}` : line.split(', ')[0].trim() };
}

function setUnlessSet(name: string, value: string): void {
  const { process } = host;
  if (process && !process.env[name]) process.env[name] = value;
}

/** Node has nothing left to do: this process waits for the others, and leaves. One that failed takes them along, who would wait for it. */
function endWithProcess(world: Mpi): void {
  const { process } = host;
  process?.once?.('beforeExit', () => {
    if (process.exitCode) world.abort(Number(process.exitCode));
    else void world.leave();
  });
  process?.once?.('exit', (code) => world.abort(code || 1));
}

class Mpi implements MpiWorld {
  readonly rank: number;
  readonly size: number;
  readonly library: MpiLibrary;
  readonly launcher: string;
  readonly #job: Job;
  #left = false;
  #places: readonly string[] = [];

  constructor(job: Job, library: MpiLibrary, launcher: string) {
    this.#job = job;
    this.rank = job.rank;
    this.size = job.size;
    this.library = library;
    this.launcher = launcher;
  }

  get places(): readonly string[] {
    return this.#places;
  }

  /** Tells all where this process is, for messages about it. */
  async introduce(): Promise<void> {
    const place = `process ${host.process?.pid} on ${nodeModule('node:os')?.hostname()}`;
    this.#places = (await this.gather(encodeUtf8(place))).map(decodeUtf8);
    this.#job.name(this.#places.map((one) => ` (${one})`));
  }

  async gather(bytes: Uint8Array): Promise<Uint8Array[]> {
    return (await this.#job.gather(bytes)).map((buffer) => new Uint8Array(buffer));
  }

  sums({ lengths, owners, additions }: SumPlan): Sums {
    return this.#job.sums(Uint32Array.from(lengths), Int32Array.from(owners), Uint32Array.from(additions.flat()));
  }

  hurry(): void {
    if (!this.#left) this.#job.hurry();
  }

  async leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    await this.#job.gather(new Uint8Array(0));
    await this.#job.leave();
  }

  abort(code = 1): void {
    if (!this.#left) this.#job.abort(code);
  }
}
