import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Random } from 'unrolled';
import { memoryProblems } from 'unrolled/data';
import { made, type PresetName, presets } from '../settings/presets.ts';
import type { Settings } from '../settings/settings.ts';
import { trainedOf } from './divided.ts';
import { exampleData, plainData } from './examples.ts';
import { packed } from './packed.ts';
import { examplePreview } from '../training/preview.ts';
import { redrawn } from './redrawn.ts';

const drawn = Object.keys(made) as PresetName[];
const sized = drawn.filter((name) => made[name]?.size);
const small = (name: PresetName): Settings => ({ ...presets[name], dataSize: made[name]?.size?.least ?? 0 });

/** The data of a task as rows that can be compared. */
async function rowsOf(name: PresetName, settings: Settings): Promise<readonly unknown[]> {
  const data = await exampleData(name, settings);
  if (data.kind === 'text') return Array.from(data.text);
  if (data.kind === 'series') return Array.from(data.series.values);
  return data.kind === 'memory' ? [] : data.rows;
}

/** The same as bytes, which are compared at once. */
const bytesOf = async (name: PresetName, settings: Settings) => Buffer.from(packed(await rowsOf(name, settings)));

test.each(sized)(
  '%s: settings make the same data again, another seed others, and as many as are asked for',
  async (name) => {
    const settings = { ...small(name), noise: 0.2 };
    const bytes = await bytesOf(name, settings);
    await plainData('sonnets', settings); // what was kept is made again
    expect((await bytesOf(name, settings)).equals(bytes)).toBe(true);
    expect((await bytesOf(name, { ...settings, dataSeed: 2 })).equals(bytes)).toBe(false);
    const twice = await rowsOf(name, { ...settings, dataSize: 2 * settings.dataSize });
    expect(twice.length).toBeGreaterThan(1.8 * (await rowsOf(name, settings)).length);
  },
);

test.each(sized)('%s: without noise the data are those of the rule, and noise changes them', async (name) => {
  const settings = { ...small(name), noise: 0 };
  expect(await exampleData(name, settings)).toBe(await plainData(name, settings));
  expect((await bytesOf(name, { ...settings, noise: 0.3 })).equals(await bytesOf(name, settings))).toBe(false);
});

/** SHA-256 of the packed data of each example, its first 16 digits: links that were shared train on these. */
const shared = {
  stories: '4ba0f82f28e81910',
  korean: 'f26eded0a3e50719',
  brackets: '3bcc5f667092a3f7',
  adding: '63db7010e6f1dbb2',
  'temporal-order': 'db42696fd283564f',
  sentiment: 'eed2168ab198f624',
  depth: 'ef75c08ea15d2ddf',
  dates: '0ce7af720f0ed189',
  scenes: '893002f2c13f5304',
  questions: 'fc0f4f7d7de4fd33',
  motions: 'ddecc7f0c2e8c9c9',
  seasons: '7ff4649d0f7e02e8',
} as const;

test.each(drawn)(
  '%s: its own settings make the data that links without settings of data have always had',
  async (name) => {
    const bytes = packed(await exampleData(name, presets[name]));
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe(shared[name as keyof typeof shared]);
  },
);

test('so much of a text is changed as noise says, more noise changes more of the same, and lines stay', async () => {
  const settings = { ...presets.stories, dataSize: 20_000, noise: 0 };
  const plain = await rowsOf('stories', settings);
  const changed = async (noise: number) => {
    const rows = await rowsOf('stories', { ...settings, noise });
    expect(rows.length).toBe(plain.length);
    return rows.flatMap((one, k) => (one === plain[k] ? [] : [k]));
  };
  const [some, more] = [await changed(0.1), await changed(0.3)];
  expect(Math.abs(some.length / plain.length - 0.1)).toBeLessThan(0.015); // a few are replaced by themselves
  expect(some.every((k) => more.includes(k))).toBe(true);
  expect(more.some((k) => plain[k] === '\n')).toBe(false);
});

