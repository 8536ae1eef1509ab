// `train caption`, `eval` and `predict` as a person or a program meets them, on a folder of small images.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { encodePng } from 'unrolled/analysis';
import { makeScenes } from 'unrolled/data';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const small = ['--size', '16', '--cnn', '4-8', '--hidden', '12', '--batch', '8', '--steps', '12', '--threads', '1'];
/** So that it learns where a caption ends: a word is a map, and a hundred maps take a minute to become pixels. */
const ends = ['--steps', '30', '--lr', '0.01'];

const at = workFolder('caption');

beforeAll(async () => {
  mkdirSync(at('photos'));
  const scenes = makeScenes(24, 1, { size: 24, maxObjects: 1 });
  const list = scenes.map(({ image, captions }, n) => {
    writeFileSync(at(`photos/${n}.png`), encodePng(image));
    return { image: `${n}.png`, captions: captions.map((text) => `${text[0].toUpperCase()}${text.slice(1)}.`) };
  });
  writeFileSync(at('photos/damaged.png'), 'no image');
  writeFileSync(at('captions.json'), JSON.stringify([...list, { image: 'damaged.png', captions: ['Nothing'] }]));
  const { code, err } = await unrolled(
    'train',
    'caption',
    'captions.json',
    '--images',
    'photos',
    '--out',
    'run',
    ...small,
    ...ends,
  );
  if (code !== 0) throw new Error(err);
});

test('training says what was left out, validates by BLEU-4, and leaves a page of captions', async () => {
  const { code, err } = await unrolled(
    'train',
    'caption',
    'captions.json',
    '--images',
    'photos',
    '--out',
    'shown',
    '--color-channels',
    '4',
    ...small,
  );
  expect(code).toBe(0);
  expect(err).toMatch(/CNN 4-8, colors 4,/);
  expect(err).toMatch(/1 of 25 images were left out.*damaged\.png/s);
  expect(err).toMatch(/21 to learn, 3 to validate/);
  expect(err).toMatch(/bleu4 0\.\d+ {2}cider/);
  const page = readFileSync(at('shown/captions.html'), 'utf8');
  expect(page.match(/<article>/g)).toHaveLength(3);
  expect(page).toContain('data:image/png;base64,');
});

test('captions too short for BLEU-4 are validated by CIDEr', async () => {
  const list = Array.from({ length: 24 }, (_, n) => ({
    image: `${n}.png`,
    caption: n % 2 ? 'a dot' : 'one big square',
  }));
  writeFileSync(at('short.json'), JSON.stringify(list));
  const { code, err } = await unrolled(
    'train',
    'caption',
    'short.json',
    '--images',
    'photos',
    '--out',
    'short',
    ...small,
  );
  expect(code).toBe(0);
  expect(err).toContain('no caption to validate with has four words');
  expect(err).toMatch(/best cider \d/);
  expect(err).not.toContain('bleu4');
});

test('eval measures by everything that captions are measured by', async () => {
  const { code, out } = await unrolled('eval', 'run', '--beams', '3', '--json');
  expect(code).toBe(0);
  const result = JSON.parse(out) as Record<string, number>;
  expect(result.images).toBe(3);
  for (const name of ['bleu1', 'bleu2', 'bleu3', 'bleu4', 'rougeL', 'cider', 'meteorExact', 'exact', 'perplexity'])
    expect(typeof result[name], name).toBe('number');
  expect((await unrolled('eval', 'run')).out).toMatch(/METEOR \(exact\) +\d\.\d{3}/);
});

test('eval of another file reads the images that lie with it, and says which folder that was', async () => {
  mkdirSync(at('other'));
  // The same names, other images.
  for (let n = 0; n < 4; n++) writeFileSync(at(`other/${n}.png`), readFileSync(at(`photos/${n + 8}.png`)));
  const list = [0, 1, 2, 3].map((n) => ({ image: `${n}.png`, captions: ['A red circle.'] }));
  writeFileSync(at('other/captions.json'), JSON.stringify(list));
  const evaluate = (...more: string[]) => unrolled('eval', 'run', '--file', 'other/captions.json', '--json', ...more);
  const own = JSON.parse((await evaluate()).out);
  expect(own).toMatchObject({ images: 4, folder: 'other', features: null });
  const photos = JSON.parse((await evaluate('--images', 'photos')).out);
  expect(photos.folder).toBe('photos');
  expect(photos.loss).not.toBe(own.loss);
  expect((await unrolled('eval', 'run', '--file', 'other/captions.json')).out).toContain('images read from other');
  expect((await evaluate('--features', 'f.npy')).err).toContain('this run learned from pixels');
});

