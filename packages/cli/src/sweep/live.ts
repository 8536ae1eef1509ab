// What the trials that are not finished are at, for `--status`: who trains them, and how far they are.

import { join } from 'node:path';
import { RunFolder } from '../run-folder.ts';
import { holderOf } from '../run-folder/lock.ts';
import type { SweepFolder } from './records.ts';
import type { SweepResults } from './results.ts';
import { t } from '../language/index.ts';

/** By the numbers of the trials that have begun: `running at step 120 (process 7 on node1)`, `stopped at step 90`. */
export async function liveTrials(folder: SweepFolder, { trials }: SweepResults): Promise<ReadonlyMap<number, string>> {
  const live = new Map<number, string>();
  for (const { trial, state } of trials) {
    const path = folder.runOf(trial);
    if (state !== 'waiting' || !folder.files.stat(join(path, 'config.json'))) continue;
    const step = Number((await RunFolder.open(path)).readMetrics().at(-1)?.step ?? 0);
    const holder = holderOf(folder.files, path);
    live.set(
      trial,
      holder === null
        ? t`stopped at step ${step}`
        : t`running at step ${step} (process ${holder.pid} on ${holder.host})`,
    );
  }
  return live;
}
