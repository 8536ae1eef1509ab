// Who writes a run folder: one process at a time, and what happens to one that lost it.

import fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StateDict } from 'unrolled';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CheckpointData, RunFolder, RunFolderError } from './run-folder.ts';
import { self } from './run-folder/lock.ts';

let parent: string;
let path: string;

beforeAll(() => {
  vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {}); // nobody waits for the disk
});
afterAll(() => vi.restoreAllMocks());
beforeEach(() => {
  parent = fs.mkdtempSync(join(tmpdir(), 'run-folder-'));
  path = join(parent, 'run');
});
afterEach(() => fs.rmSync(parent, { recursive: true, force: true }));

const config = { format: 'unrolled run', version: 1, hidden: 8 };
const vocabulary = { symbols: ['a', 'b'] };
const contents = { config, vocabulary };
/** A checkpoint whose every number depends on its step. */
function checkpoint(step: number, best = false): CheckpointData {
  const weights = Float32Array.from({ length: 12 }, (_, i) => Math.sin(step + i));
  const model: StateDict = new Map([['weight_ih_l0', { dtype: 'float32', shape: [3, 4], data: weights }]]);
  const training: StateDict = new Map([
    ['optimizer.m', { dtype: 'float32', shape: [12], data: weights.map((x) => x * x) }],
  ]);
  return { step, best, model, training, state: { step, random: [step, 2], nested: { loss: 1 / step } } };
}

async function runOf(...steps: number[]): Promise<RunFolder> {
  const folder = await RunFolder.create(path, contents);
  for (const step of steps) await folder.saveCheckpoint(checkpoint(step));
  return folder;
}

