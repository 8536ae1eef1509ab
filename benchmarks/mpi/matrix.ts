// The weights after 200 steps of three models (character LM, translator with attention, captioner with batch norm), by launcher and number of processes,
// and of runs that were continued after 100 steps in another number of processes: one SHA-256 a model.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../test/snippets.ts';
import { launchers, startJob } from './jobs.ts';

export interface MatrixRow {
  readonly task: string;
  readonly launcher: string;
  readonly ranks: number;
  /** How many ranks there were in the first half of the run. */
  readonly before: number;
  readonly sha: string;
  /** Whether it is that of one process, in all ranks. */
  readonly same: boolean;
}

const tasks = ['text', 'translate', 'caption'];
const [shards, steps] = [4, 200];
const counts = [1, 2, 4];

export async function matrix(say: (text: string) => void): Promise<MatrixRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-matrix-'));
  const program = join(root, 'test/mpi/train.ts');
  const rows: MatrixRow[] = [];
  const alone: Record<string, string> = {};
  const halfOf = (launcher: string, ranks: number) => join(folder, `${launcher || 'none'}-${ranks}`);

  const train = async (launcher: string, ranks: number, before: number) => {
    const continued = ranks !== before;
    const place = continued ? { from: halfOf(launcher, before) } : { half: halfOf(launcher, ranks) };
    if (place.half) mkdirSync(place.half);
    say(`${launcher || 'one process'}, ${continued ? `${before}, then ` : ''}${ranks}`);
    const args = ['--import', join(root, 'tools/ts.mjs'), program, JSON.stringify({ tasks, shards, steps, ...place })];
    const { stdout, stderr } = await startJob(launcher || null, ranks, args, {}, root).ended;
    if (stdout === '') throw new Error(stderr);
    const { shas } = JSON.parse(stdout) as { readonly shas: readonly Record<string, string>[] };
    for (const task of tasks) {
      const [sha] = shas.map((of) => of[task]);
      alone[task] ??= sha;
      const same = shas.every((of) => of[task] === alone[task]);
      rows.push({ task, launcher: launcher || 'none', ranks, before, sha: sha.slice(0, 16), same });
    }
  };

  try {
    await train('', 1, 1);
    for (const launcher of launchers) {
      for (const ranks of counts) await train(launcher, ranks, ranks);
      for (const before of counts)
        for (const ranks of counts) if (ranks !== before) await train(launcher, ranks, before);
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
