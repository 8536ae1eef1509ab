// Every view at the widths of a phone, a tablet, a laptop at 200 %, a desk and a 4K screen: nothing is wider than its screen or its card. And every view by
// the keyboard alone: Tab reaches all that a pointer does, what has the focus can be seen, and the arrow keys read the charts.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, shaOf, Site, train } from './site.ts';

const small = 'model.hiddenSize=8&training.steps=6&training.evaluateEvery=3&training.batch=8';
const widths = [360, 720, 1024, 1440, 3840];

/** Opens each view of a trained run in turn: the plan before it, training with the network asked, inside, attention, the lessons and one of them. */
async function views(page: Page, look: (view: string) => Promise<void>): Promise<void> {
  await page.locator('.plan-rows div').first().waitFor();
  await look('plan');
  await train(page);
  await shaOf(page);
  await page.getByRole('button', { name: 'Open it as it is now' }).click();
  await page.locator('.ask [aria-live] > *').first().waitFor();
  await look('train');
  await page.getByRole('link', { name: 'Inside' }).click();
  await page.locator('.in-passages i').first().waitFor();
  await page.locator('.card', { hasText: 'Hold the unit' }).waitFor();
  await look('inside');
  await page.getByRole('link', { name: 'Attention' }).click();
  await page.locator('.weight-bar, .ways .preset').first().waitFor();
  await look('attention');
  await page.getByRole('link', { name: 'Lessons' }).click();
  await page.locator('.lesson-list a').first().waitFor();
  await look('lessons');
  await page.goto(page.url().replace(/#.*/, '#v=1&view=lessons&lesson=vanish'));
  await page.locator('.handles .chart.plot').waitFor();
  await look('lesson');
}

/** Cards, and what in them is wider than they are, unless it scrolls. */
const wide = `[...document.querySelectorAll('.card, .notice, .figures')].filter((card) => card.scrollWidth > card.clientWidth + 1)
  .map((card) => card.textContent.slice(0, 60) + ': ' + card.scrollWidth + ' in ' + card.clientWidth)`;

/** Marks all that a pointer can press or move, one of each group of radio buttons. Returns how many there are. */
const markControls = `{
  const groups = new Set();
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((element) => {
    if (element.disabled || !element.checkVisibility()) return false;
    if (element.type !== 'radio') return true;
    return !groups.has(element.name) && groups.add(element.name);
  });
  globalThis.controls = new Set(all);
  all.length;
}`;

/** Notes what has the focus; what it is, where nothing shows it. */
const noteFocus = `{
  const here = document.activeElement;
  for (const one of globalThis.controls)
    if (one === here || (one.type === 'radio' && one.name === here.name)) globalThis.controls.delete(one);
  const shown = (element) => element && getComputedStyle(element).outlineStyle !== 'none' && element.getBoundingClientRect().width > 1;
  here === document.body || shown(here) || shown(here.closest('label')) ? '' : here.outerHTML.slice(0, 120);
}`;

const left = `[...globalThis.controls].map((element) => element.outerHTML.slice(0, 120))`;

/** What is pressed and lower than 36 pixels: no link in a sentence, no box whose label is pressed. */
const low = `[...document.querySelectorAll('button:not(.link), summary, select, textarea, .button, nav a, label.preset, .toggle,' +
  ' input:not([type=checkbox], [type=radio], [type=range], [type=file])')]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 35.5)
  .map((element) => element.outerHTML.slice(0, 120))`;

describe.skipIf(missing !== null)(`every view of the studio${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  test.each(['dates', 'motions'])(
    'is as wide as its screen: %s',
    async (preset) => {
      const context = await site.profile({ reducedMotion: 'reduce' });
      const { page, problems } = await pageAt(context, `${site.plain}#v=1&preset=${preset}&${small}`);
      await views(page, async (view) => {
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          await expect.poll(() => page.evaluate('document.documentElement.scrollWidth'), { message: view }).toBe(width);
          await expect.poll(() => page.evaluate(wide), { message: `${view} at ${width}` }).toEqual([]);
        }
        expect(await page.evaluate('document.getAnimations().length')).toBe(0); // none under prefers-reduced-motion
      });
      expect(problems).toEqual([]);
    },
    60_000,
  );

  test('has controls that a finger finds, on a telephone', async () => {
    const context = await site.profile({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const { page } = await pageAt(context, `${site.plain}#v=1&preset=dates&${small}`);
    await views(page, async (view) => {
      expect([view, await page.evaluate(low)]).toEqual([view, []]);
    });
  }, 60_000);

  test('is reached by Tab, and shows what has the focus', async () => {
    const { page } = await pageAt(await site.profile(), `${site.plain}#v=1&preset=dates&${small}`);
    await views(page, async (view) => {
      const count = Number(await page.evaluate(markControls));
      await page.locator('#main').focus();
      await page.keyboard.press('Shift+Tab');
      const unseen = new Set<string>();
      for (let k = 0; k < count + 8; k++) {
        await page.keyboard.press('Tab');
        unseen.add(String(await page.evaluate(noteFocus)));
      }
      expect([view, await page.evaluate(left), [...unseen]]).toEqual([view, [], ['']]);
    });
  }, 120_000);

  test('is read by the arrow keys, and Escape closes a menu', async () => {
    const { page } = await pageAt(await site.profile(), `${site.plain}#v=1&preset=dates&${small}`);
    await train(page);
    await shaOf(page);
    const card = (title: string) => page.locator('.card', { has: page.getByRole('heading', { name: title }) });
    const loss = card('Loss');
    await loss.locator('.loss-chart .uplot').waitFor();
    await loss.locator('.loss-chart').focus();
    await page.keyboard.press('End');
    await loss.getByText('step 6').waitFor();
    await page.keyboard.press('ArrowLeft');
    await loss.getByText('step 5').waitFor();
    await page.keyboard.press('Escape');
    await loss.getByText('step 5').waitFor({ state: 'detached' });
    const ridge = card('Gradient through time');
    await ridge.locator('.ridge').focus();
    await page.keyboard.press('End');
    await ridge.getByText('0 steps back: 1').waitFor();
    await page.keyboard.press('ArrowLeft');
    await ridge.getByText('1 step back: ').waitFor();
    await loss.locator('summary').focus();
    await page.keyboard.press('Enter');
    await loss.getByRole('button', { name: 'PNG image' }).waitFor();
    await page.keyboard.press('Escape');
    await loss.getByRole('button', { name: 'PNG image' }).waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Inside' }).click();
    const curves = card('States and gates of the unit');
    await curves.locator('.chart.plot').first().focus();
    await page.keyboard.press('ArrowRight');
    await curves.getByText('position 0').waitFor();
    await page.keyboard.press('ArrowRight');
    await curves.getByText('position 1').waitFor();
  }, 60_000);
});
