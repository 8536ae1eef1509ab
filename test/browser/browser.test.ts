// The library in a real browser: headless Chromium, where there is one (Debian: apt-get install chromium), on the files that npm would ship.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as unrolled from 'unrolled';
import { StreamBatcher } from 'unrolled/data';
import { allBuilds, type Build } from '../kernels/builds.ts';
import { packageFolder, serve } from './server.ts';
import { executable } from './executable.ts';
import { withoutExtras } from './launch.ts';
import { type Run, stoodStill, train } from './train.ts';

const built = existsSync(join(packageFolder, 'dist', 'index.js'));
const missing =
  executable === undefined ? 'no Chromium on this machine' : built ? '' : 'the library is not built (npm run build)';

interface Answer {
  readonly run: Run;
  readonly taken: string;
  readonly error?: string;
}

describe('in headless Chromium', () => {
  const profile = mkdtempSync(join(tmpdir(), 'unrolled-browser-'));
  const expected = new Map<string, Run>();
  let context: BrowserContext;
  let builds: Build[] = [];

  beforeAll(async () => {
    if (missing) return;
    const args = [...withoutExtras, '--disable-background-networking', '--disable-component-update', '--no-first-run'];
    context = await chromium.launchPersistentContext(profile, { executablePath: executable, headless: true, args });
    builds = await allBuilds();
    // The builds that fuse multiply-add agree with each other, as test/same-bits.test.ts says, so the first may speak for all of them.
    const before = unrolled.currentBackend();
    await unrolled.useBackend(builds.filter((build) => build.fuses)[0].backend);
    for (const cell of ['lstm', 'gru'] as const) expected.set(cell, await train({ ...unrolled, StreamBatcher }, cell));
    await unrolled.useBackend(before);
  });

  afterAll(async () => {
    await context?.close();
    for (const { backend } of builds) backend.kernels.dispose();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  const runs = [
    { where: 'Worker', cell: 'lstm' },
    { where: 'Worker', cell: 'gru' },
    { where: 'Page', cell: 'lstm' }, // the page's own thread, which may not sleep on shared memory
  ] as const;
  const cases = [true, false].flatMap((isolated) => runs.map((run) => ({ isolated, ...run })));
  test.for(cases)(
    'the weights after 60 steps have the bits of Node: $cell in $where, cross-origin isolated: $isolated',
    { timeout: 120_000 },
    async ({ isolated, where, cell }, { skip }) => {
      if (missing) return skip(missing);
      const { url, close } = await serve(isolated);
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      try {
        await page.goto(url);
        const { run, taken, error } = await page.evaluate<Answer>(`runIn${where}('${cell}')`);
        expect(error).toBeUndefined();
        expect(errors).toEqual([]);
        expect(run.simd).toBe('relaxed');
        expect(taken).toBe(isolated ? `wasm, relaxed, ${run.threads} threads` : 'wasm, relaxed, 1 thread');
        if (isolated) expect(run.threads).toBeGreaterThan(1);
        else expect(run.threads).toBe(1);
        expect(run.losses.at(-1)).toBeLessThan(run.losses[0] / 2);
        expect(run.memory && stoodStill(run.memory), 'memory after 60 steps is that after 20').toBe(true);
        const { losses, sha256 } = expected.get(cell) as Run;
        expect(run.losses).toEqual(losses);
        expect(run.sha256).toBe(sha256);
      } finally {
        await page.close();
        await close();
      }
    },
  );
});
