// The options of `unrolled sweep`; what is trained, and how, is in its file.

import type { OptionTable } from './options.ts';
import { commonOptions, computeOptions } from './tables.ts';

export const sweepOptions = {
  out: {
    kind: 'string',
    default: null,
    short: 'o',
    placeholder: 'folder',
    help: 'folder of the sweep (default: sweeps/ and the name of the file); a sweep that is in it is continued',
  },
  index: {
    kind: 'integer',
    default: null,
    min: 0,
    group: 'Several processes',
    help: 'index of this process, from 0 (default: what mpirun, srun, a Slurm array or an indexed Kubernetes Job says)',
  },
  processes: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Several processes',
    help: 'number of indices that share the trials of an array (default: one index for each trial)',
  },
  trial: {
    kind: 'integer',
    default: null,
    min: 0,
    needs: { index: 'none', processes: 'none' },
    help: 'train this trial alone',
  },
  status: { kind: 'flag', default: false, help: 'print the table of trials, and train nothing' },
  html: {
    kind: 'string',
    default: null,
    placeholder: 'file.html',
    help: 'write the page of results to this file too (default: only results.html in the folder of the sweep)',
  },
  trustPaths: {
    kind: 'flag',
    default: false,
    help: 'run the command in the folder of a sweep, whatever files it names, even if it was not begun on this machine',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
