// Looks for new checkpoints in the folders of runs. A training run writes a checkpoint under another name and renames it, which changes the folder.

import type { RunSource } from 'unrolled/pipelines';

/** Calls `changed` for a run whose folder of checkpoints has changed, looking every so many milliseconds. Returns what ends it. */
export function watchRuns(
  runs: ReadonlyMap<string, RunSource>,
  changed: (id: string) => Promise<unknown>,
  every = 1000,
): () => void {
  const fs = globalThis.process?.getBuiltinModule?.('node:fs')?.promises;
  if (!fs) return () => {};
  const seen = new Map<string, number>();
  let looking = false;
  let ended = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    for (const [id, source] of runs) {
      if (typeof source !== 'string') continue;
      const time = await fs.stat(`${source}/checkpoints`).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      const before = seen.get(id);
      seen.set(id, time);
      // What cannot be opened now is looked at again when the folder changes again; what is served stays.
      if (ended) return;
      if (before !== undefined && before !== time) await changed(id).catch(() => {});
    }
    looking = false;
  };
  void look();
  const timer = setInterval(() => void look(), every);
  timer.unref?.();
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
