// A pretrained CNN as the encoder of captions, questions and video, as a person meets it: features that are computed once, runs that need the file no more.

import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRun } from 'unrolled';
import { encodePng } from 'unrolled/analysis';
import { readSafetensors, writeSafetensors } from 'unrolled/io';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProcess as unrolled, workFolder } from './in-process.ts';
import { smallCnn } from './small-cnn.ts';

const at = workFolder('pretrained');
const before = process.env.UNROLLED_CACHE;
const usual = ['--threads', '1', '--hidden', '8', '--seed', '1'];
const encoder = ['--encoder', 'cnn.onnx'];

/** Red or blue, of one of several shades. */
function image(n: number): Uint8Array {
  const color = n % 2 ? [240, 10 + n, 20] : [10, 20 + n, 230];
  const data = Uint8Array.from({ length: 20 * 20 * 3 }, (_, k) => color[k % 3]);
  return encodePng({ height: 20, width: 20, data });
}

beforeAll(async () => {
  process.env.UNROLLED_CACHE = at('cache');
  mkdirSync(at('photos'));
  const colors = Array.from({ length: 24 }, (_, n) => (n % 2 ? 'red' : 'blue'));
  for (const [n] of colors.entries()) writeFileSync(at(`photos/p${n}.png`), image(n));
  writeFileSync(at('captions.csv'), `image,caption\n${colors.map((c, n) => `p${n}.png,a ${c} image`).join('\n')}\n`);
  writeFileSync(
    at('questions.csv'),
    `image,question,answer\n${colors.map((c, n) => `p${n}.png,what color is it?,${c}`).join('\n')}\n`,
  );
  for (const color of ['red', 'blue'])
    for (let n = color === 'red' ? 1 : 0; n < 24; n += 2) {
      mkdirSync(at(`clips/${color}/${n}`), { recursive: true });
      for (const t of [0, 1]) writeFileSync(at(`clips/${color}/${n}/frame${t}.png`), image(n + 24 * t));
    }
  writeFileSync(at('cnn.onnx'), (await smallCnn()).bytes);
  writeFileSync(at('cnn.keras'), (await smallCnn({ format: 'keras' })).bytes);
});

afterAll(() => {
  if (before === undefined) delete process.env.UNROLLED_CACHE;
  else process.env.UNROLLED_CACHE = before;
});

