// A run folder against everything a disk or a kill can do: a fault at every single call of a run's life, and power cuts (`npm run torture` has 5,000).
// Whatever happens, the checkpoint that was last saved loads, whole, or the one whose saving had begun; and the run goes on.

import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { Random, type StateDict } from 'unrolled';
import { describe, expect, test } from 'vitest';
import { type CheckpointData, RunFolder, RunFolderError } from '../packages/cli/src/run-folder.ts';
import type { FileLayer } from '../packages/cli/src/run-folder/files.ts';
import { faultyFiles, Killed, MemoryDisk } from './simulated-disk.ts';

const path = resolve('/runs/r');
/** A process that is no longer alive by the time anyone looks. */
const dead = { pid: 2 ** 30, started: null, host: hostname() };
const contents = { config: { version: 1 }, vocabulary: { symbols: ['a'] } };

function checkpoint(step: number): CheckpointData {
  const data = Float32Array.from({ length: 50 }, (_, i) => Math.cos(step * i + 1));
  const model: StateDict = new Map([['weight', { dtype: 'float32', shape: [5, 10], data }]]);
  const training: StateDict = new Map([['m', { dtype: 'float32', shape: [50], data: data.map((x) => -x) }]]);
  return { step, best: step === 2, model, training, state: { step } };
}

interface Progress {
  /** A folder was promised. */
  created: boolean;
  /** The last step whose saving returned, and the last whose saving began. */
  saved: number;
  begun: number;
}

/** A run's life: made, four saves with a measurement before each, left; opened again, two more. */
async function live(files: FileLayer, progress: Progress = { created: false, saved: 0, begun: 0 }): Promise<Progress> {
  let folder = await RunFolder.create(path, contents, { files, owner: dead });
  progress.created = true;
  let reopened = false;
  for (let step = 1; step <= 6; step++) {
    if (step === 5 && !reopened) {
      reopened = true;
      await folder.close();
      folder = await RunFolder.open(path, { write: true, files, owner: dead });
      progress.saved = (await folder.loadCheckpoint('last'))?.step ?? 0; // one less where a disk error hid the newest
      step = progress.saved + 1;
    }
    await folder.appendMetrics({ step });
    progress.begun = step;
    await folder.saveCheckpoint(checkpoint(step));
    progress.saved = step;
  }
  await folder.close();
  return progress;
}

/** What has to be true of the disk afterwards. */
async function survives(disk: MemoryDisk, progress: Progress): Promise<void> {
  if (!progress.created && !disk.stat(path)) await (await RunFolder.create(path, contents, { files: disk })).close();
  const folder = await RunFolder.open(path, { write: true, files: disk });
  expect(folder.config).toEqual(contents.config);
  expect(folder.vocabulary).toEqual(contents.vocabulary);
  const last = await folder.loadCheckpoint('last');
  const step = last?.step ?? 0;
  if (last) expect(last).toEqual({ ...checkpoint(step), notice: null, weightsSha256: last.weightsSha256 });
  expect(step).toBeGreaterThanOrEqual(progress.saved);
  expect(step).toBeLessThanOrEqual(progress.begun);
  if (step >= 2) expect((await folder.loadCheckpoint('best'))?.step).toBe(2);
  await folder.appendMetrics({ step: step + 1 });
  await folder.saveCheckpoint(checkpoint(step + 1));
  expect((await folder.loadCheckpoint('last'))?.step).toBe(step + 1);
  await folder.close();
  const lines = new TextDecoder()
    .decode(disk.read(`${path}/metrics.jsonl`))
    .trim()
    .split('\n');
  expect(lines).toEqual(Array.from({ length: step + 1 }, (_, i) => `{"step":${i + 1}}`));
  expect(disk.list().filter((name) => /\.tmp|lock/.test(name))).toEqual([]);
}

function expectKilled(error: unknown): void {
  if (!(error instanceof Killed) && !((error as Error).cause instanceof Killed)) throw error;
}

describe('a fault at any call', async () => {
  const whole = new MemoryDisk();
  await live(whole);
  const total = whole.calls;

  /** Lives with a fault at each call in turn, and then looks at the disk. */
  async function atEachCall(fault: Parameters<typeof faultyFiles>[2], check: (error: unknown) => void): Promise<void> {
    for (let n = 0; n < total; n++) {
      const disk = new MemoryDisk();
      const progress: Progress = { created: false, saved: 0, begun: 0 };
      const { files, names } = faultyFiles(disk, n, fault);
      try {
        await live(files, progress).catch(check);
        await survives(disk, progress);
      } catch (cause) {
        throw new Error(`call ${n} of ${total}, ${names[n]}`, { cause });
      }
    }
  }

  test('a process killed at any call leaves a run that goes on exactly, without leftovers', async () => {
    expect(total).toBeGreaterThan(300);
    await atEachCall({ kind: 'kill' }, expectKilled);
  });

  test.each(['EIO', 'ENOSPC', 'EDQUOT', 'EMFILE', 'EROFS'])(
    '%s at any call is a typed error that names the file and loses nothing',
    async (code) => {
      await atEachCall({ kind: 'error', code }, (error) => {
        if (!(error instanceof RunFolderError)) throw error;
        expect(error.code).toBe('run-io');
        expect(error.message).toContain(`${error.path}: could not`);
      });
    },
  );

  test('after a save that failed, the same run can save again', async () => {
    for (let n = 0; n < total; n++) {
      const disk = new MemoryDisk();
      const { files } = faultyFiles(disk, n, { kind: 'error', code: 'ENOSPC' });
      const folder = await RunFolder.create(path, contents, { files, owner: dead }).catch(() => null);
      if (!folder) continue;
      let failed = 0;
      for (let step = 1; step <= 4; step++) await folder.saveCheckpoint(checkpoint(step)).catch(() => failed++);
      expect(failed).toBeLessThanOrEqual(1);
      await folder.close().catch(() => undefined);
      const last = await (await RunFolder.open(path, { files: disk })).loadCheckpoint();
      expect(last?.step).toBeGreaterThanOrEqual(failed ? 3 : 4);
    }
  });
});

const cuts = Number(process.env.UNROLLED_POWER_CUTS ?? 600);

test(`after any of ${cuts} power cuts the newest saved checkpoint loads`, async () => {
  const random = new Random(5000);
  const whole = new MemoryDisk();
  await live(whole);
  for (let cut = 0; cut < cuts; cut++) {
    const disk = new MemoryDisk();
    const n = random.integer(whole.calls);
    disk.cutAfter(n);
    const progress: Progress = { created: false, saved: 0, begun: 0 };
    await live(disk, progress).catch(expectKilled);
    try {
      await survives(disk.afterPowerCut(random), progress);
    } catch (cause) {
      throw new Error(`cut ${cut}, at call ${n} of ${whole.calls}`, { cause });
    }
  }
}, 600_000);
