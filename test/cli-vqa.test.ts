// `train vqa`, `ask` and `eval` as a person or a program meets them, on small images.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { encodePng } from 'unrolled/analysis';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const small = [
  '--size',
  '8',
  '--channels',
  '4,8',
  '--hidden',
  '12',
  '--batch',
  '8',
  '--threads',
  '1',
  '--lr',
  '0.01',
  '--val-frac',
  '0.3',
];

const at = workFolder('vqa');

const colors = { red: [220, 30, 30], blue: [30, 40, 220] } as const;

/** One color in the middle, another around it. */
function image(n: number): Uint8Array {
  const [inner, outer] = n % 2 ? [colors.red, colors.blue] : [colors.blue, colors.red];
  const data = new Uint8Array(16 * 16 * 3);
  for (let k = 0; k < 256; k++) {
    const [y, x] = [k >> 4, k % 16];
    const middle = Math.abs(y - 7.5) < 5 && Math.abs(x - 7.5) < 5;
    data.set(
      (middle ? inner : outer).map((v) => v - (n % 7)),
      3 * k,
    );
  }
  return encodePng({ height: 16, width: 16, data });
}

const questions = Array.from({ length: 40 }, (_, n) => [
  [`p${n}.png`, 'what color is in the middle?', n % 2 ? 'red' : 'blue'],
  [`p${n}.png`, 'what color is around it?', n % 2 ? 'blue' : 'red'],
  [`p${n}.png`, 'is it an image?', 'yes'],
]).flat();

const csv = (rows: readonly (readonly string[])[]) =>
  `image,question,answer\n${rows.map((r) => r.join(',')).join('\n')}\n`;

beforeAll(async () => {
  mkdirSync(at('photos'));
  for (let n = 0; n < 40; n++) writeFileSync(at(`photos/p${n}.png`), image(n));
  writeFileSync(at('questions.csv'), csv(questions));
  const { code, err } = await unrolled(
    'train',
    'vqa',
    'questions.csv',
    '--images',
    'photos',
    '--out',
    'run',
    '--steps',
    '60',
    ...small,
  );
  if (code !== 0) throw new Error(err);
});

test('training prints accuracy next to that with exchanged images and of the question-only baseline, and leaves a page', async () => {
  const args = ['train', 'vqa', 'questions.csv', '--images', 'photos', '--out', 'shown', '--steps', '10', ...small];
  const { code, err } = await unrolled(...args);
  expect(code, err).toBe(0);
  expect(err).toMatch(/baseline +0\.\d+ accuracy of predicting each question’s most frequent answer/);
  expect(err).toMatch(/accuracy \d\.\d+ +shuffled \d\.\d+/);
  expect(err).toMatch(/npx unrolled ask shown .*photos\/p\d+\.png "/);
  const page = readFileSync(at('shown/answers.html'), 'utf8');
  expect(page).toContain('data:image/png;base64,');
  expect(page).toContain('what color is in the middle?');
});

test('what makes images square is kept with the run, for its data and for what it is asked', async () => {
  const args = ['train', 'vqa', 'questions.csv', '--images', 'photos', '--out', 'padded', '--fit', 'contain'];
  const { code, err } = await unrolled(...args, '--steps', '1', ...small);
  expect(code, err).toBe(0);
  const { data, model } = JSON.parse(readFileSync(at('padded/config.json'), 'utf8'));
  expect([data.read.fit, model.input.image.fit]).toEqual(['contain', 'contain']);
});

test('an image is asked about, in words or as JSON', async () => {
  const { code, out } = await unrolled('ask', 'run', 'photos/p3.png', 'what color is in the middle?', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ answer: 'red', question: 'what color is in the middle?' });
  const words = (await unrolled('ask', 'run', 'photos/p2.png', 'what color is in the middle?')).out;
  expect(words).toMatch(/^blue /);
  expect(words).toContain('question-only baseline: ');
});

