// Images and frames that are not square, as `--fit` makes them so.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from 'unrolled/analysis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Skipped } from '../readers/index.ts';
import { type ClipSource, decodeClips } from '../video/data.ts';
import { imageContract } from './contract.ts';
import { holdImages } from './hold.ts';

const folder = mkdtempSync(join(tmpdir(), 'unrolled-fit-'));
const cache = process.env.UNROLLED_CACHE;
/** Twice as wide as high: a quarter red, half green, a quarter blue. */
const stripes = encodePng({
  height: 16,
  width: 32,
  data: Uint8Array.from({ length: 16 * 32 * 3 }, (_, k) => {
    const [x, channel] = [Math.floor(k / 3) % 32, k % 3];
    return channel === (x < 8 ? 0 : x < 24 ? 1 : 2) ? 255 : 0;
  }),
});

beforeAll(() => {
  process.env.UNROLLED_CACHE = join(folder, 'cache');
  writeFileSync(join(folder, 'stripes.png'), stripes);
  mkdirSync(join(folder, 'clip'));
  for (const t of [1, 2]) writeFileSync(join(folder, `clip/frame${t}.png`), stripes);
});
afterAll(() => {
  if (cache === undefined) delete process.env.UNROLLED_CACHE;
  else process.env.UNROLLED_CACHE = cache;
  rmSync(folder, { recursive: true, force: true });
});

const size = 8;
/** The colors left, at the center and right of the middle row, and above its center. */
const seen = (pixels: Uint8Array) =>
  [size * 4, size * 4 + 4, size * 4 + 7, 4].map((at) => {
    const color = [...pixels.subarray(3 * at, 3 * at + 3)];
    const most = Math.max(...color);
    return most < 64 ? 'black' : ['red', 'green', 'blue'][color.indexOf(most)];
  });

describe.each([
  ['cover', ['green', 'green', 'green', 'green']],
  ['contain', ['red', 'green', 'blue', 'black']],
  ['squash', ['red', 'green', 'blue', 'green']],
  [undefined, ['green', 'green', 'green', 'green']], // a run from before the option
])('--fit %s', (fit, wanted) => {
  const source = { size, fit, background: 'black' };
  const skipped = () => new Skipped('stop');

  test('of images', async () => {
    const { images } = await holdImages([join(folder, 'stripes.png')], source, skipped(), () => {});
    expect(seen(images.data as Uint8Array)).toEqual(wanted);
  });

  test('of the frames of a clip', async () => {
    const clip = { ...source, perFrame: false, frames: null, rate: 1000 } as unknown as ClipSource;
    const [pixels] = await decodeClips([join(folder, 'clip')], clip, skipped(), () => {});
    expect(seen(pixels as Uint8Array)).toEqual(wanted);
  });

  test('is what the model must be fed', () => {
    expect(imageContract(source, 'unit')).toEqual({
      height: size,
      width: size,
      fit: fit ?? 'cover',
      background: [0, 0, 0],
      range: 'unit',
    });
  });
});
