// Pictures of the studio's views: trains what they show, in headless Chromium, and takes each view in both color schemes.
//
//   npm run images:studio                    docs/images/studio-*.png, at 1440 pixels
//   npm run images:studio -- --all /tmp/x    every view at 360, 1024 and 1440 pixels, to be looked at

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { missing, pageAt, shaOf, Site, train } from '../test/studio/site.ts';
import { root } from '../test/snippets.ts';

const { values } = parseArgs({ options: { all: { type: 'string' }, only: { type: 'string' } } });
const folder = values.all ?? join(root, 'docs', 'images');
const widths = values.all ? [360, 1024, 1440] : [1440];

/** The page as it is, in both schemes; below a height that shows what matters. */
async function take(page: Page, name: string, height = 1000): Promise<void> {
  for (const width of widths)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(400);
      const taken = await page.screenshot({ fullPage: values.all !== undefined });
      const small = await sharp(taken).png({ palette: true, colours: 96, effort: 10 }).toBuffer();
      const file = `studio-${name}${values.all ? `-${width}` : ''}-${colorScheme}.png`;
      writeFileSync(join(folder, file), small);
      console.log(`${file}  ${Math.round(small.length / 1000)} kB`);
    }
}

const wanted = (name: string) => values.only === undefined || values.only.split(',').includes(name);

/** A run that is trained to its end. */
async function trained(site: Site, link: string): Promise<Page> {
  const { page } = await pageAt(await site.profile(), site.served + link);
  await train(page);
  await page.locator('.record .say', { hasText: /[0-9a-f]{64}/ }).waitFor({ timeout: 600_000 });
  await shaOf(page);
  return page;
}

async function texts(site: Site): Promise<void> {
  if (!wanted('train') && !wanted('inside')) return;
  const page = await trained(site, '#v=1&preset=stories&training.steps=700');
  await page.evaluate('scrollTo(0, 0)');
  if (wanted('train')) await take(page, 'train', 1100);
  if (!wanted('inside')) return;
  await page.getByRole('link', { name: 'Inside' }).click();
  await page.locator('.read-text i').first().waitFor();
  await page.getByRole('button', { name: 'Find units' }).click();
  await page.locator('.table-scroll.tall tbody tr').first().waitFor({ timeout: 120_000 });
  await page.locator('.table-scroll.tall tbody tr').first().getByRole('button').first().click();
  await page.locator('.read-text i').nth(130).click();
  await page.waitForTimeout(500);
  await page.evaluate('scrollTo(0, 0)');
  await take(page, 'inside');
}

async function attention(site: Site): Promise<void> {
  if (!wanted('attention')) return;
  const page = await trained(site, '#v=1&preset=dates&training.steps=1000');
  await page.getByRole('link', { name: 'Attention' }).click();
  await page.locator('.weight-bar').first().waitFor();
  await page.locator('svg.tree').waitFor();
  await take(page, 'attention', 1200);
  await page.getByRole('link', { name: 'Inside' }).click();
  await page.locator('.in-passages i').first().waitFor();
  await page.locator('.in-passages i').nth(20).click();
  await page.waitForTimeout(800);
  if (values.all) await take(page, 'inside-translation');
}

async function lessons(site: Site): Promise<void> {
  if (!wanted('lessons')) return;
  const { page } = await pageAt(await site.profile(), `${site.served}#v=1&view=lessons`);
  await page.locator('.lesson-list li').first().waitFor();
  if (values.all) await take(page, 'lesson-list');
  await page.getByRole('link', { name: 'Vanishing gradients' }).click();
  await page.locator('.guess input').nth(1).check();
  await page.getByRole('button', { name: 'Run the experiment' }).click();
  await page.locator('.sentences').first().waitFor({ timeout: 120_000 });
  await page.locator('.lesson-figures .plot').first().hover();
  await page.evaluate('scrollTo(0, 0)');
  await take(page, 'lessons', 1300);
}

if (missing !== null) console.log(`images:studio: ${missing}`);
else {
  mkdirSync(folder, { recursive: true });
  const site = await Site.open();
  try {
    await texts(site);
    await attention(site);
    await lessons(site);
  } finally {
    await site.close();
  }
}
