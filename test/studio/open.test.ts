// Runs and models from elsewhere: from the server, by an address, dropped; asked, and taken away again.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../snippets.ts';
import { missing, pageAt, Site, violations } from './site.ts';
import { Folder, take, unrolled } from './taken.ts';

/** Drops files on the page, as from a desktop. */
async function drop(
  page: Page,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  const given = files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('base64') }));
  const transfer = await page.evaluateHandle((list: { name: string; text: string }[]) => {
    const data = new (
      globalThis as unknown as { DataTransfer: new () => { items: { add(file: object): void } } }
    ).DataTransfer();
    for (const { name, text } of list)
      data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    return data;
  }, given);
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}

describe.skipIf(missing !== null)(`the studio opens runs${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  const folder = new Folder();
  beforeAll(async () => {
    const train = ['train', 'classify', '--demo', 'sentiment', '--steps', '2', '--hidden', '8', '--out', 'reviews'];
    await unrolled(folder.path, ...train);
    site = await Site.open({ reviews: join(folder.path, 'reviews') });
  }, 30_000);
  afterAll(async () => {
    await site?.close();
    folder.remove();
  });

  const answered = (page: Page) => page.locator('.ask .scores tbody tr').first();
  const ask = async (page: Page) => {
    await page.getByRole('button', { name: 'Open it as it is now' }).click();
    await page.locator('.ask-text input').fill('good , not bad');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await answered(page).waitFor();
    return answered(page).textContent();
  };

  test('a run of the server is opened, asked, taken away as a zip, and dropped again with the same answer', async () => {
    const { page, problems } = await pageAt(await site.profile(), site.served);
    await page.getByRole('heading', { name: 'reviews' }).waitFor(); // the only run of the server
    const answer = await ask(page);
    expect(answer).toMatch(/(positive|negative|good|bad).*\d+ %/);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Inside' }).click();
    await page.getByText('has come without data that validate it').waitFor();
    await page.locator('#own-text').fill('good and not bad');
    await page.getByRole('button', { name: 'Read it' }).click();
    await expect
      .poll(() => page.locator('.in-passages i').allTextContents())
      .toEqual(['good ', 'and ', 'not ', 'bad ']);
    await page.locator('.held-rows tbody tr').first().waitFor();
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    const zip = await take(page, 'Run, zip');
    const other = await pageAt(await site.profile(), site.plain);
    await drop(other.page, [zip]);
    await other.page.getByRole('heading', { name: 'reviews' }).waitFor();
    expect(await ask(other.page)).toBe(answer);
    await other.page.reload();
    await other.page.getByRole('heading', { name: 'reviews' }).waitFor(); // it is kept
    await other.page.getByRole('button', { name: 'Delete' }).click();
    await other.page.getByText('What to learn').first().waitFor();
    expect([...problems, ...other.problems]).toEqual([]);
  }, 60_000);

  test('nothing outside of the given runs is served, and nothing but their JSON and weights', async () => {
    const status = async (path: string) => (await fetch(`${site.served}${path}`)).status;
    expect(await status('runs/reviews/config.json')).toBe(200);
    expect(await status('runs/reviews/metrics.jsonl')).toBe(404);
    for (const path of [
      'runs/reviews/..%2f..%2fpackage.json',
      'runs/reviews/checkpoints/..%2f..%2f..%2f/package.json',
      'runs/..%2freviews/config.json',
      'runs/other/config.json',
      'runs/reviews/%2fetc%2fx.json',
    ])
      expect([path, await status(path)]).toEqual([path, 404]);
  });

  test('an address of another origin is refused; a model of another system becomes a network that can be kept', async () => {
    const { page } = await pageAt(await site.profile(), `${site.plain}?run=https://example.com/run/`);
    await page.locator('.notice', { hasText: 'is not on the server that this page is from' }).waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await drop(page, [{ name: 'broken.onnx', bytes: Uint8Array.of(1, 2, 3) }]);
    await page.locator('.notice', { hasText: 'broken.onnx' }).waitFor();
    const exported = join(folder.path, 'onnx');
    await unrolled(folder.path, 'export', 'reviews', '--to', 'onnx', '--out', exported);
    await drop(page, [{ name: 'reviews.onnx', bytes: new Uint8Array(readFileSync(join(exported, 'model.onnx'))) }]);
    await page.getByRole('heading', { name: 'reviews' }).waitFor();
    await page.getByText('This network reads and gives tensors').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Inside' }).click();
    // Its recurrent layer says what a step is, and it reads what its conversion was verified with until it is given something.
    await page.getByText('It reads the inputs that its conversion was verified with').waitFor();
    await expect.poll(() => page.locator('.in-passages i').count()).toBe(5);
    await page.locator('#own-text').fill('5 6 7 8 9 10 11');
    await page.getByRole('button', { name: 'Read it' }).click();
    await expect.poll(() => page.locator('.in-passages i').count()).toBe(7);
    await page.locator('.in-passages i').nth(3).click();
    await page.locator('.held-rows tbody tr').first().waitFor();
    await page.locator('select.small').first().selectOption('gradient');
    await expect.poll(() => page.locator('.scale .exact').textContent()).toMatch(/\d\.\d|e−/);
    await page.getByRole('button', { name: 'Spectrum' }).click();
    await expect.poll(() => page.locator('.measured').textContent()).toMatch(/A gradient (vanishes|is kept|explodes)/);
    expect(await violations(page)).toEqual([]);
  }, 60_000);

  test('what cannot be opened is told in the language of the page, with the error as it is', async () => {
    const { page } = await pageAt(await site.profile({ locale: 'ko-KR' }), `${site.plain}#v=1`);
    const newer = JSON.stringify({ format: 'unrolled run', version: 99, task: 'text', model: {} });
    for (const [name, content, say, detail] of [
      ['config.json', '{"format":"unro', '파일이 저장할 때와 다릅니다', 'config.json'],
      ['config.json', newer, '더 새로운 버전의 unrolled', 'version 99'],
      ['broken.onnx', 'no graph', '모델을 변환할 수 없습니다', 'broken.onnx'],
    ]) {
      const weights = name === 'config.json' ? [{ name: 'model.safetensors', bytes: new Uint8Array(8) }] : [];
      await drop(page, [{ name, bytes: new TextEncoder().encode(content) }, ...weights]);
      const notice = page.locator('.notice', { hasText: say });
      await notice.waitFor();
      expect(await notice.locator('[lang=en]').textContent()).toContain(detail);
      await page.getByRole('button', { name: '알림 닫기' }).click();
    }
  }, 60_000);

  test('runs of numbers and of clips are looked into by what they are given', async () => {
    const runs = join(root, 'test', 'fixtures', 'runs');
    const other = await Site.open({ moves: join(runs, 'series-sequence') });
    try {
      const { page, problems } = await pageAt(await other.profile(), `${other.served}?run=runs/moves/`);
      const inside = async (name: string) => {
        await page.getByRole('heading', { name }).waitFor();
        await page.getByRole('link', { name: 'Inside' }).click();
        await page.getByText('has come without data that validate it').waitFor();
      };
      await inside('moves');
      const columns = 2; // x and y
      const rows = Array.from({ length: 6 }, (_, t) => Array.from({ length: columns }, (_, c) => t * c - 1).join(' '));
      await page.locator('#own-text').fill(rows.join('\n'));
      await page.getByRole('button', { name: 'Read it' }).click();
      await expect.poll(() => page.locator('.strip i').count()).toBe(6);
      expect(await page.locator('.curves path').count()).toBe(Math.min(4, columns));
      await page.locator('.held-rows tbody tr').first().waitFor();
      expect(await violations(page)).toEqual([]);
      // A run of an older version has no index that a server could give; it is dropped.
      const paths = readdirSync(join(runs, 'video-clip'), { recursive: true, encoding: 'utf8' });
      const files = paths
        .filter((path) => path.includes('.'))
        .map((path) => [path, readFileSync(join(runs, 'video-clip', path))]);
      await drop(page, [{ name: 'clips.zip', bytes: zipSync(Object.fromEntries(files)) }]);
      await inside('clips');
      const buffer = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#3c3' } })
        .png()
        .toBuffer();
      const frames = ['a.png', 'b.png'].map((name) => ({ name, mimeType: 'image/png', buffer }));
      await page.locator('.own-text input[type=file]').setInputFiles(frames);
      await page.getByText('Images: 2').waitFor();
      await page.getByRole('button', { name: 'Read it' }).click();
      await expect.poll(() => page.locator('.as-frames canvas').count()).toBe(2);
      expect(problems).toEqual([]);
    } finally {
      await other.close();
    }
  }, 60_000);
});