test('the last screen says what the best is by, and does not call the other metrics at that step the best', async () => {
  const args = ['train', 'caption', 'captions.json', '--images', 'photos', ...small];
  const bleu = await unrolled(...args, '--out', 'by-bleu', '--eval-every', '4');
  expect(bleu.err).toMatch(/best bleu4 0\.\d+ +\(there: validation loss \d.*perplexity/);
  const loss = await unrolled(...args, '--out', 'by-loss', '--best', 'loss', '--eval-every', '4', '--json');
  const { best, bestValidationLoss } = JSON.parse(loss.out);
  const measured = readFileSync(at('by-loss/metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const losses = measured.filter(({ type }) => type === 'evaluation');
  expect(bestValidationLoss).toBe(Math.min(...losses.map((event) => event.loss)));
  expect(best).toEqual({ by: 'loss', step: losses.find((event) => event.loss === bestValidationLoss).step });
  // A run without samples has a configuration that it finds again.
  expect((await unrolled(...args, '--out', 'by-loss', '--best', 'loss', '--eval-every', '4')).err).toContain(
    'this run is already finished',
  );
});

test('predict captions an image, and draws the attention map of each word', async () => {
  const { code, out } = await unrolled(
    'predict',
    'run',
    'photos/0.png',
    'photos/1.png',
    '--json',
    '--draw',
    'where.html',
  );
  expect(code).toBe(0);
  const [first, second] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, never>);
  expect([first.image, second.image]).toEqual(['photos/0.png', 'photos/1.png']);
  const { words, attention } = first as unknown as { words: string[]; attention: number[][] };
  expect(words.length).toBeGreaterThan(1);
  expect(attention).toHaveLength(words.length);
  for (const row of attention) expect(row).toHaveLength(16);
  expect(readFileSync(at('where.html'), 'utf8').match(/<article>/g)).toHaveLength(2);
  expect((await unrolled('predict', 'run', 'photos/0.png', '--draw', 'where.png')).code).toBe(0);
  expect([...readFileSync(at('where.png')).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
});

test('predict answers every image of a folder, a damaged one with an error, unless it is to stop there', async () => {
  mkdirSync(at('few/below'), { recursive: true });
  for (const [from, to] of [
    ['0.png', 'few/2.png'],
    ['1.png', 'few/10.png'],
    ['damaged.png', 'few/3.png'],
    ['2.png', 'few/below/1.png'],
  ])
    writeFileSync(at(to), readFileSync(at(`photos/${from}`)));
  const { code, out, err } = await unrolled('predict', 'run', 'few', '--json');
  expect(code).toBe(0);
  const answers = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>); // biome-ignore format: one line
  expect(answers.map(({ image }) => image)).toEqual(['few/2.png', 'few/3.png', 'few/10.png', 'few/below/1.png']);
  expect(answers[1]).toEqual({ image: 'few/3.png', error: 'not an image' });
  expect(answers.filter(({ caption }) => typeof caption === 'string')).toHaveLength(3);
  expect(err).toContain('few/3.png: not an image');
  expect((await unrolled('predict', 'run', 'few')).out.split('\n')[1]).toBe('\tfew/3.png\t(not an image)');
  const stopped = await unrolled('predict', 'run', 'few', '--bad-rows', 'stop');
  expect(stopped.code).toBe(1);
  expect(stopped.err).toContain('few/3.png: not an image');
  writeFileSync(at('list.txt'), '2.png\nbelow/1.png\n');
  const listed = await unrolled('predict', 'run', '--file', 'list.txt', '--images', 'few', '--json');
  expect(listed.out.trim().split('\n').map((line) => JSON.parse(line).caption)).toEqual([answers[0].caption, answers[3].caption]); // biome-ignore format: one line
});

test('predict prints the n best captions of an image, the best first', async () => {
  const { out } = await unrolled('predict', 'run', 'photos/0.png', '--n-best', '3', '--json');
  const { caption, nBest } = JSON.parse(out) as { caption: string; nBest: { caption: string; score: number }[] };
  expect(nBest).toHaveLength(3);
  expect(nBest[0].caption).toBe(caption);
  expect(nBest.map(({ score }) => score)).toEqual(nBest.map(({ score }) => score).sort((a, b) => b - a));
  expect((await unrolled('predict', 'run', 'photos/0.png', '--n-best', '2')).out).toMatch(/^-\d\.\d{3}\t.*\n-\d/);
  expect((await unrolled('predict', 'run', 'photos/0.png', '--n-best', '6')).err).toContain(
    '--n-best: expected at most --beams 5, got 6',
  );
});

test('every image is also trained on mirrored, with the words exchanged, and changed at random', async () => {
  const args = ['train', 'caption', 'captions.json', '--images', 'photos', ...small];
  const changes = ['--flip-vertical', '--rotate90', '--shift', '2', '--brightness', '0.2', '--ema', '0.9'];
  const { code, err } = await unrolled(...args, '--out', 'mirrored', '--mirror', 'left=right', ...changes);
  expect(err).toMatch(/42 to learn, 3 to validate/);
  expect(code).toBe(0);
  const { training } = JSON.parse(readFileSync(at('mirrored/config.json'), 'utf8'));
  expect(training).toMatchObject({ mirror: 'left=right', flipVertical: true, rotate90: true, shift: 2, ema: 0.9 });
  expect((await unrolled('eval', 'mirrored', '--json')).code).toBe(0);
  expect((await unrolled(...args, '--out', 'mirrored', '--mirror', 'left')).err).toContain('expected pairs of words');
});

test('what cannot be used is named, with what to do', async () => {
  const fails = async (args: string[], text: RegExp) => expect((await unrolled(...args)).err).toMatch(text);
  await fails(['predict', 'run', 'photos/damaged.png'], /damaged\.png: not an image/);
  await fails(
    ['predict', 'run', 'photos/0.png', '--draw', 'where.bmp'],
    /expected a file that ends in \.html, \.svg, \.png/,
  );
  await fails(['predict', 'run'], /name one image or more/);
  await fails(['train', 'caption'], /name a file with captions: npx unrolled train caption/);
  await fails(
    ['train', 'caption', 'captions.json', '--images', 'photos', '--cnn', '8-x'],
    /channels: expected whole numbers as in 16,32,64, got 8-x/,
  );
  await fails(
    ['train', 'caption', 'captions.json', '--images', 'photos', '--cnn', '8', '--color-channels', '4,4'],
    /colorChannels: expected at most 1 stages, as many as channels has, got 2/,
  );
  expect(existsSync(at('runs'))).toBe(false);
});

test('features of another network take the place of pixels, in every form', async () => {
  const names = Array.from({ length: 24 }, (_, n) => n);
  const shape = [24, 4, 6];
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY', 'latin1');
  head.set([1, 0, padded.length & 255, padded.length >> 8], 6);
  const values = Float32Array.from({ length: 24 * 24 }, (_, k) => Math.sin(k));
  writeFileSync(at('features.npy'), Buffer.concat([head, Buffer.from(padded), Buffer.from(values.buffer)]));
  const list = names.map((n) => ({ image: `${n}.png`, captions: [`number ${n % 3}`, `it is number ${n % 3}`] }));
  writeFileSync(at('numbers.json'), JSON.stringify(list));
  for (const form of ['soft', 'hard', 'prefix']) {
    const args = [
      'numbers.json',
      '--images',
      'photos',
      '--features',
      'features.npy',
      '--form',
      form,
      '--out',
      `f-${form}`,
    ];
    const { code, err } = await unrolled('train', 'caption', ...args, ...small.slice(4));
    expect(err).toContain('features of size 6');
    expect(code).toBe(0);
    expect((await unrolled('predict', `f-${form}`, 'photos/0.png')).err).toContain(
      'name the features of the images with --features',
    );
  }
  // The images themselves need not be there; features are captioned by themselves.
  const away = await unrolled('train', 'caption', 'numbers.json', '--images', 'nowhere', '--features', 'features.npy', '--out', 'away', ...small.slice(4)); // biome-ignore format: one line
  expect([away.code, away.err]).toEqual([0, expect.stringContaining('features of size 6')]);
  const { out } = await unrolled('predict', 'away', '--features', 'features.npy', '--json');
  const named = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>); // biome-ignore format: one line
  expect(named).toHaveLength(24);
  expect(named[23]).toMatchObject({ image: '24', caption: expect.any(String) as string });
  expect((await unrolled('predict', 'run', '--features', 'features.npy')).err).toContain(
    'this run learned from pixels',
  );
  // Another file has features of its own, which are named: never those that the run was trained on.
  writeFileSync(at('few.json'), JSON.stringify(list.slice(0, 3)));
  const evaluate = (...more: string[]) =>
    unrolled('eval', 'f-soft', '--file', 'few.json', '--images', 'photos', ...more);
  expect((await evaluate()).err).toContain(
    'this run learned from features of images; name those of the images of few.json',
  );
  expect((await evaluate('--features', 'features.npy')).err).toContain('has features of 24 images, and there are 3');
  expect(
    (await unrolled('eval', 'f-soft', '--file', 'numbers.json', '--images', 'photos', '--features', 'features.npy'))
      .out,
  ).toContain('features read from features.npy');
});
