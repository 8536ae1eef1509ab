import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchRuns } from './watch.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('a run is named when a checkpoint is there, each time, and not before; a failure is tried again with the next one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-watch-'));
  const runs = new Map<string, string>();
  for (const name of ['a', 'b']) {
    runs.set(name, join(folder, name));
    mkdirSync(join(folder, name, 'checkpoints'), { recursive: true });
  }
  runs.set('none', join(folder, 'none'));
  const found: string[] = [];
  const changed = async (id: string) => {
    found.push(id);
    if (found.length === 1) throw new Error('it cannot be read now');
  };
  const stop = watchRuns(runs, changed, 5);
  const saves = async (name: string) => {
    const before = found.length;
    const path = join(folder, name, 'checkpoints', String(before));
    mkdirSync(join(folder, 'unnamed'));
    renameSync(join(folder, 'unnamed'), path);
    for (let waited = 0; found.length === before && waited < 5000; waited += 5) await pause(5);
  };
  await pause(60);
  expect(found).toEqual([]);
  await saves('b');
  await pause(20);
  await saves('b');
  await pause(20);
  await saves('a');
  expect(found).toEqual(['b', 'b', 'a']);
  stop();
  mkdirSync(join(folder, 'b', 'checkpoints', 'late'));
  await pause(40);
  expect(found).toEqual(['b', 'b', 'a']);
  rmSync(folder, { recursive: true });
});
