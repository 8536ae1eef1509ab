// What a run that comes from anybody may have read: nothing of the user's that the user did not name, without a question.

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunConfig } from './config.ts';
import { pathsOf, rememberRun, trustedConfig, type TrustOptions } from './trust.ts';

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

test('a run that this user began is not asked about; another with the same name is', async () => {
  const config = configOf({ paths: [outside] });
  rememberRun('c'.repeat(64));
  expect(await trusted(config, {}, 'c'.repeat(64))).toEqual(config);
  await expect(trusted(config, {}, 'd'.repeat(64))).rejects.toThrow('was not trained here');
  await expect(trusted(config, {}, '../../run/data/a.csv')).rejects.toThrow('was not trained here');
});
