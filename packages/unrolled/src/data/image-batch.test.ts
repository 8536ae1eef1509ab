// Images in memory: how they become a batch, and sizes that do not fit.

import { expect, test } from 'vitest';
import { FormatError, OptionError, ShapeError } from '../errors.ts';
import { checkImages, imageBatch } from './image-batch.ts';
import { clipSet, imageSet } from './images.ts';

test('bytes are scaled and their channels come first; features are taken as they are', () => {
  // Two images of 1 × 2 pixels and three channels.
  const data = Uint8Array.from([0, 51, 102, 153, 204, 255, 255, 204, 153, 102, 51, 0]);
  const batch = imageBatch({ shape: [2, 1, 2, 3], data }, [1, 0]);
  expect(batch.shape).toEqual([2, 3, 1, 2]);
  [1, 0.4, 0.8, 0.2, 0.6, 0, 0, 0.6, 0.2, 0.8, 0.4, 1].forEach((v, k) => expect(batch.dataSync()[k]).toBeCloseTo(v, 6));
  const features = imageBatch({ shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }, [2, 0]);
  expect(features.toArray()).toEqual([
    [5, 6],
    [1, 2],
  ]);
  for (const n of [3, -1])
    expect(() => imageBatch({ shape: [3, 2], data: new Float32Array(6) }, [0, n])).toThrow(OptionError);
});

test('what is held has to be what the shape says', () => {
  checkImages('f', { shape: [2, 3, 1, 2], data: new Uint8Array(12) });
  checkImages('f', { shape: [2, 3], data: new Float32Array(6) });
  for (const shape of [[6], [1, 2, 3], [1, 1, 1, 2, 3]])
    expect(() => checkImages('f', { shape, data: new Uint8Array(6) })).toThrow(`got ${shape.length} axes`);
  expect(() => checkImages('f', { shape: [2, 3], data: new Uint8Array(5) })).toThrow(FormatError);
  expect(() => checkImages('f', { shape: [2, 3], data: new Uint8Array(5) })).toThrow('f: should hold 2 × 3 numbers and holds 5'); // biome-ignore format: one line
});

test('a set has images of one size, and reads them in any order', async () => {
  const image = (height: number, width: number, value = 0, bytes = height * width * 3) => ({ height, width, data: new Uint8Array(bytes).fill(value) }); // biome-ignore format: one line
  const set = imageSet([image(1, 2, 7), image(1, 2, 8)]);
  expect([...(await set.read([1, 0, 1]))]).toEqual([8, 7, 8].flatMap((v) => new Array<number>(6).fill(v)));
  expect(() => imageSet([image(1, 2), image(1, 3)])).toThrow(ShapeError);
  expect(() => imageSet([image(1, 2), image(2, 2)])).toThrow(ShapeError);
  expect(() => imageSet([image(1, 2), image(1, 2, 0, 5)])).toThrow('[6 bytes]');
});

test('a set of clips pads those that are shorter, and has whole frames', async () => {
  const clip = (frames: number, value = 0, bytes = frames * 6) => ({ height: 1, width: 2, frames, data: new Uint8Array(bytes).fill(value) }); // biome-ignore format: one line
  const set = clipSet([clip(2, 7), clip(1, 8)]);
  const bytes = await set.read([1, 0]);
  expect([...bytes]).toEqual([8, 0, 7, 7].flatMap((v) => new Array<number>(6).fill(v)));
  expect(() => clipSet([clip(2, 0, 11)])).toThrow('[12 bytes]');
  expect(() => clipSet([clip(0)])).toThrow('a clip has no frames');
});
