// A saved run of any kind, read from its folder and ready to be used.

import { join } from 'node:path';
import { FormatError } from 'unrolled';
import { RunFolder } from '../run-folder.ts';
import { asker } from '../terminal/confirm.ts';
import { inLeg, legsOf } from './continued.ts';
import { checkConfig, checkPart, unknownNotice } from './fields.ts';
import type { SavedRun } from './kind.ts';
import { type TrustOptions, trustedConfig } from './trust.ts';

/** The weights are the best by validation, or the last. Of the paths in the configuration only those are left that may be read (trust.ts). */
export async function openSaved(
  path: string,
  which: 'best' | 'last' = 'best',
  trust: Partial<TrustOptions> = {},
): Promise<SavedRun> {
  const folder = await RunFolder.open(path);
  try {
    const checkpoint = await folder.loadCheckpoint(which);
    if (!checkpoint)
      throw new FormatError(path, 'holds no checkpoint yet: the run was stopped before its first save; start it again');
    const checked = checkConfig(folder.config, join(path, 'config.json'));
    const read = { config: checked.config, sha256: folder.configHash };
    const config = await trustedConfig(path, read, { ownData: false, trustPaths: false, ask: asker(), ...trust });
    return {
      path,
      config: inLeg(config, legsOf(path, checkpoint.state)),
      weights: checkpoint.model,
      step: checkpoint.step,
      notice: [checkpoint.notice, unknownNotice(checked.unknown)].filter((one) => one !== null).join('\n') || null,
      readJSON: (name) => checkPart(name, folder.readJSON(name), join(path, `${name}.json`)),
      metrics: () => folder.readMetrics(),
    };
  } finally {
    await folder.close();
  }
}
