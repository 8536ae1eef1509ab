// A run's configuration, field by field: what is missing, of another type or out of range is an error that names it.

import { expect, test } from 'vitest';
import { RunFolderError } from '../run-folder.ts';
import { checkConfig, checkPart, unknownNotice } from './fields.ts';

const sha256 = 'a'.repeat(64);
const training = {
  batch: 32,
  maxLength: 400,
  labelSmoothing: 0,
  balanced: false,
  optimizer: 'adam',
  lr: 0.002,
  momentum: 0,
  weightDecay: 0,
  schedule: 'cosine',
  warmup: 0,
  decayEvery: 1000,
  decay: 0.5,
  clip: 1,
  clipValue: 0,
  patience: 0,
  seed: 1,
  steps: 1,
  evalEvery: 1,
  sampleEvery: null,
};
const read = {
  paths: ['reviews.csv'],
  demo: null,
  text: null,
  label: null,
  group: null,
  where: null,
  header: true,
  badRows: 'few',
  validation: null,
  valFrac: 0.1,
  seed: 1,
};
const data = { source: 'reviews.csv', sha256, rows: 6000, read, longest: 15, example: 'superb' };
const config = { format: 'unrolled run', version: 2, task: 'classify', model: { hiddenSize: 8 }, training, data };

type Json = { [name: string]: unknown };

/** Every place in the configuration, as the way to it. */
function* places(value: unknown, way: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (way[0] !== 'model') yield [...way, name];
    yield* places(inner, [...way, name]);
  }
}

function changed(way: readonly string[], change: (holder: Json, name: string) => void): Json {
  const copy = structuredClone(config) as Json;
  const holder = way.slice(0, -1).reduce((at, name) => at[name] as Json, copy);
  change(holder, way.at(-1) as string);
  return copy;
}

test('a whole one is taken as it is', () => {
  expect(checkConfig(config, 'config.json')).toEqual({ config, unknown: [] });
});

test.each(Array.from(places(config), (way) => [way.join('.'), way] as const))(
  '%s has to be there, and of its type',
  (name, way) => {
    const where = way[0] === 'training' || way[0] === 'data' ? name.replaceAll('.', '\\.') : way[0];
    const errors = [
      changed(way, (holder, field) => delete holder[field]),
      ...[{ a: 1 }, [[]], -1, 1e300 * 10, 'nonsense'].map((bad) =>
        changed(way, (holder, field) => (holder[field] = bad)),
      ),
    ].map((bad) => {
      try {
        checkConfig(bad, 'config.json');
        return null;
      } catch (error) {
        if (!(error instanceof RunFolderError)) throw error;
        expect(error.code).toBe('run-corrupt');
        expect(error.message).toMatch(new RegExp(`^config\\.json: ${where}\\b`));
        return error.message;
      }
    });
    expect(errors[0]).not.toBeNull(); // missing
    expect(errors.filter((message) => message !== null).length).toBeGreaterThanOrEqual(4); // a text may be any text, an object any object
  },
);

test('another spelling is a field that is missing', () => {
  const { valFrac, ...rest } = read;
  const misspelt = { ...config, data: { ...data, read: { ...rest, vqlFrac: valFrac } } };
  expect(() => checkConfig(misspelt, 'config.json')).toThrow('config.json: data.read.valFrac: is missing');
  expect(() => checkConfig({ ...config, task: 'clasify' }, 'c')).toThrow(
    'there is no task "clasify"; did you mean classify?',
  );
  expect(() => checkConfig({ ...config, task: '__proto__' }, 'c')).toThrow('there is no task "__proto__"');
});

test('fields that nothing knows are told', () => {
  const { unknown } = checkConfig({ ...config, extra: 1, training: { ...training, seriesColumn: 'id' } }, 'c');
  expect(unknown).toEqual(['training.seriesColumn', 'extra']);
  expect(unknownNotice(unknown)).toContain('not known here and were not used: training.seriesColumn, extra');
  expect(unknownNotice([])).toBeNull();
  expect(unknownNotice([...'abcde'])).toContain('not used: a, b, c, d, e; a newer');
  expect(unknownNotice([...'abcdef'])).toContain('not used: a, b, c, d, e, …; a newer');
});

test('what stands in a field is quoted, and cut where it is long', () => {
  const text = (length: number) => 'x'.repeat(length - 2); // JSON adds two quotes
  const said = (length: number) => () => checkConfig({ ...config, format: text(length) }, 'c');
  expect(said(60)).toThrow(new RegExp(`got "${text(60)}"$`));
  expect(said(61)).toThrow(/got "x{59}…$/);
});

test('an input that a model cannot have is damage of the file', () => {
  const model = { hiddenSize: 8, type: 'sequence-classifier', input: { kind: 'nonsense' } };
  expect(() => checkConfig({ ...config, model }, 'run/config.json')).toThrow(RunFolderError);
  expect(() => checkConfig({ ...config, model }, 'run/config.json')).toThrow(/^run\/config\.json: /);
});

test('other files of a run are taken as they are', () => {
  expect(checkPart('vocabulary', 5, 'f')).toBe(5);
  expect(checkPart('constructor', 5, 'f')).toBe(5);
});

test.each([
  ['labels', ['a', 'b'], [null, {}, 'a', [1], [null], ['a', ['b']]]],
  [
    'columns',
    { names: ['y'], known: [] },
    [null, [], {}, { names: ['y'] }, { names: 'y', known: [] }, { names: [1], known: [] }],
  ],
  [
    'question-only',
    { byQuestion: { q: 'a' }, otherwise: 'a' },
    [null, {}, { otherwise: 'a' }, { byQuestion: { q: 1 }, otherwise: 'a' }, { byQuestion: {} }],
  ],
])('%s.json is what it has to be', (name, good, bad) => {
  expect(checkPart(name, good, 'f')).toEqual(good);
  for (const value of bad) expect(() => checkPart(name, value, `${name}.json`)).toThrow(RunFolderError);
});
