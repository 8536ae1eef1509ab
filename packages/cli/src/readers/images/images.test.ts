// Images made here by sharp, good and bad: what is read, what is left out and counted, and the messages.

import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Skipped } from '../skipped.ts';
import {
  backgroundOf,
  decodeAnimation,
  decodeImage,
  inside,
  load,
  openImages,
  PixelCache,
  imageSettings,
} from './index.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-images-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 60 × 40: the left half red, the right half blue, a white corner at the top left. */
const pixels = Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => {
  const [x, y, c] = [Math.floor(i / 3) % 60, Math.floor(i / 180), i % 3];
  if (x < 10 && y < 10) return 255;
  return (x < 30 ? c === 0 : c === 2) ? 200 : 20;
});
const image = () => sharp(pixels, { raw: { width: 60, height: 40, channels: 3 } });
const squashed = imageSettings({ height: 40, width: 60, fit: 'squash' });

const at = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number) =>
  Array.from(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));

function near(pixel: readonly number[], wanted: readonly number[], by = 12) {
  for (let c = 0; c < 3; c++) expect(Math.abs(pixel[c] - wanted[c]), `${pixel} for ${wanted}`).toBeLessThanOrEqual(by);
}

const white = [255, 255, 255];
const red = [200, 20, 20];
const blue = [20, 20, 200];