const entries = () =>
  readdirSync(at('cache/features'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/** Trains, and returns what was told before the run began. */
async function train(task: string, ...args: string[]): Promise<string> {
  const { code, err } = await unrolled('train', task, ...args, ...usual);
  expect(code, err).toBe(0);
  return err;
}

describe('captions', () => {
  const data = ['captions.csv', '--images', 'photos'];

  test('features are computed once, and come from the cache from then on', async () => {
    const first = await train('caption', ...data, ...encoder, '--steps', '4', '--out', 'first');
    expect(first).toContain('features of 22 images: 0 from the cache, 22 computed');
    expect(first).toContain('cnn.onnx, layer Relu_5 as 4 × 4 regions of 10, images of 16 × 16, normalized as imagenet');
    expect(first).toContain('frozen; its features are computed once');
    expect(
      entries().every(({ name, parentPath }) => /^[0-9a-f]{62}$/.test(name) && /[0-9a-f]{2}$/.test(parentPath)),
    ).toBe(true);
    expect(entries()).toHaveLength(24);
    const second = await train('caption', ...data, ...encoder, '--steps', '4', '--out', 'second');
    expect(second).toContain('features of 22 images: 22 from the cache, 0 computed');
    const weights = (run: string) => readFileSync(at(`${run}/model.safetensors`));
    expect(weights('second').equals(weights('first'))).toBe(true);
    // Another preprocessing is another feature.
    const other = await train('caption', ...data, ...encoder, '--preprocess', 'unit', '--steps', '2', '--out', 'unit');
    expect(other).toContain('0 from the cache, 22 computed');
  });

  test('entries that were altered are computed again', async () => {
    await train('caption', ...data, ...encoder, '--steps', '4', '--out', 'whole');
    const [flipped, cut, long, strange] = entries().map(({ parentPath, name }) => join(parentPath, name));
    const bytes = readFileSync(flipped);
    bytes[bytes.length - 3] ^= 1;
    writeFileSync(flipped, bytes);
    writeFileSync(cut, readFileSync(cut).subarray(0, 100));
    writeFileSync(long, Buffer.concat([readFileSync(long), Buffer.alloc(8)]));
    writeFileSync(strange, 'features?');
    const rerun = await train('caption', ...data, ...encoder, '--steps', '4', '--out', 'recomputed');
    const computed = [...rerun.matchAll(/from the cache, (\d+) computed/g)].reduce((n, [, k]) => n + Number(k), 0);
    expect(computed).toBeGreaterThan(0);
    expect(computed).toBeLessThanOrEqual(4); // of this preprocessing or of the other one
    expect(readFileSync(at('recomputed/model.safetensors')).equals(readFileSync(at('whole/model.safetensors')))).toBe(
      true,
    );
  });

  test('a run answers without the file: predict, eval, and a program', async () => {
    await train(
      'caption',
      ...data,
      ...encoder,
      '--steps',
      '240',
      '--lr',
      '0.02',
      '--best',
      'loss',
      '--dropout',
      '0',
      '--form',
      'prefix',
      '--out',
      'run',
    );
    renameSync(at('cnn.onnx'), at('gone.onnx'));
    try {
      const { code, out, err } = await unrolled('predict', 'run', 'photos/p1.png', 'photos/p2.png');
      expect(code, err).toBe(0);
      expect(out).toContain('a red image');
      expect(out).toContain('a blue image');
      const measured = await unrolled('eval', 'run', '--json');
      const lines = readFileSync(at('run/metrics.jsonl'), 'utf8').trim().split('\n');
      const losses = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'evaluation');
      const best = losses.map(({ loss }) => loss as number);
      // The same loss from pixels as from the features that were kept.
      const { loss } = JSON.parse(measured.out) as { loss: number };
      expect(Math.min(...best.map((b) => Math.abs(b - loss)))).toBeLessThan(1e-4);
      const opened = (await openRun(at('run'))) as unknown as {
        caption(bytes: Uint8Array): Promise<{ text: string }[]>;
      };
      expect((await opened.caption(image(3)))[0].text).toBe('a red image');
      const again = await unrolled('train', 'caption', ...data, ...encoder, ...usual, '--steps', '80', '--out', 'run');
      expect(again.err).toContain('cnn.onnx: expected a file or folder, got nothing there');
    } finally {
      renameSync(at('gone.onnx'), at('cnn.onnx'));
    }
  });

  const network = (run: string) =>
    new Map(
      [...readSafetensors(readFileSync(at(`${run}/model.safetensors`)), run).tensors].filter(([name]) =>
        name.startsWith('encoder.'),
      ),
    );

  test('a frozen network ends as it began, and a fine-tuned one moves; an interrupted run goes on in the same bits', async () => {
    const tuned = ['--fine-tune', '--cnn-rate', '1', '--lr', '0.01'];
    await train('caption', ...data, ...encoder, '--steps', '6', '--out', 'frozen');
    await train('caption', ...data, ...encoder, ...tuned, '--steps', '6', '--out', 'tuned');
    const [frozen, moved] = [network('frozen'), network('tuned')];
    expect([...moved.keys()]).toEqual([...frozen.keys()]);
    const first = network('whole');
    for (const [name, { data: values }] of frozen) expect(values, name).toEqual(first.get(name)?.data);
    expect(
      [...moved].some(([name, { data: values }]) => Array.from(values).some((v, i) => v !== first.get(name)?.data[i])),
    ).toBe(true);
  });

  test('random changes of images need the network at every step', async () => {
    const told = await train('caption', ...data, ...encoder, '--flip', '--steps', '3', '--out', 'flipped');
    expect(told).toContain('frozen; it runs at every step, because images are changed at random');
    expect(told).not.toContain('from the cache');
  });

  test.each<[string, string[], string]>([
    ['a file that is no model', ['--encoder', 'captions.csv'], 'captions.csv: expected a model'],
    ['no file', ['--encoder', 'none.onnx'], 'none.onnx: expected a file or folder, got nothing there'],
    ['a damaged file', ['--encoder', 'cut.onnx'], 'cut.onnx'],
    [
      'a layer that is not there',
      [...encoder, '--encoder-layer', 'Relu_4'],
      '--encoder-layer: the network has no layer Relu_4; did you mean Relu_2?',
    ],
    ['another size', [...encoder, '--size', '64'], "--size: the network's input images is [batch, 3, 16, 16]"],
    [
      'a Keras file without its normalization',
      ['--encoder', 'cnn.keras'],
      '--preprocess: a Keras file does not say how its images were normalized',
    ],
    ['two numbers for three colors', [...encoder, '--mean', '1,2'], '--mean: expected three numbers'],
    ['options of another encoder', [...encoder, '--channels', '8,8'], '--channels: means nothing with --encoder'],
    [
      'a rate of what is frozen',
      [...encoder, '--cnn-rate', '0.5'],
      '--cnn-rate: a pretrained CNN stays frozen; say --fine-tune too',
    ],
    [
      'a start of fine-tuning without any',
      [...encoder, '--fine-tune-after', '2'],
      '--fine-tune-after: a pretrained CNN stays frozen',
    ],
  ])('%s is refused, and nothing is written', async (_, args, message) => {
    writeFileSync(at('cut.onnx'), readFileSync(at('cnn.onnx')).subarray(0, 900));
    const { code, err } = await unrolled(
      'train',
      'caption',
      ...data,
      ...args,
      ...usual,
      '--steps',
      '2',
      '--out',
      'refused',
    );
    expect(code).not.toBe(0);
    expect(err).toContain(message);
    expect(statSync(at('refused'), { throwIfNoEntry: false })).toBe(undefined);
  });

  test('an altered run is refused before it runs', async () => {
    const config = JSON.parse(readFileSync(at('run/config.json'), 'utf8'));
    config.model.encoder.outChannels = 11;
    writeFileSync(at('run/config.json'), JSON.stringify(config));
    const { code, err } = await unrolled('predict', 'run', 'photos/p1.png');
    expect(code).not.toBe(0);
    expect(err).toContain('run');
  });
});

test('questions: a Keras network, its map or its mean', async () => {
  const data = ['questions.csv', '--images', 'photos', '--encoder', 'cnn.keras', '--preprocess', 'keras-tf'];
  for (const summary of ['pooled', 'map']) {
    const told = await train(
      'vqa',
      ...data,
      '--summary',
      summary,
      '--steps',
      '80',
      '--lr',
      '0.01',
      '--out',
      `vqa-${summary}`,
    );
    expect(told).toContain('normalized as keras-tf');
    const { out } = await unrolled('ask', `vqa-${summary}`, 'photos/p1.png', 'what color is it?', '--json');
    expect(JSON.parse(out.split('\n')[0])).toMatchObject({ answer: 'red' });
  }
});

describe('video', () => {
  test('clips and frames; what evaluation measures on pixels is what training measured on features', async () => {
    await train('video', 'clips', ...encoder, '--steps', '40', '--lr', '0.02', '--out', 'video');
    const { out } = await unrolled('predict', 'video', 'clips/red/1', '--json');
    expect(JSON.parse(out.split('\n')[0])).toMatchObject({ label: 'red' });
    const measured = JSON.parse((await unrolled('eval', 'video', '--json')).out) as { accuracy: number };
    expect(measured.accuracy).toBe(1);
  });

  test('fine-tuning', async () => {
    const told = await train('video', 'clips', ...encoder, '--fine-tune', '--steps', '4', '--out', 'video-tuned');
    expect(told).toContain('fine-tuned: it runs at every step');
    expect(JSON.parse(readFileSync(at('video-tuned/config.json'), 'utf8')).training.cnnRate).toBe(0.1);
  });

  test('features of another network in place of clips', async () => {
    const names = Array.from({ length: 24 }, (_, n) => `${n % 2 ? 'red' : 'blue'}/${n}`);
    const tensors = new Map(
      names.map((name, n) => {
        const T = 2 + (n % 3);
        const data = Float32Array.from({ length: T * 3 }, (_v, k) => (n % 2 ? 1 : -1) + Math.sin(k + n) / 4);
        return [name, { dtype: 'float32' as const, shape: [T, 3], data }];
      }),
    );
    writeFileSync(at('features.safetensors'), writeSafetensors(tensors));
    writeFileSync(at('clips.csv'), `clip,label\n${names.map((name) => `${name},${name.split('/')[0]}`).join('\n')}\n`);
    const features = ['--features', 'features.safetensors'];
    const told = await train('video', 'clips.csv', ...features, '--steps', '60', '--lr', '0.02', '--out', 'features');
    expect(told).toContain('2 to 4 frames of 3 features');
    const { out, err } = await unrolled('predict', 'features', ...features, 'red/1', 'blue/4', '--json');
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).label),
      err,
    ).toEqual(['red', 'blue']);
    const own = JSON.parse((await unrolled('eval', 'features', '--json')).out) as { accuracy: number };
    const other = await unrolled('eval', 'features', '--file', 'clips.csv', ...features, '--json');
    expect([own.accuracy, JSON.parse(other.out).accuracy], other.err).toEqual([1, 1]);
    const refused = await unrolled('predict', 'features', 'clips/red/1');
    expect(refused.err).toContain('this run learned from features of frames; name those of the clips');
    const frames = await unrolled('predict', 'video', ...features, 'red/1');
    expect(frames.err).toContain('this run learned from frames; it reads clips');
    const missing = await unrolled('train', 'video', 'clips', '--features', 'other.npy', ...usual, '--steps', '2');
    expect(missing.err).toContain('other.npy');
  });
});