const list = (folder = '.') => fs.readdirSync(join(path, folder)).sort();
/** The code of the RunFolderError that `work` ends in. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (e: unknown) => e,
  );
  if (!(error instanceof RunFolderError)) throw error;
  return error.code;
}

describe('one writer at a time', () => {
  const lock = (owner: object | string) =>
    fs.writeFileSync(join(path, 'lock'), typeof owner === 'string' ? owner : JSON.stringify(owner));

  test('the second is refused and told who the first is; readers are welcome', async () => {
    const folder = await runOf(1);
    await expect(RunFolder.open(path, { write: true })).rejects.toThrow('is being written by this process itself');
    expect((await (await RunFolder.open(path)).loadCheckpoint())?.step).toBe(1);
    await folder.close();
    await (await RunFolder.open(path, { write: true })).close();
  });

  test('a living process keeps its lock', async () => {
    await (await runOf()).close();
    lock({ pid: process.ppid, started: null, host: hostname() });
    await expect(RunFolder.open(path, { write: true })).rejects.toThrow(`is being written by process ${process.ppid}`);
    expect(list()).toContain('lock');
  });

  test("a dead process's lock is taken over", async () => {
    await (await runOf()).close();
    lock({ pid: 2 ** 30, started: null, host: hostname() });
    await (await RunFolder.open(path, { write: true })).close();
    expect(list()).not.toContain('lock');
  });

  test.runIf(process.platform === 'linux')('an id that another process has by now does not count', async () => {
    await (await runOf()).close();
    lock({ ...self(), started: 'another boot 12345' });
    await (await RunFolder.open(path, { write: true })).close();
  });

  test('a lock of another machine is left alone', async () => {
    await (await runOf()).close();
    lock({ pid: 1, started: null, host: 'another-machine' });
    await expect(RunFolder.open(path, { write: true })).rejects.toThrow(
      /process 1 on another-machine; if it is no longer running there, remove/,
    );
  });

  test('half a lock, which only a power cut leaves, is taken over', async () => {
    await (await runOf()).close();
    lock('{"pid":');
    await (await RunFolder.open(path, { write: true })).close();
  });

  test('closing twice, or after someone took over, takes no lock away', async () => {
    const folder = await runOf();
    lock({ pid: process.ppid, started: null, host: hostname() });
    await folder.close();
    await folder.close();
    expect(list()).toContain('lock');
  });
});

describe('a lock that was lost', () => {
  test('is noticed before anything is written', async () => {
    const folder = await runOf(1);
    fs.writeFileSync(join(path, 'lock'), JSON.stringify({ ...self(), pid: process.ppid }));
    expect(await codeOf(folder.saveCheckpoint(checkpoint(2)))).toBe('run-lost');
    expect(await codeOf(folder.appendMetrics({ step: 2 }))).toBe('run-lost');
    await expect(folder.saveCheckpoint(checkpoint(2))).rejects.toThrow(
      /was taken over by process \d+ on .*; this process stops/,
    );
    expect(list('checkpoints')).toEqual(['000001-step-1']);
    await folder.close();
    expect(list()).toContain('lock');
  });

  test('with the folder: a run that was removed is not made again half', async () => {
    const folder = await runOf(1);
    fs.rmSync(path, { recursive: true });
    expect(await codeOf(folder.saveCheckpoint(checkpoint(2)))).toBe('run-lost');
    await expect(folder.appendMetrics({ step: 2 })).rejects.toThrow('the folder was removed while the run was written');
    await folder.close();
    expect(fs.existsSync(path)).toBe(false);
  });

  test.each([0, -1, 1.5, 2 ** 31, '7', null, [], {}, true])('an owner with the id %s is none', async (pid) => {
    await (await runOf()).close();
    fs.writeFileSync(join(path, 'lock'), JSON.stringify({ ...self(), started: null, pid }));
    await (await RunFolder.open(path, { write: true })).close();
  });

  test('a process of another container or machine that does not beat is not known to be dead', async () => {
    await (await runOf()).close();
    for (const elsewhere of [{ space: '1234' }, { machine: 'another' }]) {
      const owner = { ...self(), space: '1', machine: 'this', beats: false, ...elsewhere, pid: 2 ** 30 };
      fs.writeFileSync(join(path, 'lock'), JSON.stringify(owner));
      const here = self();
      if ((elsewhere.space && !here.space) || (elsewhere.machine && !here.machine)) continue;
      await expect(RunFolder.open(path, { write: true })).rejects.toThrow(
        /in another container or boot of it; if it is no longer running there, remove/,
      );
    }
  });

  test('an owner from before the last start of this machine is dead', async () => {
    const here = self();
    if (!here.machine || !here.started) return; // nothing can be known
    await (await runOf()).close();
    fs.writeFileSync(join(path, 'lock'), JSON.stringify({ ...here, started: 'another boot 12345', space: '1234' }));
    await (await RunFolder.open(path, { write: true })).close();
  });
});

describe('a lock of another machine', () => {
  const elsewhere = { ...self(), host: 'another-machine', pid: 7 };
  const lockOf = (owner: object) => fs.writeFileSync(join(path, 'lock'), JSON.stringify(owner));

  test('that nobody touches is that of a dead process, and is taken over', async () => {
    await (await runOf(1)).close();
    lockOf(elsewhere);
    const said: string[] = [];
    const folder = await RunFolder.open(path, { write: true, silence: 80, say: (text) => said.push(text) });
    expect(said).toEqual([expect.stringContaining('has the lock of process 7 on another-machine; waiting')]);
    expect(JSON.parse(fs.readFileSync(join(path, 'lock'), 'utf8'))).toEqual(self());
    await folder.close();
  });

  test('that is touched is that of a living one', async () => {
    await (await runOf(1)).close();
    lockOf(elsewhere);
    const touching = setTimeout(() => fs.utimesSync(join(path, 'lock'), 7, 7), 30);
    await expect(RunFolder.open(path, { write: true, silence: 5000 })).rejects.toThrow('process 7 on another-machine');
    clearTimeout(touching);
  });

  test('that another process takes over meanwhile stays with that one', async () => {
    await (await runOf(1)).close();
    lockOf(elsewhere);
    setTimeout(() => lockOf({ ...elsewhere, pid: 8 }), 30);
    await expect(RunFolder.open(path, { write: true, silence: 200 })).rejects.toThrow('process 8 on another-machine');
  });

  test('is touched every few seconds as long as it is held', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const folder = await runOf(1);
      const at = () => fs.statSync(join(path, 'lock')).mtimeMs;
      fs.utimesSync(join(path, 'lock'), 7, 7);
      vi.advanceTimersByTime(6000);
      expect(at()).toBeGreaterThan(7000);
      lockOf(elsewhere);
      fs.utimesSync(join(path, 'lock'), 7, 7);
      vi.advanceTimersByTime(6000);
      expect(at()).toBe(7000); // another one's
      await folder.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
