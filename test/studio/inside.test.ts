// Inside a run: every number is that of the library, and everything that can be asked answers.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, shaOf, Site, train, violations } from './site.ts';

const run =
  '#v=1&preset=stories&model.hiddenSize=16&model.numLayers=1&training.windowLength=16&training.batch=8&training.steps=80';

describe.skipIf(missing !== null)(`the studio shows the inside of a run${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    site = await Site.open();
    ({ page, problems } = await pageAt(await site.profile(), site.plain + run));
    await train(page);
    await shaOf(page);
    await page.getByRole('link', { name: 'Inside' }).click();
    await page.locator('.read-text i').first().waitFor();
  });
  afterAll(() => site?.close());

  test('shows the text in the colors of a unit, and the next character with its probability', async () => {
    await expect.poll(() => page.locator('.read-text i').count()).toBe(2000);
    await page.locator('.read-text i').nth(30).hover();
    const exact = page.locator('.scale .exact');
    await expect.poll(async () => exact.textContent()).toMatch(/^\S −?\d/);
    const before = await exact.textContent();
    await page.locator('.read-text i').nth(34).hover();
    await expect.poll(async () => exact.textContent()).not.toBe(before);
    await expect.poll(async () => page.locator('.next li').count()).toBeGreaterThan(7);
    const bars = await page.locator('.next li > span:nth-of-type(2)').allTextContents();
    expect(bars.reduce((sum, text) => sum + (Number(text) || 0), 0)).toBeLessThanOrEqual(1.005);
    await expect.poll(() => page.locator('.next .came').count()).toBe(1);
    await expect.poll(() => page.locator('.read-text i.below').count()).toBeGreaterThan(0);
  });

  test('shows the gradient on the characters before the one that is pointed at', async () => {
    await page.locator('select.small').first().selectOption('gradient');
    await page.locator('.read-text i').nth(200).hover();
    const colored = () =>
      page.evaluate(
        "Array.from(document.querySelectorAll('.read-text i'), (i, n) => i.style.getPropertyValue('--v') !== '0%' ? n : -1).filter((n) => n >= 0)",
      ) as Promise<number[]>;
    await expect.poll(async () => Math.max(...(await colored()))).toBe(200);
    expect(Math.min(...(await colored()))).toBeGreaterThanOrEqual(128);
    await page.locator('select.small').first().selectOption('unit');
  });

  test('finds units on a stretch that is selected with the keyboard, and goes where they are on too', async () => {
    await page.locator('.read-text i').nth(40).click();
    await page.locator('.read-text').focus();
    for (let k = 0; k < 3; k++) await page.keyboard.press('Shift+ArrowRight');
    const card = page.getByRole('region', { name: 'The stretch you selected' });
    const text = (await page.locator('.read-text i').allTextContents()).slice(40, 44).join('');
    await expect.poll(() => card.locator('.say').first().textContent()).toMatch(/in “.+” and off elsewhere/);
    expect((await card.locator('.say').first().textContent())?.replaceAll('·', ' ')).toContain(`“${text}”`);
    await card.locator('.chips button').first().click();
    await page.waitForURL(/from=40&to=44.*unit=l0\.[hc]\.\d+/); // the address follows a moment later
    // The end that moves comes back and goes beyond the first: the other stays.
    await page.locator('.read-text').focus();
    for (let k = 0; k < 5; k++) await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForURL(/from=38&to=41/);
    await expect.poll(() => card.locator('.chips button').count()).toBeGreaterThan(0);
  });

  test('finds units that follow the text, ablates one, and writes with one held', async () => {
    await page.getByRole('button', { name: 'Find units' }).click();
    await page.locator('.table-scroll.tall tbody tr').first().waitFor();
    await page.locator('.table-scroll.tall tbody tr').first().getByRole('button').nth(1).click();
    await page.locator('.explain[role=status]').waitFor();
    expect(await page.locator('.explain[role=status]').textContent()).toMatch(
      /held at its mean: .* from \d\.\d+ to \d\.\d+/,
    );
    await page.getByRole('button', { name: 'Write' }).click();
    const texts = page.locator('.held .sample span');
    await texts.first().waitFor();
    expect((await texts.nth(0).textContent())?.length).toBe(120);
  });

  test('a spectrum: the largest eigenvalue by a key, and the whole card as an image with its colors and names', async () => {
    await page.getByRole('button', { name: 'Spectrum', exact: true }).click();
    const card = page.locator('.measured section').first();
    await card.locator('.plane').focus();
    await page.keyboard.press('ArrowRight');
    const pointed = await card.locator('.legend .at').first().textContent();
    await card.getByRole('button', { name: 'Table' }).click();
    const radii = await card.locator('tbody td:nth-child(3)').allTextContents();
    const [, radius] = /\|λ\| = ([\d.]+)/.exec(pointed ?? '') ?? [];
    expect(Number(radius)).toBe(Math.max(...radii.map(Number)));

    await card.locator('summary').click();
    const download = page.waitForEvent('download');
    await card.getByRole('button', { name: /SVG/ }).click();
    const svg = readFileSync(await (await download).path(), 'utf8');
    expect(svg.match(/<svg/g)?.length).toBeGreaterThan(2); // the drawing, two charts in it, and the marks of the legend
    expect(svg).toContain('Spectrum, layer 1');
    expect(svg).toContain('norm of the product of Jacobians');
    expect(svg).not.toMatch(/var\(|class=|color-mix|oklch/);
    await page.keyboard.press('Escape');
  });

  test('colored text is taken as an image, a mark for each character', async () => {
    const card = page.locator('section.card', { has: page.locator('.read-text') });
    await card.locator('summary').click();
    const download = page.waitForEvent('download');
    await card.getByRole('button', { name: /SVG/ }).click();
    const svg = readFileSync(await (await download).path(), 'utf8');
    const count = await page.locator('.read-text i').count();
    expect(svg.match(/<rect/g)?.length).toBeGreaterThan(count / 2); // what is at zero has no ground of its own
    expect(svg.match(/<text/g)?.length).toBeGreaterThan(count / 2);
    await page.keyboard.press('Escape');
  });

  test('measures, and is right for everyone, in both languages', async () => {
    await page.getByRole('button', { name: 'Checks', exact: true }).click();
    await page.locator('.measured h2', { hasText: 'Checks' }).waitFor();
    expect(await page.locator('.measured').textContent()).toContain('passed all');
    await page.getByRole('button', { name: 'Memory length', exact: true }).click();
    await page.locator('.measured .say', { hasText: /about [\d,]+ symbols of context/ }).waitFor();
    await page.getByRole('button', { name: 'Truncation', exact: true }).click();
    await page.locator('.measured .say', { hasText: /A window of [\d,]+ steps is enough/ }).waitFor();
    // Of two thousand characters that are colored alike, the first are enough.
    await page.evaluate("document.querySelectorAll('.read-text i:nth-child(n + 60)').forEach((one) => one.remove())");
    expect(await violations(page)).toEqual([]);
    await page.locator('button.language').click();
    await page.getByText('색칠한 글').first().waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(problems).toEqual([]);
  });
});
