import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { limits, problemOf } from './given.ts';
import { clipFolders } from './images.ts';
import { isImageZip, OwnData } from './read.ts';

const file = new Blob();
const named = (...paths: string[]) => paths.map((path) => ({ path, file }));
const zipped = (path: string, files: Readonly<Record<string, Uint8Array>>) => [
  { path, file: new Blob([zipSync(files) as Uint8Array<ArrayBuffer>]) },
];

test('numbered folders below those of labels are clips; others are labels of images', () => {
  const clips = clipFolders(
    named('g/wave/0001/0001.png', 'g/wave/0001/0002.png', 'g/nod/clip 2/1.jpg', 'g/nod/clip 2/2.jpg'),
  );
  expect(Array.from(clips ?? [], ([folder, { length }]) => [folder, length])).toEqual([
    ['g/wave/0001', 2],
    ['g/nod/clip 2', 2],
  ]);
  expect(clipFolders(named('g/test/0001/0001.png', 'g/test/0002/0001.png'))?.size).toBe(2); // a class of that name, saved here
  for (const images of [
    named('g/cat/1.png', 'g/cat/2.png', 'g/dog/1.png', 'g/dog/2.png'),
    named('g/train/cat/1.png', 'g/train/cat/2.png'),
    named('g/train/0/1.png', 'g/train/0/2.png', 'g/test/0/1.png', 'g/test/0/2.png'), // digits
    named('g/wave/0001/0001.png', 'g/wave/0001/0002.png', 'g/wave/cover.png'),
    named('0001/0001.png', '0001/0002.png'),
    named('mnist/0/1.png', 'mnist/0/2.png', 'mnist/1/1.png', 'mnist/1/2.png'),
  ])
    expect(clipFolders(images)).toBeNull();
});

test('a zip of images is data, one of a run is not', async () => {
  const png = new Uint8Array(4);
  expect(await isImageZip(zipped('a.zip', { 'g/wave/0001/0001.png': png }))).toBe(true);
  expect(await isImageZip(zipped('a.zip', { 'run/config.json': png, 'run/clips/0000/0000.png': png }))).toBe(false);
  expect(await isImageZip(zipped('a.zip', { 'notes.txt': png }))).toBe(false);
  expect(await isImageZip(named('g/wave/0001/0001.png'))).toBe(false);
});

test('a zip from a stranger is refused before it is more work than its size, or leads out of itself', async () => {
  const read = (files: Readonly<Record<string, Uint8Array>>) => new OwnData().read(zipped('x.zip', files));
  const many = Object.fromEntries(
    Array.from({ length: limits.images + 1 }, (_, k) => [`a/${k}.png`, new Uint8Array(0)]),
  );
  const problem = await read(many).catch(problemOf);
  expect(problem).toEqual({ what: 'many', name: 'x.zip', count: limits.images + 1, most: limits.images });
  const zip = zipSync({ 'big.png': new Uint8Array(2 ** 20) });
  const directory = zip.findLastIndex((_, k) => zip[k] === 0x50 && zip[k + 1] === 0x4b && zip[k + 2] === 1);
  new DataView(zip.buffer).setUint32(directory + 24, limits.zipBytes + 1, true); // bytes that it says it unpacks to
  const big = [{ path: 'x.zip', file: new Blob([zip as Uint8Array<ArrayBuffer>]) }];
  await expect(new OwnData().read(big)).rejects.toThrow('x.zip');
  await expect(read({ '../out.png': new Uint8Array(4) })).rejects.toThrow('x.zip');
  expect(await read({ 'notes.txt': new Uint8Array(4) }).catch(problemOf)).toEqual({ what: 'no-images', name: 'x' });
});
