// The processes of one training command, where a launcher started several: they read the same data, compute their shards, and have one screen and one
// run folder, which are the first one's. Whatever one of them cannot do, none does.

import { readFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { NonFiniteError, OptionError, UnrolledError } from 'unrolled';
import { joinWorld, launched, type MpiWorld } from 'unrolled/world';
import { RefusedFile } from '../files/index.ts';
import { ToldElsewhere } from '../interrupt.ts';
import { version } from '../version.ts';
import { difference } from './config.ts';
import { t } from '../language/index.ts';

/** Processes that do not fit together, or one of which failed: `rank 2: …`. */
export class RankError extends UnrolledError {
  override name = 'RankError';

  constructor(problem: string) {
    super('rank', problem);
  }
}

/** The processes of this command. */
export interface Ranks {
  readonly world: MpiWorld;
  /** Kernels' threads of this process: its part of the cores that it shares with others. */
  readonly threads: number;
  /** What is wrong with where the processes are; null where nothing is. */
  readonly warning: string | null;
}

/** What each process tells the others when they meet. */
interface Place {
  readonly host: string;
  /** Cores that it may run on, by number; null where that is not known. */
  readonly cores: readonly number[] | null;
  readonly count: number;
}

/** Joins the others; null where this process is alone. */
export async function joinRanks(): Promise<Ranks | null> {
  const seconds = Number(process.env.UNROLLED_RANK_TIMEOUT);
  const world = await joinWorld(seconds > 0 ? { timeout: seconds } : {}).catch((error) => {
    if (error instanceof UnrolledError && (launched()?.rank ?? 0) > 0) throw new ToldElsewhere();
    throw error;
  });
  if (!world) return null;
  const own: Place = { host: hostname(), cores: ownCores(), count: availableParallelism() };
  const places = (await tellAll(world, own)) as Place[];
  const here = places.filter(({ host }) => host === own.host);
  return { world, ...coresOf(own, here) };
}

/** How processes on one machine share its cores. */
export function coresOf(own: Place, here: readonly Place[]): Pick<Ranks, 'threads' | 'warning'> {
  const { cores } = own;
  const sharing = cores ? here.filter((other) => other.cores?.some((core) => cores.includes(core))) : here;
  const shared = cores ? new Set(sharing.flatMap((other) => other.cores ?? [])).size : own.count;
  const threads = Math.max(1, Math.min(own.count, Math.floor(shared / sharing.length)));
  if (sharing.length <= shared) return { threads, warning: null };
  const many =
    shared === 1
      ? t`${sharing.length} ranks on one core of ${own.host}`
      : t`${sharing.length} ranks on ${shared} cores of ${own.host}`;
  return { threads, warning: t`${many}: start fewer there, or let the launcher not bind them: mpirun --bind-to none` };
}

/** From Linux; elsewhere nothing says it. */
function ownCores(): number[] | null {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return list ? coresIn(list[1]) : null;
  } catch {
    return null;
  }
}

/** `0-2,5` → [0, 1, 2, 5] */
export function coresIn(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, k) => from + k);
  });
}

/** Refuses a batch in fewer shards than there are processes. */
export function requireShards(who: string, shards: number, ranks: Ranks | null): void {
  const size = ranks?.world.size ?? 1;
  if (shards < size)
    throw new OptionError(
      who,
      '--shards',
      `${size} processes need at least ${size} of them, got ${shards}; with --shards ${2 * size} each computes two, and ${2 * size} processes can take the run over`,
    );
}

/** Gives a value to all processes, and returns those of each, by rank. */
async function tellAll(world: MpiWorld, value: unknown): Promise<unknown[]> {
  const all = await world.gather(new TextEncoder().encode(JSON.stringify(value)));
  return all.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown);
}

/** Runs `body`, which every process does with its own data: where one fails, all do, and the first of them tells why. */
export async function inEach<R>(ranks: Ranks | null, body: () => Promise<R>): Promise<R> {
  if (!ranks) return body();
  const { world } = ranks;
  let own: { readonly result: R } | { readonly error: Error };
  try {
    own = { result: await body() };
  } catch (error) {
    if (!isTold(error)) throw error;
    own = { error };
  }
  const failures = (await tellAll(world, 'error' in own ? own.error.message : null)) as (string | null)[];
  const failed = failures.findIndex((text) => text !== null);
  if (failed < 0 && 'result' in own) return own.result;
  await world.leave();
  if (world.rank > 0) throw new ToldElsewhere();
  if ('error' in own) throw own.error;
  throw new RankError(`rank ${failed} (${world.places[failed]}): ${failures[failed]}`);
}

/** An error that a person can do something about. */
function isTold(error: unknown): error is Error {
  return (
    error instanceof UnrolledError || error instanceof RefusedFile || (error instanceof Error && 'syscall' in error)
  );
}

/** Refuses processes that would not train the same model on the same data in the same way. `facts` are what has to be equal. */
export async function agree({ world }: Ranks, facts: object): Promise<void> {
  const own = { unrolled: version, mpi: world.library.abi, library: world.library.version, ...facts };
  const [first, ...others] = await tellAll(world, own);
  for (const [k, other] of others.entries()) {
    const found = difference(first, other);
    if (found === null) continue;
    await world.leave();
    if (world.rank > 0) throw new ToldElsewhere();
    const { path, values } = found;
    throw new RankError(
      `the ranks do not agree: ${path} is ${values[0]} on rank 0 and ${values[1]} on rank ${k + 1} (${world.places[k + 1]}); start all of them with the same command, data and version`,
    );
  }
}

/**
 * Runs the training. What ends it in all processes alike is told by the first; a failure of one is told by that one, and ends the job: the others would
 * wait for it. `isKnown` says of an error of the first whether the others know of it.
 */
export async function together(
  ranks: Ranks | null,
  isKnown: (error: unknown) => boolean,
  body: () => Promise<void>,
): Promise<void> {
  if (!ranks) return body();
  const { world } = ranks;
  try {
    await body();
    await world.leave();
  } catch (error) {
    if (error instanceof NonFiniteError || error instanceof ToldElsewhere || isKnown(error)) {
      await world.leave();
      if (world.rank > 0) throw new ToldElsewhere();
    } else if (world.rank > 0 && error instanceof Error) {
      error.message = `rank ${world.rank}: ${error.message}`;
    }
    throw error;
  }
}

/** `4 of Open MPI v4.1.4, 2 shards each; processes 71 72 on node1, 40 41 on node2` */
export function describeRanks({ world }: Ranks, shards: number): string {
  const each =
    shards % world.size === 0 ? t`${shards / world.size} of ${shards} shards each` : t`${shards} shards between them`;
  const hosts = new Map<string, string[]>();
  for (const place of world.places) {
    const [, pid, host] = /^process (\S+) on (.*)$/.exec(place) ?? ['', '?', place];
    hosts.set(host, [...(hosts.get(host) ?? []), pid]);
  }
  const shown = Array.from(
    hosts,
    ([host, pids]) => `${host}: ${pids.slice(0, 8).join(' ')}${pids.length > 8 ? ' …' : ''}`,
  );
  const places = shown.slice(0, 4).join(', ') + (shown.length > 4 ? ', …' : '');
  return t`${world.size} of ${world.library.version}, ${each} (processes on ${places})`;
}
