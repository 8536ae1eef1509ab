// What a pipeline is fed: the input contract of a run, images and clips as it says, and weights out of a stream.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import { readSafetensorsStream } from '../io/safetensors-stream.ts';
import { checkInput } from './contract/check.ts';
import { modelPart, type RunConfigFile, writeModelPart } from './contract/config.ts';
import { sha256, sha256Loop } from './hash.ts';
import { resize } from './images/resize.ts';
import { imageToText, videoClassification } from './tasks.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../../test/fixtures/runs/${name}`, import.meta.url));
const image = () => new Uint8Array(readFileSync(folder('inputs/red-left-0.png')));

async function problem(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was refused');
}

describe('the input contract', () => {
  test('a configuration of this version has its type and input; an older one’s are derived', () => {
    const config = JSON.parse(readFileSync(`${folder('caption-hard')}/config.json`, 'utf8')) as RunConfigFile;
    const derived = modelPart(config, 'run');
    expect(derived.input).toEqual({
      kind: 'image-to-text',
      image: { height: 16, width: 16, fit: 'contain', background: [0, 0, 0], range: 'symmetric' },
    });
    expect(modelPart({ ...config, model: writeModelPart(derived) }, 'run')).toEqual(derived);
  });

  test.each([
    [undefined, [0, 0, 0]],
    ['black', [0, 0, 0]],
    ['white', [255, 255, 255]],
    ['#0a80ff', [10, 128, 255]],
  ])('a run that was trained on images over %s is asked about images over it', (background, bytes) => {
    const config = JSON.parse(readFileSync(`${folder('caption-hard')}/config.json`, 'utf8')) as RunConfigFile;
    const read = { ...(config.data?.read as object), background };
    const { input } = modelPart({ ...config, data: { ...config.data, read } }, 'run');
    expect(input).toMatchObject({ image: { background: bytes } });
    const odd = { ...config, data: { ...config.data, read: { ...read, background: 'mauve' } } };
    expect(() => modelPart(odd, 'run')).toThrow('model.input.image.background: expected three bytes');
  });

  test.each([
    [{ kind: 'text-classification', maxTokens: 0 }, 'model.input.maxTokens: expected a whole number from 1'],
    [{ kind: 'image-to-text', image: { height: 1e9 } }, 'model.input.image.height'],
    [{ kind: 'sing' }, 'model.input.kind: expected a task, got "sing"'],
    [null, 'model.input.kind'],
  ])('refuses %o', (input, message) => {
    expect(() => checkInput(input, 'config.json')).toThrow(message);
  });
});

describe('images', () => {
  test('pixels of the right size are read as they are; those of another size as sharp makes them, within half a level', async () => {
    const captioner = await imageToText(folder('caption-soft'));
    const sharp = (await import('sharp')).default;
    const { data, info } = await sharp(image()).raw().toBuffer({ resolveWithObject: true });
    const pixels = { data: new Uint8Array(data), width: info.width, height: info.height };
    const [fromFile] = await captioner.caption(image());
    const [fromPixels] = await captioner.caption(pixels);
    expect(fromPixels.text).toBe(fromFile.text);
    for (const fit of ['cover', 'contain', 'squash'] as const) {
      const contract = { height: 16, width: 16, fit, background: [0, 0, 0], range: 'unit' } as const;
      const wide = {
        data: Uint8Array.from({ length: 40 * 30 * 3 }, (_, k) => 128 + 100 * Math.sin(k / 40)),
        width: 40,
        height: 30,
        channels: 3,
      } as const;
      const own = resize(wide, contract);
      const theirs = await sharp(wide.data, { raw: wide })
        .resize({ height: 16, width: 16, fit: fit === 'squash' ? 'fill' : fit, background: { r: 0, g: 0, b: 0 } })
        .raw()
        .toBuffer();
      const off = Array.from(own, (v, k) => Math.abs(v - theirs[k]));
      expect(off.reduce((a, b) => a + b, 0) / off.length, fit).toBeLessThan(0.5);
    }
  });

  test('what is no image is refused by name', async () => {
    const captioner = await imageToText(folder('caption-soft'));
    for (const [wrong, message] of [
      [{ data: new Uint8Array(5), width: 2, height: 2 }, 'expected 2 × 2 pixels of 1, 3 or 4 channels, got 5 bytes'],
      ['photo.jpg', 'expected pixels { data, width, height }, bytes or a Blob, got "photo.jpg"'],
      [new Uint8Array(9), 'image 0: is not an image that can be used'],
    ] as const)
      expect((await problem(() => captioner.caption(wrong as never))).message).toContain(message);
  });
});

test('clips: which frames are seen follows from the contract', async () => {
  const frames = Array.from({ length: 4 }, (_, t) => ({
    data: new Uint8Array(16 * 16 * 3).fill(40 * t),
    width: 16,
    height: 16,
  }));
  const tagger = await videoClassification(folder('video-frame'));
  if (tagger.per !== 'frame') throw new Error(tagger.per);
  const [slow] = await tagger.predict({ frames, rate: 12.5 });
  expect(slow.frames.map(({ frame }) => frame)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect((await problem(() => tagger.predict({ frames: [] }))).message).toContain('at least one frame');
});

test('SHA-256 in plain loops is that of the host', async () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, k) => (k * 7) % 256);
    expect(Buffer.from(sha256Loop(bytes)).toString('hex')).toBe(await sha256(bytes));
  }
});

test('a safetensors file comes tensor by tensor out of a stream, cut anywhere', async () => {
  const bytes = writeSafetensors(
    new Map([
      ['b', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['a', { shape: [2], data: Int32Array.of(7, 8) }],
    ]),
  );
  async function* pieces(of: Uint8Array, size: number) {
    for (let at = 0; at < of.length; at += size) yield of.subarray(at, at + size);
  }
  const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
  const whole = [...readSafetensors(bytes).tensors].toSorted(byName);
  for (const size of [1, 7, 1000]) {
    const found = [];
    for await (const entry of readSafetensorsStream(pieces(bytes, size))) found.push(entry);
    expect(found.toSorted(byName)).toEqual(whole);
  }
  for await (const [name] of readSafetensorsStream(new Blob([bytes as Uint8Array<ArrayBuffer>])))
    expect('ab').toContain(name);
  const all = async (of: Uint8Array) => {
    for await (const _ of readSafetensorsStream(pieces(of, 5))) continue;
  };
  expect((await problem(() => all(bytes.subarray(0, -1)))).message).toContain('cut off');
  expect((await problem(() => all(Uint8Array.from([...bytes, 0])))).message).toContain('belong to no tensor');
});
