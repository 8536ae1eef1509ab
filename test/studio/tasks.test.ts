// The examples that are no text: each is trained for a few steps, and shows its predictions.

import type { Page } from 'playwright-core';
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

/** Read token by token, and where something is attended to. */
const read = new Set(['sentiment', 'depth', 'dates']);
const attends = new Set(['dates', 'scenes', 'questions']);

/** Tokens in the colors of a unit, probabilities at the place, a unit that is held, and a text of one's own. */
async function readsInside(page: Page, name: string): Promise<void> {
  await page.locator('.in-passages i').first().waitFor();
  await expect.poll(() => page.locator('.in-passages > div').count()).toBeGreaterThan(5);
  if (name !== 'dates') await page.locator('.held-rows tbody tr').first().waitFor();
  else await page.locator('.held .sample').first().waitFor();
  await page.locator('.in-passages i').nth(2).click();
  await page.locator('select.small').first().selectOption('gradient');
  await page.locator('.read-text.by-gradient').waitFor();
  const slider = page.locator('.card', { hasText: 'Hold the unit' }).locator('input[type=range]');
  await slider.fill('-1.5');
  await page.getByText('held at -1.5').or(page.getByText('held at −1.5')).first().waitFor();
  expect(await violations(page)).toEqual([]);
  const own = { sentiment: 'not good', depth: '((a))', dates: 'May 5, 2020' }[name] as string;
  await page.locator('#own-text').fill(own);
  await page.getByRole('button', { name: 'Read it' }).click();
  const first = page.locator('.in-passages > div').first();
  await expect.poll(() => first.textContent(), soon).toContain(own.slice(0, 3));
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
  expect(await violations(page)).toEqual([]);
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
      if (read.has(name)) await readsInside(page, name);
      else await page.getByText('This run reads no text token by token').waitFor();
      await page.getByRole('link', { name: 'Attention' }).click();
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
    expect(await card.locator('svg path.line').count()).toBe(4);
    expect(await card.textContent()).toMatch(/mean squared error \d/);
    expect(await violations(page)).toEqual([]);
    const loss = await evaluated(page);
    expect(loss.command).toBeCloseTo(loss.page, 5);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
