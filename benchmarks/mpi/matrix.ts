// The weights after 200 steps of three models (character LM, translator with attention, captioner with batch norm), by launcher and number of processes:
// one SHA-256 a model.

import { join } from 'node:path';
import { root } from '../../test/snippets.ts';
import { launchers, startJob } from './jobs.ts';

export interface MatrixRow {
  readonly task: string;
  readonly launcher: string;
  readonly ranks: number;
  readonly sha: string;
  /** Whether it is that of one process, in all ranks. */
  readonly same: boolean;
}

const tasks = ['text', 'translate', 'caption'];
const [shards, steps] = [4, 200];

export async function matrix(say: (text: string) => void): Promise<MatrixRow[]> {
  const program = join(root, 'test/mpi/train.ts');
  const args = ['--import', join(root, 'tools/ts.mjs'), program, JSON.stringify({ tasks, shards, steps })];
  const rows: MatrixRow[] = [];
  const alone: Record<string, string> = {};
  for (const [launcher, ranks] of [
    ['', 1],
    ...launchers.flatMap((name) => [1, 2, 4].map((n) => [name, n] as const)),
  ] as const) {
    say(launcher === '' ? 'one process' : `${launcher} -n ${ranks}`);
    const { stdout, stderr } = await startJob(launcher || null, ranks, args, {}, root).ended;
    if (stdout === '') throw new Error(stderr);
    const { shas } = JSON.parse(stdout) as { readonly shas: readonly Record<string, string>[] };
    for (const task of tasks) {
      const [sha] = shas.map((of) => of[task]);
      alone[task] ??= sha;
      const same = shas.every((of) => of[task] === alone[task]);
      rows.push({ task, launcher: launcher || 'none', ranks, sha: sha.slice(0, 16), same });
    }
  }
  return rows;
}
