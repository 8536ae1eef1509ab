// The lessons as pages: a guess, the experiment, what it shows, and the handles.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, Site, violations } from './site.ts';

const soon = { timeout: 20_000 };

describe.skipIf(missing !== null)(`the studio teaches${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  test('all lessons are there; one is guessed, measured, moved, left for the next, and read in Korean', async () => {
    const { page, problems } = await pageAt(await site.profile(), `${site.plain}#v=1&view=lessons`);
    await page.locator('.lesson-list li').first().waitFor();
    await expect.poll(() => page.locator('.lesson-list li').count()).toBe(21);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Exploding gradients' }).click();
    const run = page.getByRole('button', { name: 'Run the experiment' });
    expect(await run.isDisabled()).toBe(true); // a guess comes first
    await page.getByLabel('About 50 times.').check();
    await run.click();
    await page.locator('.sentences').first().waitFor();
    expect(await page.locator('.guess').textContent()).toContain('The experiment shows another answer: More than 100');
    await expect.poll(() => page.locator('.lesson > .lesson-figures .card').count()).toBe(3);
    const said = page.locator('.handles p[role=status]');
    await expect.poll(() => said.textContent(), soon).toContain('117 times as large');
    await page.locator('.handles input[type=range]').first().fill('0.9');
    await expect.poll(() => said.textContent(), soon).toContain('0.00515 times as large');
    await page.locator('.lesson-figures').first().getByRole('button', { name: 'Table' }).click();
    await expect.poll(() => page.locator('.table-scroll tbody tr').count()).toBeGreaterThan(40);
    expect(await violations(page)).toEqual([]);
    await page.locator('button.language').click();
    await page.getByRole('heading', { name: '기울기 폭발' }).waitFor();
    await page.locator('.sentences').first().waitFor(); // what was measured stays
    await page.getByRole('link', { name: /^다음: / }).click();
    await page.getByRole('heading', { name: '기울기 소실' }).waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(problems).toEqual([]);
  }, 90_000);

  test('a lesson with handles leads to one without, and nothing goes wrong', async () => {
    const { page, problems } = await pageAt(await site.profile(), `${site.plain}#v=1&view=lessons&lesson=lstm`);
    await page.locator('.handles p[role=status]').waitFor(soon);
    await page.getByRole('link', { name: /^Next: / }).click();
    await page.getByRole('heading', { name: 'The GRU' }).waitFor();
    await expect.poll(() => page.locator('.handles').count()).toBe(0);
    await page.getByRole('link', { name: /^Previous: / }).click();
    await page.locator('.handles p[role=status]').waitFor(soon); // what was asked before has been answered
    expect(await page.locator('.notice').count()).toBe(0);
    expect(problems).toEqual([]);
  }, 60_000);

  test('an experiment tells how far it is, and can be ended', async () => {
    const { page, problems } = await pageAt(await site.profile(), `${site.plain}#v=1&view=lessons&lesson=gru`);
    await page.getByLabel('tanh').check();
    await page.getByRole('button', { name: 'Run the experiment' }).click();
    await expect.poll(() => page.locator('progress').getAttribute('value'), soon).not.toBe('0');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Run the experiment' }).waitFor();
    expect(problems).toEqual([]);
  }, 90_000);
});
