// Runs in a real browser, by URL and from a zip, in a page without a bundler: the answers are those of Node.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { close, sameAsRecorded } from '../close-to.ts';
import { runs } from '../pipelines.ts';
import { executable } from './executable.ts';
import { launchChromium } from './launch.ts';
import { packageFolder, serve } from './server.ts';

const built = existsSync(join(packageFolder, 'dist', 'index.js'));
const missing =
  executable === undefined ? 'no Chromium on this machine' : built ? '' : 'the library is not built (npm run build)';

describe('runs in headless Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    if (!missing) browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());

  test.for([true, false])(
    'answer as they did, cross-origin isolated: %s',
    { timeout: 60_000 },
    async (isolated, { skip }) => {
      if (missing) return skip(missing);
      const { url, close: stop } = await serve(isolated);
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      try {
        await page.goto(`${url}pipelines.html`);
        const { found, taken } = await page.evaluate<{ found: Record<string, [unknown, unknown]>; taken: string }>(
          `askAll(${JSON.stringify(runs)})`,
        );
        expect(errors).toEqual([]);
        expect(taken).toContain('wasm, relaxed');
        for (const [name, [got, expected]] of Object.entries(found)) {
          // Images of another size than the model's are resized here by the library and there by sharp: a level apart, here and there.
          if (/^(caption|vqa)/.test(name)) expect(words(got), name).toEqual(words(expected));
          else if (name.startsWith('video')) close(got, expected, 0.02, name);
          else sameAsRecorded(name, got, expected);
        }
        const [got, expected] = await page.evaluate<[unknown, unknown]>('askZip()');
        expect(got).toEqual(expected);
      } finally {
        await page.close();
        await stop();
      }
    },
  );
});

/** The first caption or answer of each. */
function words(answers: unknown): unknown {
  const rows = Array.isArray(answers) ? answers : Object.values(answers as object).flat();
  return rows.map(({ caption, answer }: { caption?: string; answer?: string }) => caption ?? answer);
}
