// Run folders that lead out: whatever is a link, a device, a folder or a second name in them, nothing outside is read, changed or removed.

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CheckpointData, RunFolder, RunFolderError } from '../run-folder.ts';
import { filesBelow } from './contained.ts';

let parent: string;
let path: string;
/** A file and a folder of the user's that nothing may touch. */
let thesis: string;
let archive: string;

/** The real files, but nobody waits for the disk. */
const quick = () => ({ files: { ...filesBelow(parent), fsync: () => {} } });
const contents = { config: { format: 'unrolled run', version: 1 }, vocabulary: { symbols: ['a', 'b'] } };

function checkpoint(step: number): CheckpointData {
  const tensors = new Map([['w', { dtype: 'float32', shape: [3], data: Float32Array.of(step, 2, 3) } as const]]);
  return { step, best: false, model: tensors, training: tensors, state: { step } };
}

beforeEach(async () => {
  parent = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'run-folder-')));
  path = join(parent, 'run');
  thesis = join(parent, 'thesis.tex');
  archive = join(parent, 'archive');
  fs.writeFileSync(thesis, 'years of work');
  fs.mkdirSync(join(archive, '000001-step-1'), { recursive: true });
  for (const name of ['notes.tmp', '000001-step-1/model.safetensors', '000001-step-1/training.json'])
    fs.writeFileSync(join(archive, name), 'years of work');
  const folder = await RunFolder.create(path, contents, quick());
  for (const step of [1, 2]) await folder.saveCheckpoint(checkpoint(step));
  await folder.close();
});
afterEach(() => fs.rmSync(parent, { recursive: true, force: true }));

const untouched = () => {
  const files = fs
    .readdirSync(archive, { recursive: true })
    .filter((name) => fs.statSync(join(archive, `${name}`)).isFile());
  expect(files.length).toBe(3);
  for (const file of [thesis, ...files.map((name) => join(archive, `${name}`))])
    expect(fs.readFileSync(file, 'utf8')).toBe('years of work');
};
const put = (name: string, how: 'link' | 'hard link' | 'folder' | 'device', to = thesis) => {
  fs.rmSync(join(path, name), { recursive: true, force: true });
  if (how === 'link') fs.symlinkSync(to, join(path, name));
  if (how === 'device') fs.symlinkSync('/dev/zero', join(path, name));
  if (how === 'hard link') fs.linkSync(to, join(path, name));
  if (how === 'folder') fs.mkdirSync(join(path, name));
};
const last = 'checkpoints/000002-step-2';
const names = ['config.json', 'vocabulary.json', 'metrics.jsonl', 'index.json', 'model.safetensors', 'lock'];
const files = [...names, ...['model.safetensors', 'training.json', 'training.safetensors'].map((n) => `${last}/${n}`)];
const cases = [
  ...files.flatMap((name) => (['link', 'hard link', 'folder', 'device'] as const).map((how) => [name, how] as const)),
  ...(['checkpoints', last] as const).flatMap(
    (name) =>
      [
        [name, 'link'],
        [name, 'device'],
      ] as const,
  ),
  ...['checkpoints/old.tmp', 'old.tmp', `${last}.tmp`].flatMap(
    (name) =>
      [
        [name, 'link'],
        [name, 'hard link'],
      ] as const,
  ),
];

test.each(cases)('%s as a %s: nothing outside is read, changed or removed', async (name, how) => {
  put(name, how, !how.startsWith('hard') && /checkpoints$|step-2$|tmp$/.test(name) ? archive : thesis);
  for (const write of [false, true]) {
    try {
      const folder = await RunFolder.open(path, { write, ...quick() });
      try {
        const loaded = await folder.loadCheckpoint('last');
        expect([1, 2]).toContain(loaded?.step);
        folder.readMetrics();
        expect(folder.vocabulary).toEqual(contents.vocabulary);
        if (write) {
          await folder.appendMetrics({ step: 3 });
          await folder.saveCheckpoint(checkpoint(3));
        }
      } finally {
        await folder.close();
      }
    } catch (error) {
      if (!(error instanceof RunFolderError)) throw error;
    }
    untouched();
  }
  await RunFolder.create(path, contents, { replace: true, ...quick() }).then(
    (folder) => folder.close(),
    (error) => {
      if (!(error instanceof RunFolderError)) throw error;
    },
  );
  untouched();
});

test('the run itself may be named by a link, and lie behind one', async () => {
  fs.symlinkSync(path, join(parent, 'latest'));
  const folder = await RunFolder.open(join(parent, 'latest'), { write: true });
  await folder.saveCheckpoint(checkpoint(3));
  expect((await folder.loadCheckpoint())?.step).toBe(3);
  await folder.close();
  fs.symlinkSync(archive, join(parent, 'elsewhere'));
  await (await RunFolder.create(join(parent, 'elsewhere', 'new'), contents)).close();
  expect(fs.existsSync(join(archive, 'new', 'config.json'))).toBe(true);
});
