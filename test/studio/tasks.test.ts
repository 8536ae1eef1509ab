// The examples that are no text: each is trained for a few steps, and shows its predictions.

import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluated } from './taken.ts';
import { missing, pageAt, shaOf, Site, train, violations } from './site.ts';

const small = 'model.hiddenSize=8&training.steps=6&training.evaluateEvery=3&training.batch=8';

/** What a line of its predictions looks like. */
const examples: Readonly<Record<string, RegExp>> = {
  adding: /^[✓✗] -?\d\.\d\d {2}\(\d\.\d\d\)$/m,
  'temporal-order': /^[✓✗] \d {2}\(\d\)$/m,
  sentiment: /^[✓✗] [a-z ,]+ → \w+ 0\.\d\d$/m,
  depth: /^[✓✗] [abc()[\]{}]+\n {2}\d+$/m,
  dates: /^[✓✗] .*\d{4} → .*$/m,
  scenes: /^[✓✗] ?.*$/m,
  questions: /^[✓✗] .*\? → \w+ \d\.\d\d$/m,
  motions: /^[✓✗] \w+ 0\.\d\d$/m,
};

const pictures = new Set(['scenes', 'questions', 'motions']);
/** Measured on sequences that nobody has seen, each time others. */
const memory = new Set(['adding', 'temporal-order']);
/** Whether a gradient is followed through its steps: not through those that write a caption or read a question. */
const followed = (name: string) => name !== 'scenes' && name !== 'questions';

const soon = { timeout: 20_000 };

/** Where something is attended to. */
const attends = new Set(['dates', 'scenes', 'questions']);

