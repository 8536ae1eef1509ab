import { describe, expect, test } from 'vitest';
import { Random } from '../random.ts';
import { augment, checkAugment, colorMoments, normalizeImages } from './augment.ts';
import { makeScenes } from './synthetic/images/scenes.ts';
import { clipSet, imageSet } from './images.ts';

const scenes = makeScenes(4, 1).map(({ image }) => image);
const set = imageSet(scenes);
const shape = [4, 64, 64, 3];
const bytes = await set.read([0, 1, 2, 3]);
const all = { crop: 0.3, flip: 0.5, brightness: 0.3, contrast: 0.3, saturation: 0.3 };

describe('augment', () => {
  test('nothing asked for changes nothing, and what was given stays as it is', () => {
    const before = bytes.slice();
    expect(augment(bytes, shape, {}, new Random(1))).toEqual(before);
    augment(bytes, shape, all, new Random(1));
    expect(bytes).toEqual(before);
  });

  test('a seed decides; images of a batch are changed each in its own way', () => {
    expect(augment(bytes, shape, all, new Random(1))).toEqual(augment(bytes, shape, all, new Random(1)));
    expect(augment(bytes, shape, all, new Random(1))).not.toEqual(augment(bytes, shape, all, new Random(2)));
    const twice = Uint8Array.from([...scenes[0].data, ...scenes[0].data]);
    const changed = augment(twice, [2, 64, 64, 3], all, new Random(3));
    expect(changed.subarray(0, 12_288)).not.toEqual(changed.subarray(12_288));
  });

  test('a flip exchanges left and right, twice is once', () => {
    const once = augment(bytes, shape, { flip: 1 }, new Random(1));
    for (const [y, x, c] of [
      [10, 0, 0],
      [31, 20, 1],
      [63, 63, 2],
    ])
      expect(once[(y * 64 + x) * 3 + c]).toBe(bytes[(y * 64 + 63 - x) * 3 + c]);
    expect(augment(once, shape, { flip: 1 }, new Random(1))).toEqual(bytes);
  });

  test('a vertical flip exchanges top and bottom, twice is once', () => {
    const once = augment(bytes, shape, { flipVertical: 1 }, new Random(1));
    for (const [y, x, c] of [
      [0, 10, 0],
      [20, 31, 1],
    ])
      expect(once[(y * 64 + x) * 3 + c]).toBe(bytes[((63 - y) * 64 + x) * 3 + c]);
    expect(augment(once, shape, { flipVertical: 1 }, new Random(1))).toEqual(bytes);
  });

  test('quarter turns are those of numpy.rot90, each about as often', () => {
    // np.rot90([[1, 2], [3, 4]], k) for k = 0 … 3
    const turned = ['1,2,3,4', '2,4,1,3', '4,3,2,1', '3,1,4,2'];
    const square = Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    const many = new Uint8Array(400 * 12);
    for (let n = 0; n < 400; n++) many.set(square, 12 * n);
    const out = augment(many, [400, 2, 2, 3], { rotate90: true }, new Random(1));
    const seen = Array.from({ length: 400 }, (_, n) => [0, 3, 6, 9].map((k) => out[12 * n + k]).join());
    for (const one of turned) expect(seen.filter((other) => other === one).length, one).toBeGreaterThan(70);
    expect(new Set(seen).size).toBe(4);
    expect(() => augment(new Uint8Array(18), [1, 2, 3, 3], { rotate90: true }, new Random(1))).toThrow(
      'augment: rotate90: expected square images, got 2 × 3',
    );
  });

  test('a shift moves all pixels by as much, up to so many, and repeats those at the edge', () => {
    const row = Uint8Array.from([10, 20, 30, 40, 50].flatMap((v) => [v, v, v]));
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const out = augment(row, [1, 1, 5, 3], { shift: 2 }, new Random(seed));
      seen.add([0, 3, 6, 9, 12].map((k) => out[k]).join());
    }
    expect([...seen].sort()).toEqual([
      '10,10,10,20,30',
      '10,10,20,30,40',
      '10,20,30,40,50',
      '20,30,40,50,50',
      '30,40,50,50,50',
    ]);
  });

  test('moves leave what chance gives the other changes as it was', () => {
    const uniform = new Uint8Array(2 * 12).fill(90);
    const both = { brightness: 0.4, shift: 1, flipVertical: 0.5, rotate90: true };
    expect(augment(uniform, [2, 2, 2, 3], both, new Random(9))).toEqual(
      augment(uniform, [2, 2, 2, 3], { brightness: 0.4 }, new Random(9)),
    );
  });

  test('one kind of change does not change what chance gives the others', () => {
    const flips = (options: object) => {
      const random = new Random(5);
      return Array.from({ length: 20 }, () => {
        const [a] = augment(Uint8Array.from([9, 9, 9, 1, 1, 1]), [1, 1, 2, 3], options, random);
        return a < 5;
      });
    };
    expect(flips({ flip: 0.5, brightness: 0.1 })).toEqual(flips({ flip: 0.5 }));
    expect(new Set(flips({ flip: 0.5 })).size).toBe(2);
  });

  test('a crop is a window of the image: a ramp stays a ramp, less steep', () => {
    const ramp = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => 3 * (Math.floor(i / 3) % 64));
    const cropped = augment(ramp, [1, 64, 64, 3], { crop: 0.5 }, new Random(2));
    const row = Array.from({ length: 64 }, (_, x) => cropped[(30 * 64 + x) * 3]);
    for (let x = 1; x < 64; x++) expect(row[x] - row[x - 1]).toBeGreaterThanOrEqual(1);
    const steepness = (row[62] - row[1]) / 61;
    expect(steepness).toBeLessThan(3);
    expect(steepness).toBeGreaterThan(1.5 - 0.02);
    expect(row).toEqual(Array.from({ length: 64 }, (_, x) => cropped[(5 * 64 + x) * 3])); // and nothing else
  });

  test('brightness multiplies, contrast keeps the mean gray, saturation keeps each gray', () => {
    const gray = Uint8Array.from([60, 60, 60, 100, 100, 100]);
    const brighter = augment(gray, [1, 1, 2, 3], { brightness: 0.5 }, new Random(4));
    expect(brighter[3] / brighter[0]).toBeCloseTo(100 / 60, 1);
    const flatter = augment(gray, [1, 1, 2, 3], { contrast: 0.9 }, new Random(4));
    expect(flatter[0] + flatter[3]).toBe(160);
    expect(flatter[3] - flatter[0]).not.toBe(40);
    const color = Uint8Array.from([200, 50, 80]);
    const pale = augment(color, [1, 1, 1, 3], { saturation: 0.9 }, new Random(4));
    const luma = (p: Uint8Array) => 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
    expect(Math.abs(luma(pale) - luma(color))).toBeLessThan(1);
    expect(pale).not.toEqual(color);
    expect(augment(gray, [1, 1, 2, 3], { saturation: 1 }, new Random(4))).toEqual(gray);
  });

  test('all frames of a clip are changed in the same way', () => {
    const clip = Uint8Array.from([...scenes[0].data, ...scenes[1].data, ...scenes[0].data]);
    const changed = augment(clip, [1, 3, 64, 64, 3], { ...all, contrast: 0 }, new Random(6));
    expect(changed.subarray(0, 12_288)).toEqual(changed.subarray(2 * 12_288));
  });

  test('refuses what is none of it', () => {
    expect(() => checkAugment({ flip: 2 })).toThrow('augment: flip: expected a number from 0 to 1, got 2');
    expect(() => checkAugment({ crop: 1 })).toThrow('crop: expected a number from 0 to 0.9, got 1');
    expect(() => checkAugment({ shift: 1.5 })).toThrow('augment: shift: expected a whole number from 0, got 1.5');
    expect(() => checkAugment({ rotate90: 1 } as object)).toThrow('rotate90: expected true or false, got 1');
    expect(() => checkAugment({ rotate: 1 } as object)).toThrow('unknown option');
    expect(() => augment(bytes, [4, 64, 64], {}, new Random(1))).toThrow('expected images of shape [B, h, w, 3]');
    expect(() => augment(bytes, [3, 64, 64, 3], {}, new Random(1))).toThrow('got [49152]');
  });
});

