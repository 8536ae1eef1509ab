// The user's own data: tables, and folders of images, from the file to a network that has learned from them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, shaOf, Site, train, violations } from './site.ts';
import { evaluated, Folder } from './taken.ts';

const link = '#v=1&preset=own';

/** Few steps of a small network; the kind of data has other defaults. */
async function small(page: Page): Promise<void> {
  await page.getByLabel('Training steps').fill('12');
  await page.getByLabel('Units per layer').fill('8');
  await page.getByLabel('Units per layer').blur();
}

describe.skipIf(missing !== null)(`the studio learns from own data${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  const folder = new Folder();
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(folder.path, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(async () => {
    await site?.close();
    folder.remove();
  });

  test('a table: its columns are guessed and can be changed, bad rows are told, and what is taken away measures the same', async () => {
    const words = ['good', 'bad'];
    const rows = Array.from(
      { length: 60 },
      (_, k) => `${k},it was ${words[k % 2]} ${'so '.repeat(k % 4)},${words[k % 2]}`,
    );
    const file = write('mail.csv', ['id,message,kind', ...rows, 'only one cell', '61,,good'].join('\n'));
    const { page, problems } = await pageAt(await site.profile(), site.plain + link);
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByText('Row 63: message is empty.').waitFor();
    expect(await page.locator('.left-out li').allTextContents()).toEqual([
      'Row 62: expected 3 cells, as the first row has, got 1.',
      'Row 63: message is empty.',
    ]);
    expect(await page.getByLabel('What to learn').inputValue()).toBe('labeled');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Label', { exact: true }).selectOption('id');
    await page.getByLabel('Label', { exact: true }).selectOption('kind');
    await small(page);
    await train(page);
    await shaOf(page);
    expect(await page.locator('h1').textContent()).toBe('mail');
    expect(await page.locator('.sample.newest span').textContent()).toMatch(/it was (good|bad).* → (good|bad) 0\.\d\d/);
    const loss = await evaluated(page);
    expect(loss.command).toBeCloseTo(loss.page, 5);
    await page.reload();
    await shaOf(page); // its data are in this browser
    expect(problems).toEqual([]);
  }, 60_000);

  test('numbers in JSON lines are forecast; a file that is no text is told what to do', async () => {
    const lines = Array.from({ length: 400 }, (_, k) => JSON.stringify({ t: k, load: Math.sin(k / 4), price: k % 7 }));
    const file = write('load.jsonl', lines.join('\n'));
    const { page, problems } = await pageAt(await site.profile(), site.plain + link);
    const input = page.locator('input[type=file]').first();
    await input.setInputFiles(
      write('picture.csv', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)),
    );
    await page.getByText('is not a text in UTF-8 or UTF-16').waitFor();
    await input.setInputFiles(file);
    await expect.poll(() => page.getByLabel('What to learn').inputValue()).toBe('series');
    await page.getByLabel('Steps that are read').fill('24');
    await small(page);
    await train(page);
    await shaOf(page);
    await expect
      .poll(() => page.locator('.card', { hasText: 'Predictions' }).locator('.chart path.line').count())
      .toBe(4); // its chart is loaded when it is wanted
    expect(problems).toEqual([]);
  }, 60_000);

  test('a folder of images: a label for each subfolder, and an image that cannot be read is told', async () => {
    const { page, problems } = await pageAt(await site.profile(), site.plain + link);
    for (const [color, name] of [
      ['#c00', 'red'],
      ['#00c', 'blue'],
    ]) {
      const png = (await page.evaluate(
        `new Promise((done) => { const c = document.createElement('canvas'); c.width = 40; c.height = 30; const x = c.getContext('2d'); x.fillStyle = '${color}'; x.fillRect(5, 5, 30, 20); done(c.toDataURL('image/png').split(',')[1]); })`,
      )) as string;
      for (let k = 0; k < 12; k++) write(`colors/${name}/${k}.png`, Buffer.from(png, 'base64'));
    }
    write('colors/red/broken.png', 'no image');
    await page.locator('input[type=file]').nth(1).setInputFiles(join(folder.path, 'colors'));
    await page.getByText('broken.png: not an image').waitFor();
    await page.getByText('24 labeled images').waitFor();
    await small(page);
    await train(page);
    await shaOf(page);
    await expect.poll(() => page.locator('.answers canvas').count()).toBe(3);
    expect(await page.locator('.answers span').first().textContent()).toMatch(/(red|blue) \d\.\d\d/);
    const loss = await evaluated(page);
    expect(loss.command).toBeCloseTo(loss.page, 5);
    expect(problems).toEqual([]);
  }, 60_000);
});