test('labels and tags have noise where they train, and none where they validate', async () => {
  for (const [name, of] of [
    ['sentiment', 'label'],
    ['depth', 'tags'],
  ] as const) {
    const settings = { ...presets[name], dataSize: 400, noise: 0 };
    const plain = (await rowsOf(name, settings)) as Record<string, unknown>[];
    const noisy = (await rowsOf(name, { ...settings, noise: 1 })) as Record<string, unknown>[];
    const cut = trainedOf(plain.length, settings.validation);
    expect(noisy.slice(cut)).toEqual(plain.slice(cut));
    const same = noisy.slice(0, cut).filter((row, k) => JSON.stringify(row[of]) === JSON.stringify(plain[k][of]));
    expect(same.length).toBeLessThan(name === 'sentiment' ? 0.6 * cut : 0.05 * cut);
    expect(noisy.map(({ text, tokens }) => [text, tokens])).toEqual(plain.map(({ text, tokens }) => [text, tokens]));
  }
});

test('the noise of an image has the standard deviation that it is asked for, and questions about one image share it', async () => {
  const settings = { ...small('questions'), noise: 0.05 };
  const [plain, noisy] = [await plainData('questions', settings), await exampleData('questions', settings)];
  if (plain.kind !== 'questions' || noisy.kind !== 'questions') throw new Error('questions');
  expect(new Set(noisy.rows.map(({ image }) => image)).size).toBe(new Set(plain.rows.map(({ image }) => image)).size);
  const away = noisy.rows.flatMap(({ image }, k) => {
    const before = plain.rows[k].image.data;
    return Array.from(image.data, (value, at) => (before[at] > 60 && before[at] < 195 ? value - before[at] : 0)).filter(
      (d) => d !== 0,
    );
  });
  expect(Math.sqrt(away.reduce((sum, d) => sum + d * d, 0) / away.length) / 255).toBeCloseTo(0.05, 2);
});

test.each(['adding', 'temporal-order'] as const)(
  '%s: seed and noise change what trains, and never what tests',
  (name) => {
    const problem = memoryProblems[name].make({ length: 20 });
    const batch = (settings: { noise: number; dataSeed: number }, test = false) =>
      redrawn(problem, settings).batch(new Random(3), { rows: 200, test });
    const usual = problem.batch(new Random(3), { rows: 200 });
    expect(batch({ noise: 0, dataSeed: 1 })).toEqual(usual);
    const noisy = batch({ noise: 0.5, dataSeed: 1 });
    expect(noisy.input).toEqual(usual.input);
    expect(noisy.target).not.toEqual(usual.target);
    expect(batch({ noise: 0, dataSeed: 2 }).input).not.toEqual(usual.input);
    expect(batch({ noise: 0.5, dataSeed: 2 }, true)).toEqual(problem.batch(new Random(3), { rows: 200, test: true }));
  },
);

test.each(drawn)('%s: a preview shows the first of the data, and what noise changed', async (name) => {
  const settings = { ...small(name), noise: 1 };
  const preview = await examplePreview(name, settings);
  if (preview.kind === 'rows') {
    const marks = preview.rows.flatMap(({ input, target }) => [...input, ...target]).filter(({ noise }) => noise);
    expect(marks.length).toBeGreaterThan(0);
    expect(preview.rows.every(({ input }) => input.map(({ text }) => text).join('') !== '')).toBe(true);
  }
  if (preview.kind === 'images') {
    const data = await exampleData(name, settings);
    const [first] = 'rows' in data ? (data.rows as readonly { readonly image?: unknown }[]) : [];
    if (first.image) expect(JSON.stringify(preview.rows[0].image)).toBe(JSON.stringify(first.image));
    expect(preview.rows.length).toBe(8);
  }
  if (preview.kind === 'series') expect(preview.values).not.toEqual(preview.plain);
  const none = await examplePreview(name, { ...settings, noise: 0 });
  expect(JSON.stringify(none)).not.toContain('"noise":true');
});
