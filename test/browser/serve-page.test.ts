// The page of a server in headless Chromium: it lets a person try a model, keeps to its policy, and fits a telephone.
import type { ServerOptions } from '@unrolled/server';
import { type Listening, listen } from '@unrolled/server/node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed, engineOf, runPath } from '../server/served.ts';
import { executable } from './executable.ts';
import { launchChromium } from './launch.ts';

const key = 'a-key-of-many-characters';
const hostile = '<img src=x onerror=alert(1)>';

describe.skipIf(executable === undefined)('the page', () => {
  let browser: Browser;
  const open: Listening[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
    const engine = await engineOf(['text-lstm', 'classify', 'forecast', 'vqa-map']);
    const named = changed(engine, {
      models: () => engine.models().map((one, n) => (n === 1 ? { ...one, id: hostile } : one)),
    });
    const start = async (options: Partial<ServerOptions>) =>
      open.push(await listen({ engine: named, port: 0, ...options } as ServerOptions));
    await start({});
    await start({ apiKey: key });
  });
  afterAll(async () => {
    await browser?.close();
    for (const one of open) await one.stop(1000);
    await open[0]?.server.opened().then((engine) => engine.close());
  });

  /** A page at this width, and what went wrong on it. */
  async function page(n: number, path: string, width = 1200): Promise<[Page, string[]]> {
    const found = await browser.newPage({ viewport: { width, height: 740 } });
    const problems: string[] = [];
    found.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    found.on('pageerror', (error) => problems.push(error.message));
    found.on('dialog', (dialog) => problems.push(`a dialog: ${dialog.message()}`));
    await found.goto(open[n].url + path);
    return [found, problems];
  }
  const shown = (at: Page) => at.locator('section.model:not([hidden])');

  test('continues a text, and goes on from its state', async () => {
    const [at, problems] = await page(0, '/#model-1');
    await shown(at).locator('textarea').fill('the ☂');
    await shown(at).locator('[name=max_tokens]').fill('40');
    await shown(at).locator('button.go').click();
    await at.waitForSelector('.further:not([hidden])');
    const note = await shown(at).locator('.note').first().textContent();
    expect(note).toMatch(/^40 symbols in .*left out: ☂$/);
    const before = (await shown(at).locator('.text').textContent()) ?? '';
    await shown(at).locator('.further').click();
    await expect
      .poll(async () => (await shown(at).locator('.text').textContent())?.length, { timeout: 10_000 })
      .toBe(before.length + 40);
    expect(await shown(at).locator('.text').textContent()).toContain(before);
    expect(problems).toEqual([]);
    await at.close();
  });

  test('shows a name that is HTML as text, and asks the model of that name', async () => {
    const [at, problems] = await page(0, '/#model-2', 360);
    expect(await shown(at).locator('h1').textContent()).toBe(hostile);
    await shown(at).locator('textarea').fill('not bad');
    await shown(at).locator('button.go').click();
    await shown(at).locator('.failed').waitFor();
    expect(await shown(at).locator('.failed').textContent()).toContain('there is no model');
    expect(await at.locator('img').count()).toBe(0);
    // That the browser reports the answer's status is no fault of the page.
    expect(problems.filter((text) => !text.includes('404'))).toEqual([]);
    await at.close();
  });

  test.each([1, 2, 3, 4])('fits a telephone: model %i', async (n) => {
    const [at, problems] = await page(0, `/#model-${n}`, 360);
    if (n === 3) {
      await shown(at).locator('button.go').click();
      await shown(at).locator('svg').first().waitFor();
    }
    if (n === 4) {
      await shown(at)
        .locator('input[type=file]')
        .setInputFiles(`${runPath('inputs')}/red-left-0.png`);
      await shown(at).locator('textarea').fill('what color is it ?');
      await shown(at).locator('button.go').click();
      await shown(at).locator('meter').first().waitFor();
    }
    expect(await at.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(problems).toEqual([]);
    await at.close();
  });

  test('asks for the key of a server that has one', async () => {
    const [at] = await page(1, '/#model-1');
    await shown(at).locator('[name=max_tokens]').fill('20');
    await shown(at).locator('button.go').click();
    await shown(at).locator('input[type=password]').fill(key);
    await shown(at).locator('.failed button').click();
    await at.waitForSelector('.further:not([hidden])');
    expect((await shown(at).locator('.text').textContent())?.length).toBe(20);
    await at.close();
  });
});
