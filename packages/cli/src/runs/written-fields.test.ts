// The table of fields against what today's commands write: the configuration of every task, prepared and not trained, has the fields that the
// table asks for, and the table knows each that it has.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { writeSafetensors } from 'unrolled/io';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallCnn } from '../../../../test/small-cnn.ts';
import { settle } from '../command-line/options.ts';
import { optionsOfModel, type RunConfig } from './config.ts';
import { checkConfig, fieldsOf } from './fields.ts';
import { kinds } from '../tasks.ts';
import { type RunValues, trainingOf } from './options.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const lines = (count: number, row: (n: number) => string) =>
  `${Array.from({ length: count }, (_, n) => row(n)).join('\n')}\n`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-fields-'));
  writeFileSync(
    at('text.txt'),
    lines(200, (n) => `line ${n}`),
  );
  writeFileSync(at('text.vec'), 'text 1 2\na 1 2\n');
  writeFileSync(at('labels.csv'), `text,label\n${lines(40, (n) => `text ${n},${n % 2 ? 'odd' : 'even'}`)}`);
  writeFileSync(at('tags.csv'), `tokens,tags\n${lines(40, (n) => `a b${n},X ${n % 2 ? 'Y' : 'O'}`)}`);
  writeFileSync(at('pairs.csv'), `source,target\n${lines(40, (n) => `a ${n},b ${n}`)}`);
  writeFileSync(at('loads.csv'), `day,load\n${lines(60, (n) => `${n},${n % 7}.5`)}`);
  writeFileSync(at('dates.csv'), `date,load\n${lines(60, (n) => `2024-0${1 + Math.floor(n / 28)}-${String(1 + (n % 28)).padStart(2, '0')},${n % 7}.5`)}`); // biome-ignore format: one line
  for (const size of [24, 32]) writeFileSync(at(`cnn${size}.onnx`), (await smallCnn({ size })).bytes);
  const clips = ['a', 'b', 'c', 'd'];
  writeFileSync(
    at('clips.csv'),
    `clip,label\n${clips.map((clip, n) => `${clip},${n % 2 ? 'odd' : 'even'}`).join('\n')}\n`,
  );
  // Augmentation multiplies what is read: of a handful of images, not of a demonstration's thousands.
  for (const name of [
    'a.png',
    'b.png',
    'c.png',
    'd.png',
    ...clips.flatMap((clip) => [`${clip}/1.png`, `${clip}/2.png`]),
  ]) {
    mkdirSync(join(at(name), '..'), { recursive: true });
    await sharp({ create: { width: 24, height: 24, channels: 3, background: '#c33' } }).toFile(at(name));
  }
  writeFileSync(at('captions.csv'), `image,caption\n${clips.map((name) => `${name}.png,a red ${name}`).join('\n')}\n`);
  writeFileSync(at('questions.csv'), `image,question,answer\n${clips.map((name) => `${name}.png,is it ${name}?,yes`).join('\n')}\n`); // biome-ignore format: one line
  const features = { dtype: 'float32' as const, shape: [2, 3], data: new Float32Array(6) };
  writeFileSync(at('clips.safetensors'), writeSafetensors(new Map(clips.map((clip) => [clip, features]))));
  writeFileSync(at('shops.csv'), `day;shop;sales\n${lines(120, (n) => `${n % 60};${n < 60 ? 'a' : 'b'};${n % 7},5`)}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const smoothing = { labelSmoothing: 0.1 };
const changes = { valFrac: 0.25, flip: true, flipVertical: true, rotate90: true, shift: 1, crop: 0.1, color: 0.1, brightness: 0.2, mirror: 'left=right', mirrorVertical: 'up=down' }; // biome-ignore format: one line
const short = { length: 4, horizon: 2 };
const cases: readonly (readonly [task: string, what: string, flags: object, files: readonly string[]])[] = [
  ['text', 'a file', { seqLength: 8, batch: 2 }, ['text.txt']],
  ['classify', 'a table', {}, ['labels.csv']],
  ['classify', 'several labels and word vectors', { multiLabel: true, vectors: 'text.vec' }, ['labels.csv']],
  ['tag', 'word vectors', { vectors: 'text.vec' }, ['tags.csv']],
  ['tag', 'a table', {}, ['tags.csv']],
  ['translate', 'a table', {}, ['pairs.csv']],
  ['translate', 'batches by tokens', { batchTokens: 500 }, ['pairs.csv']],
  ['forecast', 'a table', { ...short, time: 'day' }, ['loads.csv']],
  [
    'forecast',
    'several series, with decimal commas',
    { ...short, series: 'shop', decimal: 'comma', period: 2 },
    ['shops.csv'],
  ],
  ['forecast', 'features of the calendar', { ...short, calendar: 'weekday' }, ['dates.csv']],
  ['forecast', 'named columns', { ...short, columns: 'load', missing: 'fill', spread: 1 }, ['loads.csv']],
  ['caption', 'a demonstration', { demo: 'scenes', captionsPerImage: 2, ...smoothing }, []],
  ['caption', 'images', changes, ['captions.csv']],
  ['vqa', 'a demonstration', { demo: 'scenes', ...smoothing }, []],
  ['vqa', 'images', { encoder: 'cnn24.onnx', fineTune: true, ...changes }, ['questions.csv']],
  ['video', 'clips', { encoder: 'cnn32.onnx', fineTune: true, ...smoothing, ...changes }, ['clips.csv']],
  [
    'video',
    'features',
    { features: 'clips.safetensors', validation: 'clips.csv', validationFeatures: 'clips.safetensors' },
    ['clips.csv'],
  ],
  ['video', 'a demonstration by frame', { demo: 'clips', perFrame: true }, []],
  ['memory', 'a problem', {}, ['adding']],
];

/** What config.json of such a run is. */
async function prepared(task: string, flags: object, files: readonly string[]): Promise<RunConfig> {
  const kind = kinds.find(({ name }) => name === task) as (typeof kinds)[number];
  const values = settle(`train ${task}`, kind.options, {}, { ema: 0.9, ...flags });
  const paths = task === 'memory' ? files : files.map(at);
  for (const name of ['vectors', 'encoder', 'features', 'validation', 'validationFeatures'])
    if (values[name]) values[name] = at(values[name] as string);
  const { model: options, settings, data } = await kind.prepare(values as never, [...paths], () => undefined);
  const model = optionsOfModel(options); // its type and input stand beside them in the file
  const training = {
    ...settings,
    ...trainingOf(values as unknown as RunValues),
    steps: 1,
    evalEvery: 1,
    sampleEvery: 1,
    patience: 0,
    warmup: 0,
  };
  return JSON.parse(JSON.stringify({ format: 'unrolled run', version: 2, task, model, training, data })) as RunConfig;
}

/** Of a configuration, as the table has them. */
function pathsOf({ training, data }: RunConfig): string[] {
  const { read, ...own } = data as RunConfig['data'] & { readonly read?: object };
  const parts = { training, data: own, 'data.read': read ?? {} };
  return Object.entries(parts).flatMap(([part, fields]) => Object.keys(fields).map((name) => `${part}.${name}`));
}

describe.each(kinds.map(({ name }) => name))('train %s', (task) => {
  const own = cases.filter(([name]) => name === task);
  const found = new Set<string>();

  test.each(own.map(([, what, flags, files]) => [what, flags, files] as const))(
    '%s',
    async (_what, flags, files) => {
      const config = await prepared(task, flags, files);
      expect(checkConfig({ ...config }, 'config.json')).toEqual({ config, unknown: [] });
      for (const path of pathsOf(config)) found.add(path);
    },
    90_000,
  ); // four views of every image of a demonstration

  test('writes all that the table knows', () => {
    // A leg's first step is taken from the checkpoint, and the part that a validation reads from the plan of --minutes: the table has them too. Imported
    // models are imported, and nothing that is trained is.
    const later = ['training.shards', 'training.from', 'training.validationPart', 'data.imported'];
    const others = fieldsOf(task).filter(({ path }) => !later.includes(path) && !found.has(path));
    expect(others).toEqual([]);
  });
});