test('a table of images and questions gets a line for each', async () => {
  writeFileSync(at('new.csv'), 'image,question\np1.png,what color is around it?\np2.png,is it an image?\n');
  // p1 next to the table is another image than the one that was trained on: images are read from next to the table, unless --images names another folder.
  writeFileSync(at('p1.png'), image(2));
  writeFileSync(at('p2.png'), image(2));
  const beside = await unrolled('predict', 'run', '--file', 'new.csv');
  expect(beside.out.split('\t')[0]).toBe('red');
  expect(beside.err).toContain('images read from .');
  const { out, err } = await unrolled('predict', 'run', '--file', 'new.csv', '--images', 'photos');
  expect(err).toContain('images read from photos');
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[0]),
    err,
  ).toEqual(['blue', 'yes']);
});

test('eval tells accuracy by kind of question, with exchanged images and the question-only baseline', async () => {
  const { code, out, err } = await unrolled('eval', 'run', '--json');
  expect(code, err).toBe(0);
  const result = JSON.parse(out);
  expect(result.accuracy).toBe(1);
  expect(result.shuffled).toBeLessThan(1);
  expect(result.questionOnly).toBeLessThan(0.8);
  expect(result.byType.map(({ type }: { type: string }) => type).sort()).toEqual(['is it', 'what color']);
  expect((await unrolled('eval', 'run')).out).toMatch(/what color +1\.000 +0\.\d+ +0\.\d+ +\d+/);
});

test('eval of another file reads the images that lie with it, not those of the training data with the same names', async () => {
  mkdirSync(at('other'), { recursive: true });
  for (let n = 0; n < 4; n++) writeFileSync(at(`other/p${n}.png`), image(n + 1));
  const rows = [0, 1, 2, 3].map((n) => [`p${n}.png`, 'what color is in the middle?', n % 2 ? 'blue' : 'red']);
  writeFileSync(at('other/q.csv'), csv(rows));
  const right = JSON.parse((await unrolled('eval', 'run', '--file', 'other/q.csv', '--json')).out);
  expect(right).toMatchObject({ accuracy: 1, folder: 'other' });
  const wrong = await unrolled('eval', 'run', '--file', 'other/q.csv', '--images', 'photos');
  expect(wrong.out).toMatch(/accuracy +0\.0000/);
  expect(wrong.out).toMatch(/images +read from photos/);
  expect((await unrolled('eval', 'run', '--images', 'photos')).err).toContain('--images: means nothing without --file');
  expect((await unrolled('eval', 'run', '--beams', '2')).err).toContain('--beams: means nothing to a run of train vqa');
});

test('a question that is longer than the model reads is reported as truncated', async () => {
  const long = `what ${'very '.repeat(60)}color is it?`;
  const { err, code } = await unrolled('ask', 'run', 'photos/p3.png', long);
  expect(code).toBe(0);
  expect(err).toMatch(/text 1: the model read the first 40 of 6\d tokens/);
});

test('a question-only model trains without images, and says so', async () => {
  const args = [
    'train',
    'vqa',
    'questions.csv',
    '--images',
    'photos',
    '--out',
    'question-only',
    '--form',
    'question-only',
    '--steps',
    '20',
  ];
  expect((await unrolled(...args, ...small)).code).toBe(0);
  const { out } = await unrolled('eval', 'question-only');
  expect(out).toContain('a model without images has none');
});

test('a model of form map trains, answers and draws its attention maps', async () => {
  const form = ['--form', 'map', '--kernel', '2', '--maps', '4', '--word-dropout', '0.1', '--steps', '20'];
  const args = ['train', 'vqa', 'questions.csv', '--images', 'photos', '--out', 'steps', ...form, ...small];
  const { code, err } = await unrolled(...args);
  expect(code, err).toBe(0);
  expect(err).toMatch(/map, 4 maps, convolutions 4-8 of 2×2,/);
  expect((await unrolled('ask', 'steps', 'photos/p3.png', 'is it an image?')).out).toMatch(/^(yes|red|blue) /);
  const asked = ['photos/p3.png', 'is it an image?', 'what color is it?'];
  expect((await unrolled('ask', 'steps', ...asked, '--draw', 'where.svg')).err).toMatch(/where-1\.svg.*where-2\.svg/s);
  expect(readFileSync(at('where-2.svg'), 'utf8')).toMatch(/>what<.*>color<.*>it<.*/s);
  expect((await unrolled('ask', 'run', ...asked, '--draw', 'where.html')).err).toContain(
    'a model of form map has an attention map for each word; this run is of form product',
  );
  expect((await unrolled(...args, '--layers', '2', '--out', 'none')).err).toContain('form map has 1, got 2');
});

