// The examples of pages, in headless Chromium: one of one file without a bundler, and one that Vite built. Both load runs by URL and classify,
// generate and caption a dropped image, isolated and not.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answers } from '../pipelines.ts';
import { filesIn, indexed } from '../run-sources.ts';
import { executable } from './executable.ts';
import { launchChromium } from './launch.ts';
import { packageFolder } from './server.ts';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const fixtures = at('../fixtures/runs/');
const answers = JSON.parse(readFileSync(join(fixtures, 'answers.json'), 'utf8')) as Answers;
const served = { reviews: 'classify', poems: 'text-lstm', photos: 'caption-soft' };
const runs = new Map(
  Object.entries(served).map(([name, run]) => [name, indexed(filesIn(join(fixtures, run)))] as const),
);
const missing =
  executable === undefined
    ? 'no Chromium on this machine'
    : existsSync(join(packageFolder, 'dist', 'pipelines', 'index.js'))
      ? ''
      : 'the library is not built (npm run build)';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.css': 'text/css',
};

/** Serves a folder, the runs, and the package where an install would have put it. */
async function serve(folder: string, isolated: boolean) {
  const content = (path: string): Uint8Array | undefined => {
    const [, first, name, ...rest] = path.split('/');
    if (first === 'runs') return runs.get(name)?.get(rest.join('/'));
    const library = '/node_modules/unrolled/';
    const file = path.startsWith(library)
      ? join(packageFolder, normalize(path.slice(library.length)))
      : join(folder, path === '/' ? 'index.html' : normalize(path));
    return existsSync(file) ? readFileSync(file) : undefined;
  };
  const headers = isolated
    ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    : {};
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const bytes = content(pathname);
    const type = types[pathname === '/' ? '.html' : extname(pathname)] ?? 'application/octet-stream';
    response.writeHead(bytes ? 200 : 404, { ...headers, 'Content-Type': type }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

describe('the examples in headless Chromium', () => {
  const built = mkdtempSync(join(tmpdir(), 'unrolled-vite-'));
  const folders = { page: at('../../examples/pipelines/page'), vite: built };
  let browser: Browser;
  beforeAll(async () => {
    if (missing) return;
    browser = await launchChromium();
    await build({
      root: at('../../examples/pipelines/vite'),
      configFile: false,
      logLevel: 'error',
      build: { outDir: built, emptyOutDir: true },
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(built, { recursive: true, force: true });
  });

  test('Vite finds the four WASM files, and leaves out what other tasks need', (context) => {
    if (missing) return context.skip(missing);
    const files = [...filesIn(built).keys()];
    expect(files.filter((name) => name.endsWith('.wasm'))).toHaveLength(4);
    const code = files.filter((name) => name.endsWith('.js')).map((name) => readFileSync(join(built, name), 'utf8'));
    const names = ['Captioner', 'Forecaster', 'VisualQA', 'VideoTagger', 'Trainer'];
    expect(names.filter((name) => code.some((text) => text.includes(name)))).toEqual(['Captioner']);
  });

  const cases = (['page', 'vite'] as const).flatMap((which) => [true, false].map((isolated) => ({ which, isolated })));
  test.for(cases)(
    '$which classifies, generates and captions, cross-origin isolated: $isolated',
    { timeout: 60_000 },
    async ({ which, isolated }, { skip }) => {
      if (missing) return skip(missing);
      const { url, close } = await serve(folders[which], isolated);
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      try {
        await page.goto(url);
        await page.waitForSelector('body[data-ready]', { state: 'attached' });
        expect(await page.evaluate('crossOriginIsolated')).toBe(isolated);
        const output = async (id: string, done: RegExp) => {
          await page.waitForFunction(
            ([name, pattern]) =>
              new RegExp(pattern, 's').test(
                (
                  globalThis as unknown as { document: { getElementById(id: string): { textContent: string } } }
                ).document.getElementById(name).textContent,
              ),
            [id, done.source] as const,
          );
          return page.locator(`#${id}`).textContent();
        };

        const [review] = answers.classify.predict as unknown as { text: string; label: string; probability: number }[];
        await page.locator('#review').fill(review.text);
        await page.locator('#classify').click();
        expect(await output('label', /./)).toBe(`${review.label} (${(100 * review.probability).toFixed(0)} %)`);

        await page.locator('#prompt').fill('the ');
        await page.locator('#generate').click();
        expect(await output('text', /^.{84}$/)).toMatch(/^the [a-z]/);

        const expected = answers['caption-soft'].beam as unknown as { picture: string; caption: string }[];
        const name = expected[0].picture.split('/').at(-1) as string;
        const bytes = readFileSync(join(fixtures, 'inputs', name)).toString('base64');
        await page.evaluate(`{
          const bytes = Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0));
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], 'photo.png', { type: 'image/png' }));
          document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }`);
        expect(await output('caption', /./)).toBe(expected[0].caption);
        expect(errors).toEqual([]);
      } finally {
        await page.close();
        await close();
      }
    },
  );

  test('a worker trains, and the page shows how far it is and what the model writes', { timeout: 60_000 }, async ({
    skip,
  }) => {
    if (missing) return skip(missing);
    const { url, close } = await serve(at('../../examples/worker'), false);
    const page = await browser.newPage();
    try {
      await page.goto(url);
      await page.waitForSelector('body[data-ready]', { state: 'attached' });
      await page.locator('#train').click();
      await page.waitForFunction("document.getElementById('text').textContent !== ''");
      expect(await page.locator('#text').textContent()).toMatch(/^brown fox jumps over a lazy dog\. the/);
      expect(await page.locator('#loss').textContent()).toMatch(/^loss 0\.\d/);
      expect(await page.locator('#progress').getAttribute('value')).toBe('1');
    } finally {
      await page.close();
      await close();
    }
  });

  test('the page that create-vite would make: it is trained when it opens, and names what is drawn', {
    timeout: 90_000,
  }, async ({ skip }) => {
    if (missing) return skip(missing);
    // `npm run build` of such a project is `tsc && vite build`.
    const typed = spawnSync(process.execPath, [tsc, '-p', at('../../examples/vite-page')], { encoding: 'utf8' });
    expect([typed.status, typed.stdout]).toEqual([0, '']);
    const out = mkdtempSync(join(tmpdir(), 'unrolled-vite-page-'));
    await build({
      root: at('../../examples/vite-page'),
      configFile: false,
      logLevel: 'error',
      build: { outDir: out, emptyOutDir: true },
    });
    const { url, close } = await serve(out, false);
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    try {
      await page.goto(url);
      await page.waitForSelector('body[data-ready]', { state: 'attached', timeout: 60_000 });
      const box = await page.locator('#pad').boundingBox();
      if (!box) throw new Error('there is no canvas');
      const draw = async (path: (u: number) => readonly [x: number, y: number]) => {
        const place = (u: number) => path(u).map((v, k) => (k === 0 ? box.x + box.width / 2 : box.y + box.height / 2) + 90 * v) as [number, number]; // biome-ignore format: a line
        await page.mouse.move(...place(0));
        await page.mouse.down();
        for (let k = 1; k <= 60; k++) await page.mouse.move(...place(k / 60));
        await page.mouse.up();
        return page.locator('#answer');
      };
      // y grows downwards: the circle of the data turns the other way than the mouse.
      const turn = (u: number) => [Math.cos(2 * Math.PI * u), -Math.sin(2 * Math.PI * u)] as const;
      await expect.poll(async () => (await draw(turn)).textContent()).toMatch(/^circle, \d+ %$/);
      const wave = (u: number) => [2 * u - 1, -Math.sin(4 * Math.PI * u)] as const;
      await expect.poll(async () => (await draw(wave)).textContent()).toMatch(/^wave, \d+ %$/);
      expect(errors).toEqual([]);
    } finally {
      await page.close();
      await close();
      rmSync(out, { recursive: true, force: true });
    }
  });
});
