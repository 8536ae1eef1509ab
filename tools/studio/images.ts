// Pictures of the studio's views: trains what they show, in headless Chromium, and takes each view.
//
//   npm run images:studio                              docs/images/studio-*.png, at 1440 pixels, light and dark
//   npm run images:studio -- --all /tmp/x              every view at 360, 1024 and 1440 pixels, light in English and dark in Korean, to be looked at
//   npm run images:studio -- --all /tmp/x --only own   some scenes of it, by name; --widths 360 at some widths

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { missing, Site } from '../../test/studio/site.ts';
import { root } from '../../test/snippets.ts';
import { scenes } from './scenes.ts';

const { values } = parseArgs({
  options: { all: { type: 'string' }, only: { type: 'string' }, widths: { type: 'string', default: '360,1024,1440' } },
});
const folder = values.all ?? join(root, 'docs', 'images');
const only = values.only?.split(',');

interface Look {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
  readonly language: 'en' | 'ko';
}

const looks: readonly Look[] = values.all
  ? values.widths
      .split(',')
      .map(Number)
      .flatMap((width): Look[] => [
        { width, colorScheme: 'light', language: 'en' },
        { width, colorScheme: 'dark', language: 'ko' },
      ])
  : (['light', 'dark'] as const).map((colorScheme) => ({ width: 1440, colorScheme, language: 'en' }));

/** Switches the page to a language, where it is in another. */
async function speak(page: Page, language: Look['language']): Promise<void> {
  if ((await page.locator('html').getAttribute('lang')) === language) return;
  await page.locator('button.language').click();
  await page.locator(`html[lang=${language}]`).waitFor();
}

/** The page as it is in every look; whole, or down to `height` for the docs. */
async function take(page: Page, name: string, height: number): Promise<void> {
  for (const { width, colorScheme, language } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await speak(page, language);
    await page.evaluate('scrollTo(0, 0)');
    if (values.all) await page.mouse.move(0, 0); // nothing is hovered
    await page.waitForTimeout(500);
    const taken = await page.screenshot({ fullPage: values.all !== undefined });
    const small = values.all
      ? taken
      : await sharp(taken).png({ palette: true, colours: 128, dither: 0, effort: 10 }).toBuffer();
    const file = `studio-${name}${values.all ? `-${width}` : ''}-${colorScheme}.png`;
    writeFileSync(join(folder, file), small);
    console.log(`${file}  ${Math.round(small.length / 1000)} kB`);
  }
  await speak(page, 'en');
  await page.setViewportSize({ width: 1440, height });
}

if (missing !== null) console.log(`images:studio: ${missing}`);
else {
  mkdirSync(folder, { recursive: true });
  const site = await Site.open();
  try {
    for (const [name, scene] of Object.entries(scenes)) {
      if (only ? !only.includes(name) : !values.all && !scene.docs) continue;
      await scene.play(site, async (page, picture, height) => {
        if (values.all || height !== undefined) await take(page, picture, height ?? 1000);
      });
    }
  } finally {
    await site.close();
  }
}