test('images that are damaged or not there are left out and counted; none at all is an error', async () => {
  writeFileSync(at('photos/bad.png'), image(1).subarray(0, 60));
  writeFileSync(at('some.csv'), csv([...questions, ['bad.png', 'is it?', 'no'], ['none.png', 'is it?', 'no']]));
  const args = ['--images', 'photos', '--out', 'some', '--steps', '5', ...small];
  const { code, err } = await unrolled('train', 'vqa', 'some.csv', ...args);
  expect(code, err).toBe(0);
  expect(err).toContain('whose image is not there');
  expect(err).toMatch(/1 of 41 images was|1 of 41 images were/);
  const elsewhere = await unrolled('train', 'vqa', 'questions.csv', '--images', 'cache', '--out', 'none', ...small);
  expect(elsewhere.code).not.toBe(0);
  expect(elsewhere.err).toContain('none of its images is in cache');
  expect(existsSync(at('none'))).toBe(false);
});

test('a folder of images is asked about image by image; a damaged one has an error in its place', async () => {
  mkdirSync(at('folder'));
  for (const n of [1, 2]) writeFileSync(at(`folder/p${n}.png`), image(n));
  writeFileSync(at('folder/p10.png'), image(1).subarray(0, 60));
  const asked = ['predict', 'run', 'folder', 'what color is in the middle?'];
  const { code, out, err } = await unrolled(...asked, '--json');
  expect(code, err).toBe(0);
  const answers = out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>); // biome-ignore format: one line
  expect(answers.map(({ image: name, answer = 'none' }) => [name, answer])).toEqual([
    ['folder/p1.png', 'red'],
    ['folder/p2.png', 'blue'],
    ['folder/p10.png', 'none'],
  ]);
  expect(answers[2].error).toBeTruthy();
  expect(err).toContain('row 3 has no answer: folder/p10.png');
  expect((await unrolled(...asked, '--bad-rows', 'stop')).code).not.toBe(0);
  writeFileSync(at('gone.csv'), 'image,question\nnowhere.png,what?\np2.png,what color is in the middle?\n');
  const rows = (await unrolled('predict', 'run', '--file', 'gone.csv', '--images', 'folder', '--json')).out;
  expect(rows.trim().split('\n').map((line) => (JSON.parse(line) as { error?: string }).error ?? null)).toEqual(['missing', null]); // biome-ignore format: one line
});

test('mirrored images are learned from with words exchanged in questions and answers, and images are changed at random', async () => {
  const rows = Array.from({ length: 12 }, (_, n) => [`p${n}.png`, 'is it left?', n % 2 ? 'left' : 'right']);
  writeFileSync(at('sides.csv'), csv(rows));
  const args = ['train', 'vqa', 'sides.csv', '--images', 'photos', '--steps', '3', ...small];
  const more = ['--mirror', 'left=right', '--shift', '1', '--color', '0.2', '--label-smoothing', '0.1'];
  const { code, err } = await unrolled(...args, '--out', 'sides', ...more);
  expect(code, err).toBe(0);
  expect(err).toMatch(/16 to learn, 4 to validate/); // 8 images, twice
  const { training } = JSON.parse(readFileSync(at('sides/config.json'), 'utf8'));
  expect(training).toMatchObject({ mirror: 'left=right', shift: 1, color: 0.2, labelSmoothing: 0.1 });
  const tokens = JSON.stringify(JSON.parse(readFileSync(at('sides/tokenizer.json'), 'utf8')));
  expect(tokens).toMatch(/"right"/);
});

test('what cannot be asked is told', async () => {
  expect((await unrolled('ask', 'run', 'photos/nowhere.png', 'what?')).err).toContain('nowhere.png');
  expect((await unrolled('train', 'vqa')).err).toContain('--demo scenes');
});
