// The report of `unrolled inspect --html` as a person meets it: opened from the disk in headless Chromium, at a telephone's width and at a desk's, in
// light and in dark.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executable } from './executable.ts';
import { launchChromium } from './launch.ts';

const command = fileURLToPath(new URL('../../packages/cli/bin/unrolled.js', import.meta.url));
const missing =
  executable === undefined
    ? 'no Chromium on this machine'
    : existsSync(fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url)))
      ? ''
      : 'the command is not built (npm run build)';

describe('a report in headless Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-report-'));
  let browser: Browser;

  beforeAll(async () => {
    if (missing) return;
    // A text that would end the page's script and break its markup, were it not escaped.
    const line = 'a <b>cat</b> & "one" </script>\n';
    writeFileSync(join(folder, 'text.txt'), `${line}the dog (a big one) sat on the mat.\n`.repeat(60));
    const run = (...args: string[]) => {
      const { status, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    };
    const size = ['--cell', 'lstm', '--hidden', '10', '--layers', '2', '--batch', '4', '--seq-length', '20'];
    run('train', 'text', 'text.txt', '--out', 'run', '-q', '--steps', '60', ...size);
    run('inspect', 'run', '-q', '--html', 'report.html', '--length', '800');
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const cases = [360, 1440].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })));
  test.for(cases)(
    'opens at $width pixels, $scheme: no error, no request, nothing wider than the page',
    { timeout: 60_000 },
    async ({ width, scheme }, { skip }) => {
      if (missing) return skip(missing);
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
      const page = await context.newPage();
      const [errors, requests]: string[][] = [[], []];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('request', (request) => requests.push(request.url()));
      const url = pathToFileURL(join(folder, 'report.html')).href;
      await page.goto(url);
      expect(errors).toEqual([]);
      expect(requests.filter((other) => other !== url && !other.startsWith('data:'))).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const dark = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(dark).toBe(scheme === 'dark' ? 'rgb(1, 4, 9)' : 'rgb(246, 248, 250)');
      expect(await page.locator('.cells .text').innerText()).toContain('<b>cat</b> & "one" </script>');

      // Letters of the images stay readable: what is drawn at 13 units is at least 9 pixels high.
      const scale = await page.evaluate<number>(
        `Math.min(...Array.from(document.querySelectorAll('figure > svg'), (svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))`,
      );
      expect(13 * scale).toBeGreaterThanOrEqual(9);

      // Another unit, another coloring; a click on a result chooses its unit.
      const colors = () =>
        page.evaluate<string>(
          `Array.from(document.querySelectorAll('.cells .text > span'), (s) => getComputedStyle(s).backgroundColor).slice(0, 60).join()`,
        );
      const before = await colors();
      await page.locator('.cells select').selectOption({ label: 'l1 h[3]' });
      expect(await colors()).not.toBe(before);
      await page.locator('button.pick').first().click();
      expect(await colors()).toBe(before);
      await context.close();
    },
  );
});
