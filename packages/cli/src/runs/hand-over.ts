// How the first process of several hands a run to the others: the configuration, and where it was saved, the checkpoint it goes on from. The others read
// no run folder, which may be on a disk of the first one's.

import { type StateDict, type TrainingState, UnrolledError } from 'unrolled';
import { fromFirst, type MpiWorld } from 'unrolled/world';
import { readSafetensors, writeSafetensors } from 'unrolled/io';
import { ToldElsewhere } from '../interrupt.ts';
import type { RunConfig } from './config.ts';

/** What a trainer is restored from. */
export interface SavedStart {
  readonly model: StateDict;
  readonly training: StateDict;
  readonly state: TrainingState;
}

/** The start of a run, as the first process has it. */
export interface Start {
  readonly config: RunConfig;
  readonly from: SavedStart | null;
}

interface Told {
  readonly config: RunConfig;
  readonly state: TrainingState | null;
}

/** Errors of the first process that the others know of. */
const known = new WeakSet<Error>();

export const isKnownToAll = (error: unknown): boolean => error instanceof Error && known.has(error);

/** Finds the start, and gives it to all. Called by the first process, while each of the others takes it. */
export async function giveStart<S extends Start>(world: MpiWorld | null, find: () => Promise<S>): Promise<S> {
  if (!world) return find();
  let found: S | null = null;
  await fromFirst<Told>(world, async () => {
    try {
      found = await find();
    } catch (error) {
      if (error instanceof UnrolledError) known.add(error);
      throw error;
    }
    return { config: found.config, state: found.from?.state ?? null };
  });
  const start = found as S | null as S;
  if (start.from)
    for (const tensors of [start.from.model, start.from.training]) await world.gather(writeSafetensors(tensors));
  return start;
}

/** Takes the start; throws ToldElsewhere where the first process found none. */
export async function takeStart(world: MpiWorld): Promise<Start> {
  const { config, state } = await fromFirst<Told>(world, () =>
    Promise.reject(new Error('the first process gives')),
  ).catch(() => {
    throw new ToldElsewhere();
  });
  if (!state) return { config, from: null };
  const take = async () => {
    const [bytes] = await world.gather(new Uint8Array(0));
    const { tensors }: { tensors: ReadonlyMap<string, unknown> } = readSafetensors(bytes, 'rank 0');
    return tensors as StateDict; // of the types that were written
  };
  const model = await take();
  return { config, from: { model, training: await take(), state } };
}