describe('decodeImage', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('%s', async (format) => {
    const bytes = await image().toFormat(format, { quality: 95 }).toBuffer();
    const decoded = await decodeImage(bytes, 'x', squashed);
    expect([decoded.height, decoded.width, decoded.data.length]).toEqual([40, 60, 7200]);
    near(at(decoded, 3, 3), white, 25);
    near(at(decoded, 15, 30), red, 25);
    near(at(decoded, 50, 30), blue, 25);
  });

  test('cover cuts out the middle, contain shows all between bars, squash stretches', async () => {
    const bytes = await image().png().toBuffer();
    const side = (fit: 'cover' | 'contain' | 'squash') =>
      decodeImage(bytes, 'x', imageSettings({ height: 30, width: 30, fit, background: [0, 255, 0] }));
    near(at(await side('cover'), 1, 15), red);
    near(at(await side('contain'), 15, 1), [0, 255, 0]);
    near(at(await side('contain'), 1, 6), white, 40);
    near(at(await side('squash'), 1, 1), white);
  });

  test('a camera that was held another way is turned back', async () => {
    const turned = await image().rotate(90).jpeg({ quality: 95 }).withMetadata({ orientation: 8 }).toBuffer();
    const decoded = await decodeImage(turned, 'x', squashed);
    near(at(decoded, 3, 3), white, 25);
    near(at(decoded, 50, 30), blue, 25);
  });

  test('gray, 16 bits, CMYK and transparent images become RGB', async () => {
    const gray = await decodeImage(await image().grayscale().png().toBuffer(), 'x', squashed);
    expect(new Set(at(gray, 15, 30)).size).toBe(1);
    const deep = await decodeImage(await image().toColorspace('rgb16').png().toBuffer(), 'x', squashed);
    near(at(deep, 15, 30), red);
    const print = await image().toColorspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(print).metadata()).space).toBe('cmyk');
    const [r, g, b] = at(await decodeImage(print, 'x', squashed), 15, 30);
    expect(r).toBeGreaterThan(Math.max(g, b) + 80); // inks are not lamps: about that red
    const glass = await sharp({
      create: { width: 9, height: 9, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    near(at(await decodeImage(glass, 'x', squashed), 5, 5), [255, 128, 128]);
    near(at(await decodeImage(glass, 'x', { ...squashed, background: backgroundOf('black') }), 5, 5), [128, 0, 0]);
    near(at(await decodeImage(glass, 'x', { ...squashed, background: backgroundOf('#0080fF') }), 5, 5), [128, 64, 128]);
  });

  test('what is behind an image has a name or is #rrggbb; runs that say nothing were trained on black', () => {
    expect(['white', 'black', '#0a10fF', undefined].map(backgroundOf)).toEqual([
      [255, 255, 255],
      [0, 0, 0],
      [10, 16, 255],
      [0, 0, 0],
    ]);
    for (const name of ['', 'red', '#fff', '0a10ff'])
      expect(() => backgroundOf(name)).toThrow(/background: expected white, black or #rrggbb, got /);
  });

  test('of a TIFF with several pages the first is the image', async () => {
    const pages = await animated('tiff');
    expect((await sharp(pages).metadata()).pages).toBe(3);
    near(at(await decodeImage(pages, 'x', squashed), 30, 20), [255, 0, 0], 20);
  });

  const cut = async (format: 'jpeg' | 'png' | 'webp' | 'gif') => {
    const bytes = await image().toFormat(format).toBuffer();
    return bytes.subarray(0, Math.floor(0.6 * bytes.length));
  };

  test.each(['jpeg', 'png', 'webp', 'gif'] as const)(
    'a %s that is cut off is damaged, not half an image',
    async (format) => {
      await expect(decodeImage(await cut(format), 'photos/a.jpg', squashed)).rejects.toThrow(
        /^photos\/a\.jpg: damaged: /,
      );
    },
  );

  test('says what is no image, none that is read, empty, too large, or moves', async () => {
    const say = async (bytes: Uint8Array, settings = squashed) => decodeImage(bytes, 'a.jpg', settings);
    await expect(say(Buffer.from('<html>404 not found</html>'))).rejects.toThrow('a.jpg: not an image');
    await expect(say(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).rejects.toThrow(
      'a.jpg: of the format svg; JPEG, PNG, WebP, GIF, TIFF, AVIF are read',
    );
    await expect(say(new Uint8Array(0))).rejects.toThrow('a.jpg: empty');
    const moving = await animated();
    await expect(say(moving)).rejects.toThrow('a.jpg: animated where a still image is expected: 3 frames');
  });

  test('a bomb is refused by its header: 20,000 × 20,000 pixels in a few kilobytes', async () => {
    const bomb = blackPng(20_000);
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().rss;
    await expect(decodeImage(bomb, 'bomb.png', squashed)).rejects.toThrow(
      'bomb.png: too large: 20000 × 20000; at most 100,000,000 pixels are decoded',
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });
});

/** A black PNG of `side` × `side` pixels of one bit, its bytes as the format has them. */
function blackPng(side: number): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const rows = Buffer.alloc(side * (1 + Math.ceil(side / 8)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Three frames: red, green, blue; shown for .1, .2 and .3 seconds. */
async function animated(format: 'gif' | 'webp' | 'tiff' = 'gif'): Promise<Uint8Array> {
  const frames = await Promise.all(
    ['#f00', '#0f0', '#00f'].map((background) =>
      sharp({ create: { width: 12, height: 8, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .toFormat(format, { delay: [100, 200, 300], lossless: true })
    .toBuffer();
}

describe('decodeAnimation', () => {
  test.each(['gif', 'webp'] as const)('all frames of a %s, in order', async (format) => {
    const settings = imageSettings({ height: 4, width: 4 });
    const { clip, delays } = await decodeAnimation(await animated(format), 'a.gif', settings);
    expect([clip.frames, clip.height, clip.width]).toEqual([3, 4, 4]);
    expect(delays).toEqual([100, 200, 300]);
    near(Array.from(clip.data.subarray(0, 3)), [255, 0, 0], 20);
    near(Array.from(clip.data.subarray(48, 51)), [0, 255, 0], 20);
    near(Array.from(clip.data.subarray(96, 99)), [0, 0, 255], 20);
  });

  test('a still image is one frame; a thousand large frames are a bomb too', async () => {
    const still = await decodeAnimation(await image().gif().toBuffer(), 'a.gif', imageSettings());
    expect(still.clip.frames).toBe(1);
    const few = imageSettings({ maxPixels: 100 });
    await expect(decodeAnimation(await animated(), 'a.gif', { ...few, maxPixels: 20 })).rejects.toThrow(
      'a.gif: too large',
    );
  });
});

/** A folder of `count` images, each of another gray, and the names. */
async function grays(name: string, count: number): Promise<string[]> {
  mkdirSync(join(folder, name), { recursive: true });
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const file = join(folder, name, `${n}.png`);
      const background = { r: 10 * n, g: 10 * n, b: 10 * n };
      // Sizes differ, so that they are not done in the order they were begun.
      const side = 8 + ((n * 7) % 5) * 200;
      await sharp({ create: { width: side, height: side, channels: 3, background } })
        .png()
        .toFile(file);
      return file;
    }),
  );
}

const tiny = imageSettings({ height: 2, width: 2 });

describe('openImages', () => {
  test('images come in the order of the files, however many are under way; bad ones are named and counted', async () => {
    const files = await grays('order', 20);
    writeFileSync(files[3], readFileSync(files[3]).subarray(0, 50));
    rmSync(files[11]);
    for (const atOnce of [1, 7]) {
      const skipped = new Skipped('skip', ['image', 'images']);
      const opened = await openImages([...files, files[5]], tiny, { cache: null, skipped, atOnce });
      expect([opened.count, opened.height, opened.width]).toEqual([18, 2, 2]);
      expect(opened.numbers[3]).toBe(-1);
      expect(opened.numbers[20]).toBe(opened.numbers[5]);
      expect(opened.files[opened.numbers[12]]).toBe(files[12]);
      const batch = await opened.read([opened.numbers[19], opened.numbers[0], opened.numbers[4]]);
      expect([batch[0], batch[12], batch[24]]).toEqual([190, 0, 40]);
      expect(skipped.report(folder, 20)).toEqual([
        `2 of 20 images were left out: 1 damaged (${files[3]}), 1 not there (${files[11]})`,
      ]);
    }
    const strict = new Skipped('stop', ['image', 'images']);
    await expect(openImages(files, tiny, { cache: null, skipped: strict })).rejects.toThrow(`${files[3]}: damaged`);
  });

  test('many bad ones stop a run before it starts', async () => {
    const files = await grays('many', 4);
    for (const file of files.slice(1)) writeFileSync(file, 'not one');
    const skipped = new Skipped('few', ['image', 'images']);
    await openImages(files, tiny, { cache: null, skipped });
    expect(() => skipped.report('many', 4)).toThrow(/3 of 4 images cannot be used: 3 not an image \(.*1\.png; .*\)/);
  });

  test('never more decoded at once than the limit', async () => {
    let [now, most] = [0, 0];
    const items = Array.from({ length: 30 }, (_, n) => ({
      file: `${n}`,
      open: async () => ({
        key: `${n}`,
        decode: async () => {
          most = Math.max(most, ++now);
          await new Promise((resolve) => setTimeout(resolve, (n * 7) % 5));
          now--;
          return { frames: 1, height: 1, width: 1, data: Uint8Array.of(n, 0, 0) };
        },
      }),
    }));
    const loaded = await load(items, { cache: null, skipped: new Skipped('stop'), atOnce: 4 });
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(1);
    expect((await loaded.get(17)).data[0]).toBe(17);
  });

  test('what does not fit in memory is read again, and gives the same; a file that changed meanwhile is an error', async () => {
    const files = await grays('memory', 6);
    const open = (cache: PixelCache | null) =>
      openImages(files, tiny, { cache, skipped: new Skipped('stop'), memory: 30 });
    const all = [0, 1, 2, 3, 4, 5];
    const inMemory = await openImages(files, tiny, { cache: null, skipped: new Skipped('stop') });
    const cache = new PixelCache(join(folder, 'memory-cache'));
    expect(await (await open(cache)).read(all)).toEqual(await inMemory.read(all));
    const without = await open(null);
    expect(await without.read(all)).toEqual(await inMemory.read(all));
    await sharp({ create: { width: 3, height: 3, channels: 3, background: '#fff' } })
      .png()
      .toFile(files[5]);
    await expect(without.read([5])).rejects.toThrow(`${files[5]}: was changed during training`);
  });
});

describe('PixelCache', () => {
  test('an image is decoded once; other settings or other bytes are other entries', async () => {
    const files = await grays('cached', 5);
    const cache = () => new PixelCache(join(folder, 'cache'));
    const open = async (settings = tiny) => {
      const used = cache();
      const opened = await openImages(files, settings, { cache: used, skipped: new Skipped('stop') });
      return { used, batch: await opened.read([0, 1, 2, 3, 4]) };
    };
    const first = await open();
    expect([first.used.hits, first.used.made]).toEqual([0, 5]);
    const second = await open();
    expect([second.used.hits, second.used.made]).toEqual([5, 0]);
    expect(second.batch).toEqual(first.batch);
    expect((await open({ ...tiny, fit: 'squash' })).used.made).toBe(5);
    await sharp({ create: { width: 3, height: 3, channels: 3, background: '#fff' } })
      .png()
      .toFile(files[2]);
    const changed = await open();
    expect([changed.used.hits, changed.used.made]).toEqual([4, 1]);
    expect(changed.batch[24]).toBe(255);
  });

  test('an entry that is cut off, altered or unfinished is decoded again', async () => {
    const files = await grays('damage', 4);
    const root = join(folder, 'damaged-cache');
    const open = async () => {
      const cache = new PixelCache(root);
      const opened = await openImages(files, tiny, { cache, skipped: new Skipped('stop') });
      return { cache, batch: await opened.read([0, 1, 2, 3]) };
    };
    const { batch } = await open();
    const entries = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(entries.length).toBe(4);
    writeFileSync(entries[3], readFileSync(entries[3]).subarray(0, 20)); // not even its head
    writeFileSync(entries[0], readFileSync(entries[0]).subarray(0, 50)); // killed while it was written, by a system that does not rename
    const altered = readFileSync(entries[1]);
    altered[altered.length - 1] ^= 1;
    writeFileSync(entries[1], altered);
    const [old, fresh] = [`${entries[0]}.old.tmp`, `${entries[0]}.fresh.tmp`];
    for (const path of [old, fresh]) writeFileSync(path, 'half');
    utimesSync(old, 1, 1);
    const again = await open();
    expect([again.cache.damaged, again.cache.made, again.cache.hits]).toEqual([3, 3, 1]);
    expect(again.batch).toEqual(batch);
    expect([existsSync(old), existsSync(fresh)]).toEqual([false, true]); // another run may be writing the fresh one
  });

  test('a process that is killed while it fills the cache leaves one that is right', async () => {
    const files = await grays('killed', 24);
    const root = join(folder, 'killed-cache');
    const here = new URL('./index.ts', import.meta.url).href;
    const program = `
      const { openImages, PixelCache, imageSettings } = await import(${JSON.stringify(here)});
      const { Skipped } = await import(${JSON.stringify(new URL('../skipped.ts', import.meta.url).href)});
      const settings = imageSettings({ height: 256, width: 256 });
      const progress = (done) => done === 3 && process.stdout.write('now');
      const options = { cache: new PixelCache(${JSON.stringify(root)}), skipped: new Skipped('stop'), atOnce: 4, progress };
      await openImages(${JSON.stringify(files)}, settings, options);
      setInterval(() => {}, 1000);`;
    const loader = new URL('../../../../../tools/ts.mjs', import.meta.url).href;
    const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let predicted = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (predicted += text));
    await new Promise((resolve) => {
      child.stdout.once('data', resolve);
      child.once('exit', resolve);
    });
    child.kill('SIGKILL');
    expect(predicted).toBe('');
    const [cache, settings] = [new PixelCache(root), imageSettings({ height: 256, width: 256 })];
    const opened = await openImages(files, settings, { cache, skipped: new Skipped('stop') });
    expect(cache.hits).toBeGreaterThanOrEqual(3);
    expect(cache.hits + cache.made).toBe(24);
    for (let n = 0; n < 24; n++) expect(new Set(await opened.read([n]))).toEqual(new Set([10 * n]));
  });

  test('a cache that cannot be written to is done without', async () => {
    const files = await grays('nowhere', 2);
    writeFileSync(join(folder, 'a-file'), '');
    const cache = new PixelCache(join(folder, 'a-file'));
    const opened = await openImages(files, tiny, { cache, skipped: new Skipped('stop') });
    expect((await opened.read([1]))[0]).toBe(10);
    expect(cache.problem).toMatch(/^decoded images are not kept: E/);
  });
});

describe('inside', () => {
  test('a name must not lead out of the folder', () => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'sub'), { recursive: true });
    writeFileSync(join(root, 'sub', 'a.png'), '');
    writeFileSync(join(folder, 'secret.png'), '');
    symlinkSync(join(folder, 'secret.png'), join(root, 'link.png'));
    expect(inside(root, 'sub/a.png')).toEqual({ path: join(root, 'sub', 'a.png') });
    expect(inside(root, 'sub\\a.png')).toEqual({ path: join(root, 'sub', 'a.png') });
    expect(inside(root, join(root, 'sub', 'a.png'))).toEqual({ path: join(root, 'sub', 'a.png') });
    expect(inside(root, '../secret.png')).toEqual({ problem: 'outside' });
    expect(inside(root, '..')).toEqual({ problem: 'outside' });
    expect(inside(root, join(folder, 'secret.png'))).toEqual({ problem: 'outside' });
    expect(inside(root, 'link.png')).toEqual({ problem: 'outside' });
    expect(inside(root, 'b.png')).toEqual({ problem: 'missing' });
    expect(inside(root, 'a\0.png')).toEqual({ problem: 'missing' });
  });
});
