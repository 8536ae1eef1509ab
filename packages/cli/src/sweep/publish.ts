// What a sweep's folder holds for all of its processes: the plan, which the first of them writes, and the results. One process at a time writes either.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunFolderError } from '../run-folder.ts';
import { sumOf } from '../run-folder/checkpoint.ts';
import { guard, makeFolders, writeAtomic } from '../run-folder/files.ts';
import { parseJSON, toJSONBytes } from '../run-folder/layout.ts';
import { breakLock, holderOf, releaseLock, same, takeLock } from '../run-folder/lock.ts';
import { rememberRun } from '../runs/trust.ts';
import { sweepPage } from './page.ts';
import { readPlan, requireSamePlan, type SweepPlan } from './plan.ts';
import { SweepFolder } from './records.ts';
import { csvOf, resultsOf, type SweepResults } from './results.ts';

const planName = 'plan.json';
/** Milliseconds after which a lock that is usually held for a few belongs to a process elsewhere that was killed. */
const longest = 20_000;

/** The plan of a sweep's folder; null where none was written yet. */
export async function savedPlan({ files, path }: SweepFolder): Promise<SweepPlan | null> {
  const file = join(path, planName);
  return guard(file, 'read', () => files.stat(file)) ? readPlan(file, parseJSON(files, file)) : null;
}

/** Begins a sweep (`write`), or takes it up: rejects with an OptionError where the folder holds the plan of another one. `path` is of sweep.json. */
export async function settlePlan(
  folder: SweepFolder,
  path: string,
  asked: SweepPlan,
  { write }: { readonly write: boolean },
): Promise<SweepPlan> {
  const saved =
    (await savedPlan(folder)) ??
    ((!write && asked) ||
      (await locked(folder, async () => {
        const first = await savedPlan(folder);
        if (!first) writeAtomic(folder.files, join(folder.path, planName), toJSONBytes(asked));
        return first ?? asked;
      })));
  requireSamePlan(path, folder.path, saved, asked);
  if (write) rememberRun(hashOf(saved));
  return saved;
}

/** What names a plan among those that this user began. */
export const hashOf = (plan: SweepPlan): string => sumOf(toJSONBytes(plan)).sha256;

/** The results from what is recorded now. */
export function currentResults(plan: SweepPlan, folder: SweepFolder): SweepResults {
  return resultsOf(plan, folder.records(plan), folder.failures(plan));
}

/** Writes results.json, results.csv and results.html from what is recorded at that moment: whoever comes last has read everything. */
export async function writeResults(plan: SweepPlan, folder: SweepFolder): Promise<SweepResults> {
  const { files, path } = folder;
  return locked(folder, async () => {
    const results = currentResults(plan, folder);
    writeAtomic(files, join(path, 'results.json'), toJSONBytes(results));
    writeAtomic(files, join(path, 'results.csv'), new TextEncoder().encode(csvOf(plan, results)));
    const page = sweepPage(plan, { path, results, curves: await folder.curves(plan) });
    writeAtomic(files, join(path, 'results.html'), new TextEncoder().encode(page));
    return results;
  });
}

/** Runs `body` while no other process of the sweep does. */
async function locked<R>({ files, path }: SweepFolder, body: () => Promise<R>): Promise<R> {
  makeFolders(files, path);
  for (let [holder, since] = [holderOf(files, path), performance.now()]; ; ) {
    try {
      takeLock(files, path);
      break;
    } catch (error) {
      if (!(error instanceof RunFolderError && error.code === 'run-locked')) throw error;
    }
    await sleep(20 + 30 * Math.random());
    const now = holderOf(files, path);
    if (!now || !holder || !same(now, holder)) [holder, since] = [now, performance.now()];
    else if (performance.now() - since > longest) breakLock(files, path, holder);
  }
  try {
    return await body();
  } finally {
    releaseLock(files, path);
  }
}
