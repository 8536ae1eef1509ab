// Runs of version 0.1.0 open from everywhere and answer as they did.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, openRun, ReferenceBackend, useBackend } from 'unrolled';
import { compiledBackends, type Loaded } from './backends.ts';
import { type Answers, ask, type Inputs, type RunName, runs } from './pipelines.ts';

const folder = fileURLToPath(new URL('./fixtures/runs/', import.meta.url));
const answers = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')) as Answers;

const inputs: Inputs = {
  image: async (name) => new Uint8Array(readFileSync(join(folder, 'inputs', name))),
  clip: async (name) =>
    readdirSync(join(folder, 'inputs', name))
      .sort()
      .map((file) => new Uint8Array(readFileSync(join(folder, 'inputs', name, file)))),
  waves: async () =>
    readFileSync(join(folder, 'inputs', 'waves.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number)),
};

describe.each(['native', 'wasm'] as const)('on %s', (name) => {
  let loaded: Loaded | undefined;
  let before: Awaited<ReturnType<typeof useBackend>>;
  beforeAll(async () => {
    before = currentBackend();
    loaded = (await compiledBackends()).find(({ backend }) => backend?.name === name);
    if (loaded?.backend) await useBackend(loaded.backend);
  });
  afterAll(() => useBackend(before));

  test.each(runs)('%s answers as it did', async (run: RunName) => {
    if (!loaded?.backend) return;
    const [got, expected] = await ask(run, await openRun(join(folder, run)), answers, inputs);
    expect(got).toEqual(expected);
  });
});
