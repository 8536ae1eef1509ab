// Which trials a process trains. It follows from its index alone: the index of a Slurm array or of an indexed Job of Kubernetes, or the rank among
// the processes of one mpirun or srun. No process asks another one, and no library of MPI is needed.

import { availableParallelism } from 'node:os';
import { OptionError } from 'unrolled';
import { launched } from 'unrolled/world';

/** A process's share of the trials. */
export interface Place {
  readonly index: number;
  /** Number of indices that share the trials. */
  readonly of: number;
  /** What gave the index, for people; null for a process that has all trials. */
  readonly by: string | null;
  /** Whether the others run at the same time, so that their trials can be waited for. */
  readonly together: boolean;
  /** Threads of this process among those on its machine; null where they are all its own. */
  readonly threads: number | null;
}

export interface PlaceValues {
  readonly index: number | null;
  readonly processes: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of engines that start one process for each index. */
const arrays = {
  SLURM_ARRAY_TASK_ID: 'Slurm array',
  JOB_COMPLETION_INDEX: 'Kubernetes Job',
} as const;

/** The place of this process in a sweep of so many trials. Throws an OptionError for an index that has none. */
export function placeOf(
  values: PlaceValues,
  trials: number,
  environment: Environment = process.env,
  ranks: ReturnType<typeof launched> = launched(),
): Place {
  const array = arrayOf(values, environment);
  const several = ranks !== null && ranks.size !== 1;
  if (!array && !several) {
    if (values.processes !== null)
      throw new OptionError('sweep', '--processes', 'needs to know which of them this is: add --index');
    return { index: 0, of: 1, by: null, together: false, threads: null };
  }
  const { rank, size } = rankOf(several ? ranks : null);
  if (array && several && values.processes === null)
    throw new OptionError('sweep', '--processes', `say how many indices there are: each has ${size} processes here`);
  const indices = array ? (values.processes ?? trials) : 1;
  const index = array?.index ?? 0;
  if (index >= indices) {
    const advice = values.processes === null ? 'one for each trial' : '--processes';
    throw new OptionError('sweep', array?.by ?? '--index', `there are ${indices} indices (${advice}), from 0 to ${indices - 1}, got ${index}`); // biome-ignore format: a line
  }
  return {
    index: index * size + rank,
    of: indices * size,
    by: [array && `index ${index} of ${array.by}`, several && `rank ${rank} of ${size}`].filter(Boolean).join(', '),
    together: several && !array,
    threads: several ? threadsOf(ranks.localSize ?? 1) : null,
  };
}

/** The cores of this process: those that its launcher bound it to, or its part of all. */
function threadsOf(here: number): number {
  return Math.max(1, Math.floor(availableParallelism() / here));
}

function arrayOf(
  { index }: PlaceValues,
  environment: Environment,
): { readonly index: number; readonly by: string } | null {
  if (index !== null) return { index, by: '--index' };
  for (const [variable, by] of Object.entries(arrays)) {
    const text = environment[variable];
    if (text !== undefined && /^\d{1,9}$/.test(text)) return { index: Number(text), by };
  }
  return null;
}

function rankOf(ranks: ReturnType<typeof launched>): { readonly rank: number; readonly size: number } {
  if (ranks === null) return { rank: 0, size: 1 };
  const { rank, size, by } = ranks;
  if (rank === null || size === null)
    throw new OptionError('sweep', '--index', `${by} does not say how many processes it started; say --index and --processes`); // biome-ignore format: a line
  return { rank, size };
}

/** The share of a process: every `of`-th, so that what is to be done is spread evenly. */
export function shareOf<T>(list: readonly T[], { index, of }: Pick<Place, 'index' | 'of'>): T[] {
  return list.filter((_, k) => k % of === index);
}
