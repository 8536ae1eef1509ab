// The data before a run: noise, amount and another draw, seen at once, in the link, and to the same bits. And controls that a link leaves out.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, shaOf, Site, train, violations } from './site.ts';

const small = 'model.hiddenSize=8&training.steps=6&training.evaluateEvery=3&training.batch=8';
const rows = (page: Page) => page.locator('.example-rows tbody').textContent();
const inLink = (page: Page, name: string) => new URLSearchParams(new URL(page.url()).hash.slice(1)).get(name);

/** What the page would copy. */
async function copied(page: Page): Promise<URLSearchParams> {
  await page.evaluate('navigator.clipboard.writeText = async (text) => { globalThis.link = text; }');
  await page.getByRole('button', { name: /Copy link|Copied/ }).click();
  return new URLSearchParams(new URL((await page.evaluate('globalThis.link')) as string).hash.slice(1));
}

describe.skipIf(missing !== null)(`the data of the studio${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  test('noise and another draw are seen before anything trains, are in the link, and train to the same bits', async () => {
    const { page, problems } = await pageAt(await site.profile(), `${site.plain}#v=1&preset=sentiment&${small}`);
    await page.locator('.example-rows td').first().waitFor();
    const first = await rows(page);
    expect(await page.locator('.example-rows mark').count()).toBe(0);
    await page.getByLabel('Label noise').focus();
    for (let k = 0; k < 10; k++) await page.keyboard.press('PageUp');
    await page.locator('.example-rows mark').first().waitFor();
    await expect.poll(() => inLink(page, 'data.noise')).toBe('1');
    await page.getByRole('button', { name: 'Draw again' }).click();
    await expect.poll(() => rows(page)).not.toBe(first);
    expect(inLink(page, 'data.seed')).toBe('2');
    await page.locator('.plan-rows div').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await train(page);
    const sha = await shaOf(page);
    const link = await copied(page);
    expect([link.get('data.noise'), link.get('data.seed'), link.get('sha')]).toEqual(['1', '2', sha]);
    const other = await pageAt(await site.profile(), `${site.plain}#${link}`);
    expect(inLink(other.page, 'sha')).toBe(sha);
    await train(other.page);
    expect(await shaOf(other.page)).toBe(sha);
    // Other settings end in another SHA: that of the link goes with what it was of.
    const changed = await pageAt(await site.profile(), `${site.plain}#${link}`);
    await changed.page.getByRole('button', { name: 'Draw again' }).click();
    await expect.poll(() => inLink(changed.page, 'data.seed')).toBe('3');
    expect(inLink(changed.page, 'sha')).toBeNull();
    const plain = await pageAt(await site.profile(), `${site.plain}#v=1&preset=sentiment&${small}`);
    await train(plain.page);
    expect(await shaOf(plain.page)).not.toBe(sha);
    expect([...problems, ...other.problems]).toEqual([]);
  }, 120_000);

  test('a series and images are seen with their noise, and an amount beyond the limits is brought into them', async () => {
    const { page, problems } = await pageAt(
      await site.profile(),
      `${site.plain}#v=1&preset=seasons&data.noise=0.4&${small}`,
    );
    await page.locator('.examples .chart.plot').waitFor();
    await page.locator('.examples').getByRole('button', { name: 'Table' }).click();
    expect(await page.locator('.examples table.data tbody tr').count()).toBe(200);
    await page.goto(`${site.plain}#v=1&preset=motions&data.size=1e9`);
    await expect.poll(() => page.locator('.example-images canvas').count()).toBe(8);
    expect(await page.locator('.notice').textContent()).toContain('4,000 is used');
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('a link leaves controls out of the form: their values count, and whoever opens it can show them', async () => {
    const hide = 'hide=preset,training.lr,later.thing,data.noise';
    const { page, problems } = await pageAt(
      await site.profile(),
      `${site.plain}#v=1&preset=dates&training.lr=0.02&${small}&${hide}`,
    );
    await page.locator('.plan-rows div').first().waitFor();
    expect(await page.getByRole('radio').count()).toBe(0);
    expect(await page.getByRole('heading', { name: 'Dates' }).count()).toBe(1);
    for (const name of ['Learning rate', 'Character noise']) expect(await page.getByLabel(name).count()).toBe(0);
    expect(await page.locator('.top').textContent()).toContain('3 settings are set by the link');
    const link = await copied(page);
    expect([link.get('hide'), link.get('training.lr')]).toEqual(['preset,training.lr,data.noise,later.thing', '0.02']);
    await page.getByText('Leave controls out of the form').click();
    await page.getByRole('group', { name: 'Leave out' }).getByLabel('What to learn').uncheck();
    await page.getByRole('group', { name: 'Leave out' }).getByLabel('Cell').check();
    expect((await copied(page)).get('hide')).toBe('model.cell,training.lr,data.noise,later.thing');
    expect(await violations(page)).toEqual([]);
    await train(page);
    await page.locator('#live-clip').waitFor();
    expect(await page.locator('#live-lr').count()).toBe(0);
    await page.goBack();
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await page.getByLabel('Learning rate').inputValue()).toBe('0.02');
    expect(await page.getByRole('radio').count()).toBeGreaterThan(10);
    expect(problems).toEqual([]);
  }, 120_000);
});
