// A saved run of any kind, read from its folder and ready to be used.

import { FormatError } from 'unrolled';
import { RunFolder } from '../run-folder.ts';
import type { RunConfig } from './config.ts';
import type { SavedRun } from './kind.ts';

/** The weights are the best by validation, or the last. */
export async function openSaved(path: string, which: 'best' | 'last' = 'best'): Promise<SavedRun> {
  const folder = await RunFolder.open(path);
  try {
    const checkpoint = await folder.loadCheckpoint(which);
    if (!checkpoint)
      throw new FormatError(path, 'holds no checkpoint yet: the run was stopped before its first save; start it again');
    return {
      path,
      config: folder.config as unknown as RunConfig,
      weights: checkpoint.model,
      step: checkpoint.step,
      notice: checkpoint.notice,
      readJSON: (name) => folder.readJSON(name),
      metrics: () => folder.readMetrics(),
    };
  } finally {
    await folder.close();
  }
}
