// A saved run of any task, read from its folder and ready to be used. Its pipeline is the library's, on files that come through this folder's own
// checks: nothing outside of the run is read, and a checkpoint was verified with all that belongs to it before anything is made of it.

import { join } from 'node:path';
import { FormatError, RunError, type RunFiles } from 'unrolled';
import { RunFolderError } from '../run-folder/error.ts';
import { type LoadedCheckpoint, RunFolder } from '../run-folder.ts';
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
    const readJSON = (name: string) => checkPart(name, folder.readJSON(name), join(path, `${name}.json`));
    const files = filesOf(path, folder.config, checkpoint, readJSON);
    return {
      path,
      config: inLeg(config, legsOf(path, checkpoint.state)),
      weights: checkpoint.model,
      step: checkpoint.step,
      notice: [checkpoint.notice, unknownNotice(checked.unknown)].filter((one) => one !== null).join('\n') || null,
      open: (pipeline, options) => pipeline(files, options),
      readJSON,
      metrics: () => folder.readMetrics(),
    };
  } finally {
    await folder.close();
  }
}

/** The run as a pipeline reads it: its configuration as it stands, and the checkpoint that was chosen and verified. */
function filesOf(
  name: string,
  config: unknown,
  { model, step, weightsSha256, notice }: LoadedCheckpoint,
  readJSON: (name: string) => unknown,
): RunFiles {
  return {
    name,
    json: async (path) => {
      try {
        return readJSON(path.replace(/\.json$/, ''));
      } catch (cause) {
        if (!(cause instanceof RunFolderError && cause.code === 'run-missing')) throw cause;
        throw new RunError('missing', `${name}/${path}`, 'is not there', { cause });
      }
    },
    bytes: async (path) => {
      if (path === 'config.json') return new TextEncoder().encode(JSON.stringify(config));
      throw new RunError('missing', `${name}/${path}`, 'is not read here: the weights were read with their checkpoint');
    },
    weights: async () => ({ state: model, hash: weightsSha256, step, notice, records: new Map() }),
  };
}
