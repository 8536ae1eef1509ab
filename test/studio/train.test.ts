// Training in the page, in headless Chromium: to the same bits whatever happens on the way.

import type { Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, shaOf, Site, train, violations } from './site.ts';

/** A network that is trained in seconds: 20 ms of work for ten steps. */
const small = 'preset=brackets&model.hiddenSize=12&model.numLayers=1&training.windowLength=16&training.batch=4';
const short = `#v=1&${small}&training.steps=120`;
const long = `#v=1&${small}&training.steps=800&training.evaluateEvery=400`;

const figure = (page: Page, k: number) => page.locator('.figures dd').nth(k);
const stepOf = async (page: Page) => Number((await figure(page, 1).textContent())?.replaceAll(',', ''));
const trainerOf = (page: Page) => page.workers().find((worker) => worker.url().includes('worker')) as Worker;

describe.skipIf(missing !== null)(`the studio trains${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  let sha = '';
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  test('a text to the end, below any path and without a header, with nothing wrong for anyone', async () => {
    const { page, problems } = await pageAt(await site.profile(), site.plain + short);
    await page.locator('.plan-rows').getByText('parameters').waitFor();
    expect(await violations(page)).toEqual([]);
    await train(page);
    sha = await shaOf(page);
    expect(await page.evaluate('crossOriginIsolated')).toBe(false);
    expect(await figure(page, 1).textContent()).toBe('120');
    await page.locator('.ridge-line').first().waitFor();
    expect(await page.locator('.sample.newest span').textContent()).toMatch(/[()[\]{}]{20}/);
    await expect.poll(() => page.locator('.gates tbody tr').count()).toBe(3);
    expect(await violations(page)).toEqual([]);
    for (const button of await page.getByRole('button', { name: 'Table' }).all()) await button.click();
    await expect.poll(() => page.locator('.table-scroll').count()).toBeGreaterThan(3);
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('from the server: isolated, with threads, to the same bits, in another profile, by a link', async () => {
    const { page, problems } = await pageAt(await site.profile(), `${site.served + short}&sha=${sha}`);
    await train(page);
    expect(await shaOf(page)).toBe(sha);
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    expect(await page.locator('.record').textContent()).toContain('the same bits');
    expect(problems).toEqual([]);
  });

  test('reloaded and with its worker killed in the middle, a run ends in the bits of one that was left alone', async () => {
    const link = site.plain + long.replace('800', '500');
    const alone = await pageAt(await site.profile(), link);
    await train(alone.page);
    const wanted = await shaOf(alone.page);
    await alone.page.close();
    const { page } = await pageAt(await site.profile(), link);
    await train(page);
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(40);
    await page.reload();
    await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThan(120);
    await trainerOf(page).evaluate("setTimeout(() => { throw new Error('killed') })");
    await page.locator('.notice').waitFor();
    expect(await page.locator('.notice').textContent()).toContain('nothing before it is lost');
    expect(await shaOf(page)).toBe(wanted);
  }, 90_000);

  test('a learning rate that changes on the way is in the link, which ends in the same bits', async () => {
    const { page } = await pageAt(await site.profile(), site.plain + long.replace('800', '2000'));
    await train(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('#live-lr').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.getByText('Undo the last change').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    const ended = await shaOf(page);
    await page.evaluate('navigator.clipboard.writeText = async (text) => { globalThis.link = text; }');
    await page.getByRole('button', { name: 'Copy link' }).click();
    const link = (await page.evaluate('globalThis.link')) as string;
    expect(link).toMatch(/changes=\d+/);
    const other = await pageAt(await site.profile(), link);
    await train(other.page);
    expect(await shaOf(other.page)).toBe(ended);
  });

  test('a full store is told in a sentence and stops nothing; a second tab is told that the run is open', async () => {
    const context = await site.profile();
    const { page } = await pageAt(context, site.plain + long.replace('800', '20000'));
    await train(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await trainerOf(page).evaluate(
      "FileSystemFileHandle.prototype.createSyncAccessHandle = async () => { throw new DOMException('full', 'QuotaExceededError'); }",
    );
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('.notice', { hasText: 'no space left' }).waitFor();
    const before = await stepOf(page);
    await expect.poll(() => stepOf(page)).toBeGreaterThan(before);
    const second = await pageAt(context, page.url());
    await second.page.locator('.notice', { hasText: 'another tab' }).waitFor();
    await second.page.getByRole('button', { name: 'Look at it here' }).click();
    await second.page.locator('.figures').waitFor();
    expect(second.problems).toEqual([]);
  });

  test('in Korean, on a telephone, in the dark, with the keyboard', async () => {
    const context = await site.profile({
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      locale: 'ko-KR',
      reducedMotion: 'reduce',
    });
    const { page, problems } = await pageAt(context, site.plain + short);
    expect(await page.evaluate('document.documentElement.lang')).toBe('ko');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    const go = page.locator('button[type=submit].go:not([disabled])');
    await go.waitFor();
    await go.focus();
    await page.keyboard.press('Enter');
    await shaOf(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(await page.locator('h1, h2, .figures dt').allTextContents()).not.toContainEqual(
      expect.stringMatching(/^[ -~]*[a-z]{4}[ -~]*$/),
    );
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });
});
