// What a run that comes from anybody may have read: nothing of the user's that the user did not name, without a question.

import fs from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunConfig } from './config.ts';
import { pathsOf, rememberRun, stateFolder, trustedConfig, type TrustOptions } from './trust.ts';

let folder: string;
let run: string;
let outside: string;
const before = process.env.UNROLLED_STATE;

beforeAll(() => {
  folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'unrolled-trust-')));
  process.env.UNROLLED_STATE = join(folder, 'state');
  run = join(folder, 'run');
  outside = join(folder, 'diary.csv');
  fs.mkdirSync(join(run, 'data'), { recursive: true });
  for (const file of [outside, join(run, 'data', 'a.csv')]) fs.writeFileSync(file, 'text,label\n');
  fs.symlinkSync(outside, join(run, 'data', 'link.csv'));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.UNROLLED_STATE;
  else process.env.UNROLLED_STATE = before;
});

const sha256 = 'b'.repeat(64);
const configOf = (read: object, task = 'classify', source = 'data'): RunConfig =>
  ({
    format: 'unrolled run',
    version: 2,
    task,
    model: {},
    training: {},
    data: { source, sha256, read },
  }) as unknown as RunConfig;
const trusted = (config: RunConfig, options: Partial<TrustOptions> = {}, hash = sha256) =>
  trustedConfig(run, { config, sha256: hash }, { ownData: true, trustPaths: false, ask: null, ...options });

test.each([
  ['paths', (path: string) => ({ paths: ['package.json', path] })],
  ['images', (path: string) => ({ paths: [], images: path })],
  ['clips', (path: string) => ({ paths: [], clips: path })],
  ['features', (path: string) => ({ paths: [], features: path })],
  ['validation', (path: string) => ({ paths: [], validation: `package.json,${path}` })],
  ['validationFeatures', (path: string) => ({ paths: [], validationFeatures: path })],
] as const)('%s that lie elsewhere are refused, with what to type', async (_, read) => {
  for (const path of [
    outside,
    '/etc/passwd',
    '../../../etc/passwd',
    relative('.', outside),
    '/dev/stdin',
    join(run, 'data', 'link.csv'),
  ]) {
    const config = configOf(read(path));
    await expect(trusted(config)).rejects.toThrow(
      /was not trained here and names data outside of this folder: .*--file.*--trust-paths/,
    );
    expect(pathsOf(await trusted(config, { ownData: false })).join()).not.toContain(path);
  }
});

test('so is the text of a text run, all files of it', async () => {
  await expect(trusted(configOf({}, 'text', '/etc/hosts'))).rejects.toThrow('"/etc/hosts"');
  await expect(trusted(configOf({}, 'text', 'package.json, /etc/hosts'))).rejects.toThrow('/etc/hosts');
  expect(pathsOf(configOf({}, 'text', 'the declaration files of the TypeScript compiler, 109 files'))).toEqual([]);
});

test('what lies here or in the run is read', async () => {
  for (const read of [
    {
      paths: ['package.json', 'packages/cli/package.json', 'not-there.csv'],
      validation: 'dev.de,dev.en',
      images: null,
    },
    { paths: [join(run, 'data', 'a.csv')], images: join(run, 'data') },
    { paths: [], demo: 'sentiment' },
  ])
    expect(await trusted(configOf(read))).toEqual(configOf(read));
});

test('and what the user says, on the command line or to the question', async () => {
  const config = configOf({ paths: [outside] });
  expect(await trusted(config, { trustPaths: true })).toEqual(config);
  const asked: string[] = [];
  const ask = (answer: boolean) => (question: string) => {
    asked.push(question);
    return Promise.resolve(answer);
  };
  expect(await trusted(config, { ask: ask(true) })).toEqual(config);
  await expect(trusted(config, { ask: ask(false) })).rejects.toThrow('--trust-paths');
  expect(asked[0]).toContain(outside);
});

test('three of the paths are named, and that there are more', async () => {
  const paths = ['a', 'b', 'c', 'd'].map((name) => join(folder, name));
  const message = (count: number) => trusted(configOf({ paths: paths.slice(0, count) })).then(String, String);
  expect(await message(3)).toContain(`${paths.slice(0, 3).map((path) => JSON.stringify(path)).join(', ')}; name`); // biome-ignore format: one line
  expect(await message(4)).toContain(`${JSON.stringify(paths[2])}, …; name`);
});

test('data that the user named take the place of those of a run that has none to read', async () => {
  const config = {
    ...configOf({}, 'text', '/etc/hosts'),
    data: { source: 'data', sha256, read: null, images: outside },
  };
  const left = await trusted(config as unknown as RunConfig, { ownData: false });
  expect(left.data).toEqual({ source: 'data', sha256, read: null, images: null });
  expect(pathsOf({ ...configOf({}), data: { source: 'x', sha256, paths: ['a', 5] } } as unknown as RunConfig)).toEqual(['a']); // biome-ignore format: one line
});

test('what this user trained is remembered where the system keeps such things', () => {
  const names = ['UNROLLED_STATE', 'XDG_STATE_HOME', 'LOCALAPPDATA'];
  const kept = names.map((name) => process.env[name]);
  const state = (...values: (string | undefined)[]) => {
    names.forEach((name, k) => {
      if (values[k] === undefined) delete process.env[name];
      else process.env[name] = values[k];
    });
    return stateFolder();
  };
  try {
    expect(state('/own', '/xdg', '/local')).toBe('/own');
    expect(state(undefined, '/xdg', '/local')).toBe(join('/xdg', 'unrolled'));
    expect(state(undefined, undefined, '/local')).toBe(join('/local', 'unrolled'));
    expect(state()).toBe(join(homedir(), '.local', 'state', 'unrolled'));
  } finally {
    state(...kept);
  }
});

test('a run that this user began is not asked about; another with the same name is', async () => {
  const config = configOf({ paths: [outside] });
  rememberRun('c'.repeat(64));
  expect(await trusted(config, {}, 'c'.repeat(64))).toEqual(config);
  await expect(trusted(config, {}, 'd'.repeat(64))).rejects.toThrow('was not trained here');
  await expect(trusted(config, {}, '../../run/data/a.csv')).rejects.toThrow('was not trained here');
});
