// What the environment says of a job before MPI is asked: who started this process, as which of how many, and which library that launcher speaks to.
// Only variables that launchers document are read.

import { environment } from '../backend/kernel/host.ts';

/** A process among those that a launcher started. */
export interface Launched {
  /** The launcher, for people. */
  readonly by: string;
  /** Null where the launcher says neither. */
  readonly rank: number | null;
  readonly size: number | null;
  /** Processes on this machine. */
  readonly localSize: number | null;
  /** Names of libraries that belong to it, the likeliest first. */
  readonly libraries: readonly string[];
}

const openMpi = ['libmpi.so.40', 'libmpi.so.80', 'libmpi.40.dylib'];
const mpich = ['libmpich.so.12', 'libmpi.so.12', 'libmpi_cray.so.12', 'libmpi.12.dylib'];
/** The interface that MPI 5 defines for every library. */
const standard = ['libmpi_abi.so.1', 'libmpi_abi.so.0'];
const any = ['libmpi.so', 'libmpi.dylib'];

/** Names by what UNROLLED_MPI may ask for. */
export const families: Readonly<Record<string, readonly string[]>> = {
  openmpi: [...openMpi, ...any],
  mpich: [...mpich, ...any],
  abi: standard,
};

/** Names to try where no launcher says which: in the order of how common they are. */
export const allLibraries = [...openMpi, ...mpich, ...standard, ...any];

interface Launcher {
  readonly by: string;
  /** Variables. The first is there where this launcher started the process. */
  readonly rank: string;
  readonly size: string | null;
  readonly localSize: string | null;
  readonly libraries: readonly string[];
}

const first = (own: readonly string[]) => [...new Set([...own, ...standard, ...allLibraries])];

const launchers: readonly Launcher[] = [
  {
    by: 'mpirun of Open MPI',
    rank: 'OMPI_COMM_WORLD_RANK',
    size: 'OMPI_COMM_WORLD_SIZE',
    localSize: 'OMPI_COMM_WORLD_LOCAL_SIZE',
    libraries: first(openMpi),
  },
  {
    by: 'mpirun of MVAPICH',
    rank: 'MV2_COMM_WORLD_RANK',
    size: 'MV2_COMM_WORLD_SIZE',
    localSize: 'MV2_COMM_WORLD_LOCAL_SIZE',
    libraries: first(mpich),
  },
  {
    by: 'mpirun of MPICH or Intel MPI',
    rank: 'PMI_RANK',
    size: 'PMI_SIZE',
    localSize: 'MPI_LOCALNRANKS',
    libraries: first(mpich),
  },
  // Set by srun alone; a batch script, which is one process, has SLURM_NTASKS too.
  {
    by: 'srun of Slurm',
    rank: 'SLURM_PROCID',
    size: 'SLURM_STEP_NUM_TASKS',
    localSize: null,
    libraries: first([]),
  },
  { by: 'a launcher with PMIx', rank: 'PMIX_RANK', size: null, localSize: null, libraries: first(openMpi) },
];

/** Who started this process; null where nobody says that there are others. */
export function launched(): Launched | null {
  for (const { by, rank, size, localSize, libraries } of launchers) {
    const [own, all] = [numberOf(rank), size === null ? null : numberOf(size)];
    if (own === null || (size !== null && all === null)) continue;
    return { by, rank: own, size: all, localSize: localSize === null ? null : numberOf(localSize), libraries };
  }
  return null;
}

function numberOf(variable: string): number | null {
  const text = environment(variable);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
