// What may go wrong with a page: each has a sentence, and nothing of a run is lost by it.

import type { Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, shaOf, Site, train } from './site.ts';

const small = 'preset=brackets&model.hiddenSize=12&model.numLayers=1&training.windowLength=16&training.batch=4';
const notice = (page: Page) => page.locator('.notice');
/** The trainer is the first worker that a page starts. */
const workersOf = (page: Page) => page.workers().filter((worker) => worker.url().includes('worker'));
const stepOf = async (page: Page) =>
  Number((await page.locator('.figures dd').nth(1).textContent())?.replaceAll(',', ''));

describe.skipIf(missing !== null)(`the studio fails in sentences${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  test('too little memory for a run: what to do is told, and the runs before it stay', async () => {
    const { page } = await pageAt(await site.profile(), `${site.plain}#v=1&${small}&training.steps=60`);
    await train(page);
    const sha = await shaOf(page);
    const [trainer] = workersOf(page);
    await trainer.evaluate("WebAssembly.Memory.prototype.grow = () => { throw new RangeError('no more memory'); }");
    await page.goto(`${page.url().split('#')[0]}#v=1&preset=brackets&model.hiddenSize=600&training.steps=60`);
    await page.locator('button[type=submit].go:not([disabled])').click();
    await notice(page).filter({ hasText: 'more memory than the browser gives' }).waitFor();
    await page.reload();
    await page
      .getByRole('link', { name: /^Brackets/ })
      .last()
      .click();
    expect(await shaOf(page)).toBe(sha);
  }, 90_000);

  test('an inspector that dies takes no run with it, and the view opens again', async () => {
    const { page } = await pageAt(await site.profile(), `${site.plain}#v=1&${small}&training.steps=60`);
    await train(page);
    const sha = await shaOf(page);
    await page.getByRole('link', { name: 'Inside' }).click();
    await page.locator('.read-text i').first().waitFor();
    for (const worker of workersOf(page)) await throwIn(worker, 'inspector');
    await notice(page).filter({ hasText: 'The run is safe; open the view again.' }).waitFor();
    await page.getByRole('link', { name: 'Train' }).click();
    expect(await shaOf(page)).toBe(sha);
    await page.getByRole('link', { name: 'Inside' }).click();
    await page.locator('.read-text i').first().waitFor();
  }, 90_000);

  test('a tab that is hidden saves its run, trains on, and says so when it is looked at again', async () => {
    const context = await site.profile();
    const { page, problems } = await pageAt(context, `${site.plain}#v=1&${small}&training.steps=100000`);
    await train(page);
    await expect.poll(() => stepOf(page), { timeout: 30_000 }).toBeGreaterThan(20);
    await page.evaluate(`
      globalThis.shown = (state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      shown('hidden');`);
    const saved = page.locator('.record .say', { hasText: /step [1-9]/ });
    await saved.waitFor(); // at once, not at the next of the saves that come every 15 seconds
    const before = await stepOf(page);
    await expect.poll(() => stepOf(page), { timeout: 30_000 }).toBeGreaterThan(before);
    expect(await page.title()).toMatch(/^\d+\s% · Brackets/);
    // A minute passes for the page's clock.
    await page.evaluate("const now = Date.now.bind(Date); Date.now = () => now() + 60000; shown('visible');");
    await notice(page).filter({ hasText: 'While this tab was hidden, training went on by' }).waitFor();
    expect(problems).toEqual([]);
  }, 90_000);

  test('a computer that slept: the sentence says for how long, and the run continues', async () => {
    const { page, problems } = await pageAt(await site.profile(), `${site.plain}#v=1&${small}&training.steps=100000`);
    await train(page);
    await expect.poll(() => stepOf(page), { timeout: 30_000 }).toBeGreaterThan(5);
    await page.evaluate('const now = Date.now.bind(Date); Date.now = () => now() + 3600000;');
    await notice(page).filter({ hasText: 'asleep: nothing ran for 60 min' }).waitFor();
    const before = await stepOf(page);
    await expect.poll(() => stepOf(page), { timeout: 30_000 }).toBeGreaterThan(before);
    expect(problems).toEqual([]);
  }, 90_000);
});

/** Lets a worker of this name die. */
const throwIn = (worker: Worker, name: string) =>
  worker.evaluate(`if (self.name === '${name}') setTimeout(() => { throw new Error('killed'); })`);