/** What of one's own a run reads, and what its first passage then has; `png` stands for an image. */
const own: Readonly<Record<string, { readonly text?: string; readonly images?: number; readonly first: RegExp }>> = {
  sentiment: { text: 'not good', first: /^not/ },
  depth: { text: '((a))', first: /^\(\(a/ },
  dates: { text: 'May 5, 2020', first: /^May/ },
  scenes: { images: 1, first: /^▸/ },
  questions: { text: 'is there a star ?', first: /^is there a star/ },
  motions: { images: 2, first: /^\w+$/ },
};

/** Steps in the colors of a unit, what is given at the place, gradients, a unit that is held, and something of one's own. */
async function readsInside(page: Page, name: string): Promise<void> {
  const read = page.locator('.read-text');
  await page.locator('.in-passages i').first().waitFor();
  await expect.poll(() => page.locator('.in-passages > div').count()).toBeGreaterThan(2);
  if (name === 'seasons')
    await page.locator('.card', { hasText: 'Hold the unit' }).locator('.chart path.line').nth(2).waitFor();
  else if (name === 'dates' || name === 'scenes') await page.locator('.held .sample').first().waitFor();
  else await page.locator('.held-rows tbody tr').first().waitFor();
  if (name === 'dates') await page.locator('.next li').first().waitFor(); // it begins where the output begins
  await page.locator('.in-passages i').nth(2).click();
  await page.locator('select.small').first().selectOption('gradient');
  await page.locator('.read-text.by-gradient').waitFor();
  await read.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.in-passages i').nth(3).getAttribute('class')).toContain('here');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.locator('.in-passages > div').nth(1).locator('.here').count()).toBe(1);
  await page.keyboard.press('ArrowUp');
  if (pictures.has(name)) {
    const onImage = page.locator('.card', { hasText: 'The gradient on the image' });
    await expect.poll(() => onImage.locator('.picture').count()).toBe(name === 'scenes' ? 2 : 1);
    expect(await onImage.locator('.picture').last().getAttribute('aria-label')).toMatch(
      /^pixels: most at row \d+, column \d+/,
    );
  }
  const slider = page.locator('.card', { hasText: 'Hold the unit' }).locator('input[type=range]');
  await slider.fill('-1.5');
  await page.getByText('held at -1.5').or(page.getByText('held at −1.5')).first().waitFor();
  await page.getByRole('button', { name: 'Choose a weight' }).click();
  const change = page.getByRole('region', { name: 'Change a weight' });
  await change.locator('.weight-cells i').first().waitFor();
  await change.locator('select').nth(1).selectOption('row');
  await change.getByRole('spinbutton', { name: /^Factor/ }).fill('-3');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.locator('.changed-line').textContent(), soon)
    .toMatch(/^Changes of weights: 1\. The loss goes from /);
  await change.locator('.held .sample, .held-rows tbody tr, path.line').first().waitFor();
  expect(await violations(page)).toEqual([]);
  const given = own[name];
  if (given) {
    if (given.images) {
      const buffer = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#c33' } })
        .png()
        .toBuffer();
      const files = Array.from({ length: given.images }, (_, k) => ({
        name: `${k}.png`,
        mimeType: 'image/png',
        buffer,
      }));
      await page.locator('.own-text input[type=file]').setInputFiles(files);
      await page.getByText(`Images: ${given.images}`).waitFor();
    }
    if (given.text) await page.locator('#own-text').fill(given.text);
    await page.getByRole('button', { name: 'Read it' }).click();
    const first = page.locator('.in-passages > div').first();
    await expect.poll(() => first.textContent(), soon).toMatch(given.first);
    if (name === 'motions') expect(await first.locator('i canvas').count()).toBe(given.images);
    await page.locator('.changed-line').waitFor(); // the weights stay changed
  }
  await page.locator('.changed-line button').click();
  await expect.poll(() => page.locator('.changed-line').count(), soon).toBe(0);
  if (name === 'questions') return; // maps have no layer that a gradient goes back through
  await page.getByRole('button', { name: 'Gradient through time' }).click();
  await page.locator('.measured p').first().waitFor();
}

/** Where it attends, with the beam search; a weight that is moved is followed. */
async function attendsTo(page: Page, name: string): Promise<void> {
  if (name === 'questions') {
    await page.locator('.bars li').first().waitFor();
    await expect.poll(() => page.locator('.pictures .picture').count()).toBeGreaterThan(3);
  } else {
    await page.locator('.weight-bar').first().waitFor();
    await page.locator('svg.tree .node').first().waitFor();
    const first = page.locator('.weight-bar').first();
    await first.focus();
    await page.keyboard.press('End');
    await expect.poll(() => first.getAttribute('aria-valuenow'), soon).toBe('1');
    await page.locator('.edited').first().waitFor();
    await page.getByRole('button', { name: 'Undo the changes' }).click();
    await expect.poll(() => page.locator('.edited').count(), soon).toBe(0);
  }
  if (name !== 'dates') await smooths(page);
  expect(await violations(page)).toEqual([]);
}

/** Maps over images as surfaces, whose exact numbers are still there. */
async function smooths(page: Page): Promise<void> {
  const picture = page.locator('.pictures .picture').first();
  await page.getByLabel('smooth the map').check();
  await picture.locator('canvas.surface').waitFor();
  const opacities = () =>
    page.evaluate(
      "(() => { const c = document.querySelector('canvas.surface'); const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height); return new Set(data.filter((_, k) => k % 4 === 3)).size; })()",
    ) as Promise<number>;
  await expect.poll(opacities).toBeGreaterThan(8); // more than a map has regions of its own
  await picture.hover();
  await expect.poll(() => picture.locator('output').textContent()).toMatch(/^\d\.\d{3}$/);
}

describe.skipIf(missing !== null)(`the studio trains other tasks${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  test.each(Object.entries(examples))(
    '%s: predictions on what is not trained on, gradient and gates',
    async (name, line) => {
      const { page, problems } = await pageAt(await site.profile(), `${site.plain}#v=1&preset=${name}&${small}`);
      await train(page);
      expect(await shaOf(page)).toMatch(/^[0-9a-f]{64}$/);
      expect((await page.locator('.sample.newest span, .answers span').allTextContents()).join('\n')).toMatch(line);
      if (pictures.has(name)) await expect.poll(() => page.locator('.answers canvas').count()).toBe(4);
      if (followed(name)) {
        await page.locator('.ridge-line').first().waitFor();
        await expect.poll(() => page.locator('.gates tbody tr').count()).toBeGreaterThan(1); // a GRU has two
      }
      if (name === 'dates' || name === 'scenes') expect(await violations(page)).toEqual([]);
      if (!memory.has(name)) {
        const loss = await evaluated(page);
        expect(loss.command).toBeCloseTo(loss.page, 5);
      }
      await page.getByRole('link', { name: 'Inside' }).click();
      if (memory.has(name)) await page.getByText('sequences that are made while it trains').waitFor();
      else await readsInside(page, name);
      await page.getByRole('link', { name: 'Attention', exact: true }).click();
      if (attends.has(name)) await attendsTo(page, name);
      else await page.getByText('This network attends to nothing').waitFor();
      expect(problems).toEqual([]);
      await page.context().close();
    },
    90_000,
  );

  test('seasons: a forecast with its quantiles, next to what came', async () => {
    const link = `${site.plain}#v=1&preset=seasons&training.windowLength=24&${small}`;
    const { page, problems } = await pageAt(await site.profile(), link);
    await train(page);
    await shaOf(page);
    const card = page.locator('.card', { hasText: 'Predictions' });
    await expect.poll(() => card.locator('.chart path.line').count()).toBe(4);
    expect(await card.textContent()).toMatch(/mean absolute error in its units \d/);
    expect(await violations(page)).toEqual([]);
    const loss = await evaluated(page);
    expect(loss.command).toBeCloseTo(loss.page, 5);
    await page.getByRole('link', { name: 'Inside' }).click();
    await readsInside(page, 'seasons');
    expect(await page.locator('.curves').count()).toBe(await page.locator('.strip').count());
    expect(problems).toEqual([]);
    await page.context().close();
  }, 90_000);
});
