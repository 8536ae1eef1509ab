// The sum of 4 MiB between two processes of one machine, next to the library's own MPI_Allreduce, which may add in any order. Rounds alternate.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../test/snippets.ts';
import { environment, launchers } from './jobs.ts';

export interface AllreduceResult {
  readonly launcher: string;
  /** Microseconds: medians of a round, and the median of those. */
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: string;
}

const [rounds, calls] = [5, 200];
const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

export function allreduce(): AllreduceResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-allreduce-'));
  const run = (command: string, ...args: string[]) => {
    const env = { ...process.env, ...environment };
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
    return Number(stdout);
  };
  try {
    return launchers.map((launcher) => {
      const compiler = launcher.replace('mpirun', 'mpicc');
      const program = join(folder, launcher);
      run(compiler, '-O2', '-o', program, join(root, 'benchmarks/mpi/allreduce.c'));
      const [ours, theirs]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        const own = join(root, 'benchmarks/mpi/allreduce-program.mjs');
        ours.push(run(launcher, '-n', '2', process.execPath, own, String(calls), String(2 ** 22)));
        theirs.push(run(launcher, '-n', '2', program, String(calls)));
      }
      const [a, b] = [middle(ours), middle(theirs)];
      return { launcher, ours: a, theirs: b, ratio: `${(a / b).toFixed(2)}×` };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