describe('normalizeImages', () => {
  test('puts channels first, by hand', () => {
    const floats = normalizeImages(Uint8Array.from([255, 0, 51, 0, 255, 102]), [1, 1, 2, 3], {
      mean: [0.5, 0, 0.2],
      deviation: [0.5, 2, 1],
    });
    expect(Array.from(floats)).toEqual([1, -1, 0, 0.5, 0, Math.fround(0.2)].map((v) => expect.closeTo(v, 6)));
  });

  test('by the set’s own moments a set has mean 0 and deviation 1 in each color', async () => {
    const floats = normalizeImages(bytes, shape, await colorMoments(set));
    for (let c = 0; c < 3; c++) {
      const values = [0, 1, 2, 3].flatMap((b) =>
        Array.from(floats.subarray((b * 3 + c) * 4096, (b * 3 + c + 1) * 4096)),
      );
      const mean = values.reduce((a, v) => a + v, 0) / values.length;
      expect(mean).toBeCloseTo(0, 4);
      expect(values.reduce((a, v) => a + (v - mean) ** 2, 0) / values.length).toBeCloseTo(1, 4);
    }
  });
});

describe('sets in memory', () => {
  test('a batch is the images in the order asked for, to be changed as one likes', async () => {
    const batch = await set.read(Int32Array.of(2, 0));
    expect(batch.subarray(0, 12_288)).toEqual(scenes[2].data);
    expect(batch.subarray(12_288)).toEqual(scenes[0].data);
    batch.fill(0);
    expect((await set.read([2])).some((v) => v > 0)).toBe(true);
  });

  test('shorter clips end in zeros', async () => {
    const clip = (frames: number, value: number) => ({
      frames,
      height: 2,
      width: 1,
      data: new Uint8Array(frames * 6).fill(value),
    });
    const clips = clipSet([clip(2, 7), clip(1, 8), clip(5, 9)]);
    expect(Array.from(clips.lengths)).toEqual([2, 1, 5]);
    const batch = await clips.read([1, 0]);
    expect(Array.from(batch)).toEqual([...new Array(6).fill(8), ...new Array(6).fill(0), ...new Array(12).fill(7)]);
  });

  test('all have one size, and a clip has a frame', () => {
    expect(() => imageSet([])).toThrow('imageSet: the set is empty');
    expect(() => imageSet([scenes[0], makeScenes(1, 1, { size: 32 })[0].image])).toThrow('[32, 32, 3]');
    expect(() => clipSet([{ frames: 0, height: 1, width: 1, data: new Uint8Array(0) }])).toThrow(
      'clipSet: row 0: a clip has no frames',
    );
  });
});
