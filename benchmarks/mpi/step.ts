// A training step in two processes of one thread each, next to one process with two threads, and one with the same shards. Rounds alternate.

import { join } from 'node:path';
import { root } from '../../test/snippets.ts';
import { launchers, startJob } from './jobs.ts';

export interface StepRow {
  readonly launcher: string;
  readonly processes: number;
  readonly shards: number;
  /** Milliseconds: medians of a round, and the median of those. */
  readonly step: number;
  /** To one process with one shard. */
  readonly ratio: string;
}

const [steps, rounds, windowLength] = [10, 5, 32];
const program = join(root, 'benchmarks/mpi/step-program.mjs');

export async function step(say: (text: string) => void): Promise<StepRow[]> {
  const ways = [
    { launcher: null, processes: 1, shards: 1 },
    { launcher: null, processes: 1, shards: 2 },
    ...launchers.map((launcher) => ({ launcher, processes: 2, shards: 2 })),
  ];
  const times = ways.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [k, { launcher, processes, shards }] of ways.entries()) {
      const args = [program, ...[steps, shards, windowLength].map(String)];
      const threads = String(2 / processes);
      const { stdout, stderr } = await startJob(launcher, processes, args, { UNROLLED_THREADS: threads }, root).ended;
      if (stdout === '') throw new Error(stderr);
      const { step: time } = JSON.parse(stdout) as { readonly step: number };
      times[k].push(time);
      say(
        `round ${round + 1} of ${rounds}: ${launcher ?? 'no launcher'}, ${processes} × ${threads}: ${time.toFixed(0)} ms`,
      );
    }
  }
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
  return ways.map(({ launcher, processes, shards }, k) => ({
    launcher: launcher ?? 'none',
    processes,
    shards,
    step: Math.round(middle(times[k])),
    ratio: `${(middle(times[k]) / middle(times[0])).toFixed(2)}×`,
  }));
}
