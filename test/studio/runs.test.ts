// Several runs: side by side, by other names, from their first step again, one step at a time, and one that stops by itself.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { take } from './taken.ts';
import { missing, pageAt, shaOf, Site, train } from './site.ts';

const small = 'preset=brackets&model.hiddenSize=8&model.numLayers=1&training.windowLength=16&training.batch=4';
const stepOf = async (page: Page) =>
  Number((await page.locator('.figures dd').nth(1).textContent())?.replaceAll(',', ''));

describe.skipIf(missing !== null)(`the studio keeps several runs${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  test('two runs are compared, renamed and deleted; the one that is left is as it was', async () => {
    const { page, problems } = await pageAt(
      await site.profile(),
      `${site.plain}#v=1&${small}&training.steps=60&training.evaluateEvery=10`,
    );
    await train(page);
    const first = await shaOf(page);
    await page.getByRole('link', { name: '+ new run' }).click();
    await page.getByLabel('Units per layer').fill('12');
    await page.getByLabel('Units per layer').blur();
    await train(page);
    const second = await shaOf(page);
    expect(second).not.toBe(first);
    await page.getByLabel('Name').fill('twelve units');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('link', { name: /twelve units/ }).waitFor();
    await page.getByRole('group', { name: 'Compare with' }).getByRole('checkbox').check();
    await page.locator('.legend .key.other', { hasText: 'Brackets' }).waitFor();
    expect(page.url()).toContain('compare=');
    await page.locator('.legend .key.other a').click(); // its line leads to the run, and the two change places
    await page.locator('.legend .key.other', { hasText: 'twelve units' }).waitFor();
    expect(await shaOf(page)).toBe(first);
    await page.locator('.legend .key.other a').click();
    expect(await shaOf(page)).toBe(second);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('link', { name: /twelve units/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /Brackets/ }).click();
    expect(await shaOf(page)).toBe(first);
    expect(problems).toEqual([]);
  }, 60_000);

  test('one step at a time, reset, and again to the same bits; with patience it stops by itself', async () => {
    const link = `${site.plain}#v=1&${small}&training.steps=30&training.evaluateEvery=5`;
    const { page, problems } = await pageAt(await site.profile(), link);
    await train(page);
    const sha = await shaOf(page);
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => stepOf(page)).toBe(0);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect.poll(() => stepOf(page)).toBe(1);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect.poll(() => stepOf(page)).toBe(2);
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await shaOf(page)).toBe(sha);
    await page.goto(
      `${site.plain}#v=1&${small}&training.steps=5000&training.evaluateEvery=5&training.patience=2&training.lr=0.3`,
    );
    await page.reload();
    await train(page);
    await shaOf(page);
    await page.getByText('stopped by itself: 2 validations').waitFor();
    expect(await stepOf(page)).toBeLessThan(5000);
    expect(problems).toEqual([]);
  }, 60_000);

  test('in a page that may keep nothing, training ends in the same bits, and it says so', async () => {
    const link = `#v=1&${small}&training.steps=20`;
    const safe = await pageAt(await site.profile(), site.plain + link);
    await train(safe.page);
    const { page, problems } = await pageAt(await site.profile(), site.insecure + link);
    await train(page);
    expect(await page.evaluate('isSecureContext')).toBe(false);
    expect(await shaOf(page)).toBe(await shaOf(safe.page));
    await page.locator('.notice', { hasText: 'take the run away before you close the tab' }).waitFor();
    expect((await take(page, 'Run, zip')).bytes.length).toBeGreaterThan(1000);
    expect(problems).toEqual([]);
  }, 60_000);
});
