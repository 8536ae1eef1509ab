// A run does not depend on where it runs: after 60 training steps every build that fuses multiply-add, with any number of threads, has
// the same weights to the last bit. WASM without fused multiply-add agrees with itself, and with the others as far as roundings allow.

import { afterAll, beforeAll, expect, test } from 'vitest';
import * as unrolled from 'unrolled';
import { StreamBatcher } from 'unrolled/data';
import { type Run, stoodStill, train } from './browser/train.ts';
import { allBuilds, type Build, missing } from './kernels/builds.ts';

let builds: Build[] = [];

beforeAll(async () => {
  builds = await allBuilds();
  for (const reason of missing) console.warn(`not tested: ${reason}`);
});

afterAll(() => {
  for (const { backend } of builds) backend.kernels.dispose();
});

async function trainOn(build: Build, cell: unrolled.CellName): Promise<Run> {
  const before = unrolled.currentBackend();
  await unrolled.useBackend(build.backend);
  try {
    return await train({ ...unrolled, StreamBatcher }, cell);
  } finally {
    await unrolled.useBackend(before);
  }
}

/** Two roundings a step in place of one: the runs drift apart slowly, since training is not chaotic this early. */
const unfusedTolerance = 0.02;

test.each(['lstm', 'gru', 'gru-reset-before', 'rnn', 'rnn-relu'] as const)(
  'every build trains a character model of %s to the same bits',
  { timeout: 300_000 },
  async (cell) => {
    const shas: Record<'fused' | 'unfused', Record<string, string>> = { fused: {}, unfused: {} };
    let first: Run | undefined;
    for (const build of builds) {
      const run = await trainOn(build, cell);
      first ??= run;
      shas[build.fuses ? 'fused' : 'unfused'][build.name] = run.sha256;
      expect(run.losses.at(-1), build.name).toBeLessThan(0.7 * run.losses[0]);
      expect(run.memory && stoodStill(run.memory), `${build.name}: memory after 60 steps is that after 20`).toBe(true);
      for (const [step, loss] of run.losses.slice(0, 20).entries()) {
        expect(Math.abs(loss - first.losses[step]), `${build.name}, step ${step}`).toBeLessThan(unfusedTolerance);
      }
    }
    for (const family of Object.values(shas)) {
      const [one] = Object.values(family);
      expect(family).toEqual(Object.fromEntries(Object.keys(family).map((name) => [name, one])));
    }
    if (builds.some((build) => build.fuses))
      expect(Object.values(shas.fused)[0]).not.toBe(Object.values(shas.unfused)[0]);
  },
);
