// A saved run of any kind, read from its folder and ready to be used.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError } from 'unrolled';
import { RunFolder } from '../run-folder.ts';
import type { RunConfig } from './config.ts';
import { inLeg, legsOf } from './continued.ts';
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
      config: inLeg(folder.config as unknown as RunConfig, legsOf(path, checkpoint.state)),
      weights: checkpoint.model,
      step: checkpoint.step,
      notice: checkpoint.notice,
      readJSON: (name) => folder.readJSON(name),
      metrics: () => readMetrics(join(path, 'metrics.jsonl')),
    };
  } finally {
    await folder.close();
  }
}

/** A line that was cut off by a crash is left out. */
function readMetrics(path: string): Record<string, unknown>[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as Record<string, unknown>] : [];
      } catch {
        return [];
      }
    });
}
