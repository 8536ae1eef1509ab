// A lock whose holder is on another machine, or in another container, says nothing of whether that process still runs. So each writer sets the time of its
// lock every few seconds, and who finds the lock of another machine watches it: a time that does not change for a minute is that of a dead process. Only
// changes count, so that no two clocks are compared. A process that was frozen and comes back finds its lock gone, and stops.

import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, type FileLayer } from './files.ts';
import { breakLock, holderOf, isHere, type Owner, same } from './lock.ts';

const beatEvery = 5000; // milliseconds
const lookEvery = 1000;
/** Milliseconds after which a lock that nobody touched is that of a dead process: an event loop can be busy, and a network file system a few seconds late. */
export const silence = 60_000;

/** Shows that this process lives as long as it has the lock of `folder`; returns what ends it. */
export function startBeating(files: FileLayer, folder: string, owner: Owner): () => void {
  const timer = setInterval(() => {
    const holder = holderOf(files, folder);
    if (holder && same(holder, owner)) attempt(() => fs.utimesSync(join(folder, 'lock'), new Date(), new Date()));
  }, beatEvery);
  timer.unref();
  return () => clearInterval(timer);
}

export interface Watching {
  /** Told why it takes a minute. */
  readonly say?: (text: string) => void;
  /** Milliseconds. */
  readonly silence?: number;
}

/** Removes the lock of a process elsewhere that shows no life. Resolves at once where there is no such lock, and as soon as its holder shows some. */
export async function breakSilentLock(
  files: FileLayer,
  folder: string,
  { say = () => {}, silence: limit = silence }: Watching = {},
): Promise<void> {
  const holder = holderOf(files, folder);
  if (!holder?.beats || isHere(holder)) return;
  say(`${folder} has the lock of process ${holder.pid} on ${holder.host}; waiting up to a minute to see whether it still runs`); // biome-ignore format: a line
  const first = timeOf(folder);
  for (const begun = performance.now(); performance.now() - begun < limit; ) {
    await sleep(Math.min(lookEvery, limit / 4));
    if (timeOf(folder) !== first) return;
  }
  breakLock(files, folder, holder);
}

/** When the lock was last touched. It is opened, since a network file system may know only then; null where it is gone. */
function timeOf(folder: string): number | null {
  try {
    const fd = fs.openSync(join(folder, 'lock'), fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
    try {
      return fs.fstatSync(fd).mtimeMs;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return null;
  }
}
