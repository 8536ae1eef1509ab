// Which files a model may name: those in its own folder, under their own names.

import { linkSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSafetensors } from 'unrolled/io';
import { expect, test } from 'vitest';
import { readModel } from '../read-model.ts';
import { diskFiles } from './disk-files.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'unrolled-disk-')));
const folder = join(root, 'model');
mkdirSync(join(folder, 'data'), { recursive: true });
writeFileSync(join(root, 'secret'), 'secret');
writeFileSync(join(folder, 'model.onnx'), 'main');
writeFileSync(join(folder, 'weights.bin'), 'weights');
writeFileSync(join(folder, 'data', 'more.bin'), 'more');
symlinkSync(join(root, 'secret'), join(folder, 'link'));
symlinkSync(join(folder, 'weights.bin'), join(folder, 'inner-link'));
symlinkSync(root, join(folder, 'above'));
linkSync(join(root, 'secret'), join(folder, 'hard'));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('files next to the model and below it are read', async () => {
  const files = await diskFiles(join(folder, 'model.onnx'));
  expect(files.main).toBe('model.onnx');
  expect(text(await files.head())).toBe('main');
  for (const [path, content] of [
    ['model.onnx', 'main'],
    ['weights.bin', 'weights'],
    ['data/more.bin', 'more'],
  ])
    expect(text(await files.bytes(path))).toBe(content);
  await expect(files.bytes('weights.bin', 3)).rejects.toThrow('expected at most 3 bytes, got 7');
});

test.each([
  ['../secret', 'one that leads out of it'],
  ['data/../../secret', 'one that leads out of it'],
  ['./weights.bin', 'one that leads out of it'],
  ['/etc/passwd', 'one that leads out of it'],
  ['data//more.bin', 'one that leads out of it'],
  ['C:\\secret', 'one that leads out of it'],
  ['data\\more.bin', 'one that leads out of it'],
  ['weights.bin\0.txt', 'one that leads out of it'],
  ['', 'one that leads out of it'],
  ['link', 'a link'],
  ['inner-link', 'a link'],
  ['above/secret', 'a link'],
  ['hard', 'a file with a second name elsewhere (a hard link)'],
  ['data', 'something else'],
  ['nothing.bin', 'no such file'],
])('%j is refused', async (path, got) => {
  const files = await diskFiles(join(folder, 'model.onnx'));
  await expect(files.bytes(path)).rejects.toThrow(got);
});

test.each([
  [['certificate.json', 'model.keras', 'model-states.keras', 'vocabulary.json'], 'model.keras'],
  [['labels.json', 'tagger.pt'], 'tagger.pt'],
  [
    ['config.json', 'model-1.safetensors', 'model-2.safetensors', 'model.safetensors.index.json'],
    'model.safetensors.index.json',
  ],
  [['config.json', 'pytorch_model.bin'], 'pytorch_model.bin'],
  [['graph.onnx', 'graph.bin'], 'graph.onnx'],
  [['group1-shard1of1.bin', 'model.json'], 'group1-shard1of1.bin'], // all of them are the model
])('of a folder with %j the model is %s', async (names, main) => {
  const around = mkdtempSync(join(root, 'folder-'));
  for (const name of names) writeFileSync(join(around, name), name);
  const files = await diskFiles(around);
  expect(files.paths[0]).toBe(main);
  expect(text(await files.head())).toBe(main);
});

test('a folder with two models is asked about', async () => {
  const around = mkdtempSync(join(root, 'two-'));
  for (const name of ['a.pt', 'b.onnx', 'labels.json']) writeFileSync(join(around, name), name);
  await expect(diskFiles(around)).rejects.toThrow('expected a folder with one model, got a.pt, b.onnx; name the file');
});

test('shards of safetensors are those that the index names, in its own folder', async () => {
  const shards = join(root, 'shards');
  mkdirSync(shards);
  const shard = (name: string) => writeSafetensors(new Map([[name, { shape: [2], data: Float32Array.of(1, 2) }]]));
  writeFileSync(join(shards, 'one.safetensors'), shard('a'));
  writeFileSync(join(shards, 'two.safetensors'), shard('b'));
  const index = join(shards, 'model.safetensors.index.json');
  const write = (map: object) => writeFileSync(index, JSON.stringify({ weight_map: map }));
  write({ a: 'one.safetensors', b: 'two.safetensors' });
  expect([...(await readModel(index)).arrays.keys()]).toEqual(['a', 'b']);
  write({ a: 'one.safetensors', b: 'one.safetensors' });
  await expect(readModel(index)).rejects.toThrow(
    'tensor "b": expected the tensor in one.safetensors, as the index says',
  );
  write({ a: '../model/weights.bin' });
  await expect(readModel(index)).rejects.toThrow('one that leads out of it');
  write({ a: 5 });
  await expect(readModel(index)).rejects.toThrow('expected the name of a file for every tensor');
});
