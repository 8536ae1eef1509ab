// Runs of version 0.1.0 open from everywhere and answer as they did: test/pipelines.ts is the table.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, openRun, ReferenceBackend, useBackend } from 'unrolled';
import { close, sameAsRecorded } from './close-to.ts';
import { allBuilds, type Build } from './kernels/builds.ts';
import { type Answers, ask, type Inputs, type RunName, runs } from './pipelines.ts';
import { filesIn, indexed, serveRuns, sources } from './run-sources.ts';

const folder = fileURLToPath(new URL('./fixtures/runs/', import.meta.url));
const answers = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')) as Answers;
const read = (...path: string[]) => new Uint8Array(readFileSync(join(folder, 'inputs', ...path)));

const inputs: Inputs = {
  image: async (name) => read(name),
  clip: async (name) =>
    readdirSync(join(folder, 'inputs', name))
      .sort()
      .map((file) => read(name, file)),
  table: async (name) =>
    readFileSync(join(folder, 'inputs', name), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number)),
};

let before: Backend;
let builds: Build[] = [];
beforeAll(async () => {
  before = currentBackend();
  // One of each kind: that threads and shared memory change no bit is shown elsewhere.
  builds = (await allBuilds()).filter(({ backend, name }, n, all) => {
    if (all.findIndex((other) => other.name.split(/,| shared/)[0] === name.split(/,| shared/)[0]) === n) return true;
    backend.kernels.dispose();
    return false;
  });
  await useBackend(before);
});
afterAll(async () => {
  await useBackend(before);
  for (const { backend } of builds) backend.kernels.dispose();
});

test.each(runs)('%s answers to the bit on every build that fuses multiply-add', async (name: RunName) => {
  let first: unknown = null;
  for (const { backend, fuses } of builds) {
    await useBackend(backend);
    const run = await openRun(join(folder, name));
    await useBackend(before); // a run stays on the backend that it was opened on
    const [got, expected] = await ask(name, run, answers, inputs, fuses);
    if (fuses) {
      sameAsRecorded(name, got, expected);
      expect(got).toEqual((first ??= got));
    } else close(got, expected, 2e-4); // the command rounded to four digits
  }
});

test.each(runs)('%s says the same on the reference backend', async (name: RunName) => {
  await useBackend(new ReferenceBackend());
  const reference = await openRun(join(folder, name));
  await useBackend(before);
  const [got] = await ask(name, reference, answers, inputs, false);
  const [expected] = await ask(name, await openRun(join(folder, name)), answers, inputs, false);
  close(got, expected, 1e-5);
});

/** One run of each task: the others are opened, and not asked, from every source. */
const asked = new Set<RunName>([
  'text-lstm',
  'classify',
  'tag',
  'translate-attention',
  'caption-soft',
  'vqa-product',
  'video-clip',
  'video-frame',
  'forecast',
  'series-sequence',
  'series-step',
]);

describe('from every source', () => {
  const all = new Map(runs.map((name) => [name as string, indexed(filesIn(join(folder, name)))]));
  let server: Awaited<ReturnType<typeof serveRuns>>;
  beforeAll(async () => {
    server = await serveRuns(all);
  });
  afterAll(() => server.close());

  test.each(runs)('%s', async (name: RunName) => {
    const files = filesIn(join(folder, name));
    const from = Object.entries(sources).map(([what, make]) => [what, make(join(folder, name), files)] as const);
    for (const [what, where] of [...from, ['a URL', new URL(`${name}/`, server.url)] as const]) {
      const run = await openRun(where);
      expect(run.info.step, what).toBeGreaterThan(0);
      expect(run.info.notice, what).toBeNull();
      expect(run.info.hash, what).toMatch(/^[0-9a-f]{64}$/);
      if (!asked.has(name)) continue;
      const [got, expected] = await ask(name, run, answers, inputs);
      sameAsRecorded(name, got, expected, what);
    }
  });
});
