// Gestures taught by the camera: recorded, looked through, saved, loaded, learned, and recognized live. Chromium's fake camera shows something that moves;
// where it matters what, a canvas stands for the camera.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { openZip } from 'unrolled/io';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, shaOf, Site, train, violations } from './site.ts';
import { evaluated, Folder, take, unrolled } from './taken.ts';

const link = '#v=1&preset=own';

/** Streams that the page was given. */
const noteStreams = `{
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  globalThis.streams = [];
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    globalThis.streams.push(stream);
    globalThis.wanted = wanted;
    return stream;
  };
}`;

/** In place of a camera a bar on a canvas, which crosses it once a second: to the right, or to the left where globalThis.left says so. */
const drawnCamera = `
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [320, 240];
    const context = canvas.getContext('2d');
    const draw = () => {
      const at = (performance.now() / 1000) % 1;
      context.fillStyle = '#223';
      context.fillRect(0, 0, 320, 240);
      context.fillStyle = '#fd8';
      context.fillRect(40 + 240 * (globalThis.left ? 1 - at : at) - 30, 60, 60, 120);
      requestAnimationFrame(draw);
    };
    draw();
    globalThis.stream = canvas.captureStream(30);
    return globalThis.stream;
  };
`;

const states = (page: Page) =>
  page.evaluate(
    'globalThis.streams.flatMap((stream) => stream.getTracks().map(({ kind, readyState }) => kind + " " + readyState))',
  );
const gather = (page: Page) => page.getByRole('button', { name: 'Gestures by camera' }).click();
const shown = (page: Page) => page.locator('.camera video').waitFor();
const classOf = (page: Page, n: number) => page.locator('.gather-class').nth(n);
/** How many clips each class says that it has. */
const counts = async (page: Page) =>
  (await page.locator('.gather-head [role=status]').allTextContents()).map((text) => Number.parseInt(text, 10));
const until = (page: Page, n: number, count: number) =>
  expect.poll(async () => (await counts(page))[n]).toBeGreaterThanOrEqual(count);

/** Holds the button of a class with the mouse until it has so many clips, or some more: the clip that has begun is finished. */
async function record(page: Page, n: number, count: number): Promise<void> {
  await classOf(page, n).getByRole('button', { name: 'Hold to record' }).hover();
  await page.mouse.down();
  await until(page, n, count - 1);
  await page.mouse.up();
  await classOf(page, n).locator('.gather-hold[aria-pressed=false]').waitFor();
  await until(page, n, count);
}

async function small(page: Page, steps: number, units = 8): Promise<void> {
  await page.getByLabel('Training steps').fill(String(steps));
  await page.getByLabel('Units per layer').fill(String(units));
  await page.getByLabel('Units per layer').blur();
}

describe.skipIf(missing !== null)(`gestures by camera${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  const folder = new Folder();
  beforeAll(async () => {
    site = await Site.open({}, ['--use-fake-device-for-media-stream=fps=30']);
  });
  afterAll(async () => {
    await site?.close();
    folder.remove();
  });
  const allowed = async (script: string): Promise<BrowserContext> => {
    const context = await site.profile({ permissions: ['camera'] });
    await context.addInitScript(script);
    return context;
  };

  test('clips are recorded, looked through and deleted, saved for the command, and loaded again', async () => {
    const { page, problems } = await pageAt(await allowed(noteStreams), site.served + link);
    await gather(page);
    await shown(page);
    expect(await page.evaluate('globalThis.wanted.audio')).toBe(false);
    expect(await page.getByText('Record clips of two classes first.').count()).toBe(1);
    await page.getByLabel('Name of class 1').fill('wave');
    await page.getByLabel('Name of class 2').fill('wave');
    await page.getByLabel('Name of class 2').blur();
    await page.getByText('Another class has this name').waitFor();
    await page.getByLabel('Name of class 2').fill('손짓: 2');
    await page.getByLabel('Name of class 2').blur();
    expect(await page.getByLabel('Name of class 2').inputValue()).toBe('손짓 2');

    await record(page, 0, 5);
    await page.getByText('Record clips of at least 2 classes.').waitFor();
    const keyed = classOf(page, 1).getByRole('button', { name: 'Hold to record' });
    await keyed.press('Space'); // by keyboard, and short
    await page.getByText('손짓 2 has 1 of the 4 clips that it needs at least.').waitFor();
    await classOf(page, 1).getByRole('button', { name: 'Record 10' }).click();
    await page.getByText('Begins in 2').waitFor({ state: 'attached' });
    await until(page, 1, 4);
    await classOf(page, 1).getByRole('button', { name: 'Stop' }).click();
    await page.getByText('This can be trained.').waitFor();
    await page.locator('button[type=submit].go:not([disabled])').waitFor();
    await page.getByLabel('Name of class 1').fill('Wave');
    await page.getByLabel('Name of class 1').press('Enter'); // takes the name, and does not train
    await classOf(page, 0).getByRole('button', { name: 'Hold to record', exact: false }).waitFor();
    expect(await page.locator('.figures').count()).toBe(0);
    await page.getByLabel('Name of class 1').fill('wave');
    await page.getByLabel('Name of class 1').blur();
    expect(await violations(page)).toEqual([]);
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }

    const thumbs = classOf(page, 0).locator('.gather-clips button');
    const pixels = () =>
      thumbs
        .first()
        .locator('canvas')
        .evaluate((canvas: { toDataURL(): string }) => canvas.toDataURL());
    const still = await pixels();
    await thumbs.first().hover();
    await expect.poll(pixels).not.toBe(still); // it plays
    await thumbs.last().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Delete clip 2' }).waitFor();
    expect(await classOf(page, 0).getByLabel('Clip 2, frames from its beginning to its end').count()).toBe(1);
    const [waves, others] = await counts(page);
    await page.keyboard.press('Delete');
    await expect.poll(() => counts(page)).toEqual([waves - 1, others]);
    await page.getByRole('button', { name: 'Add a class' }).click();
    await page.getByRole('button', { name: 'Delete the class: Class 3' }).click();
    expect((await counts(page)).length).toBe(2);

    const saved = await take(page, 'Save the clips, zip');
    expect(saved.name).toBe('wave-손짓-2.zip');
    const names = [...(await openZip(saved.bytes)).files.keys()];
    expect(names.length).toBe((waves - 1 + others) * 12);
    expect(names).toContain('wave-손짓-2/손짓 2/0004/0012.png');
    await folder.unzip(saved.bytes);
    const told = await unrolled(folder.path, 'train', 'video', 'wave-손짓-2', '--size', '32', '--steps', '2');
    expect(told).toMatchObject({ steps: 2, reason: 'finished' });

    const other = await pageAt(await site.profile(), site.plain);
    const file = { name: 'x.zip', mimeType: 'application/zip', buffer: Buffer.from(saved.bytes) };
    await other.page.evaluate(
      `{
        const bytes = Uint8Array.from(atob('${file.buffer.toString('base64')}'), (c) => c.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], 'x.zip'));
        dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
      }`,
    );
    await expect.poll(() => counts(other.page)).toEqual([waves - 1, others]);
    expect(await other.page.getByLabel('Name of class 2').inputValue()).toBe('손짓 2');
    expect(await other.page.getByText('The camera is off.').count()).toBe(1); // it was not asked for
    expect(await other.page.locator('.plan button[type=submit]').isEnabled()).toBe(true);

    await small(page, 6);
    await train(page);
    expect(await states(page)).toEqual(['video ended']);
    await shaOf(page);
    expect(await page.locator('h1').textContent()).toBe('wave, 손짓 2');
    const loss = await evaluated(page);
    expect(loss.command).toBeCloseTo(loss.page, 5);
    await page.reload();
    await shaOf(page); // its clips are in this browser
    expect([...problems, ...other.problems]).toEqual([]);
  }, 180_000);

  test('what is learned from a bar that moves to the left or to the right is told live, while it trains and after', async () => {
    const { page, problems } = await pageAt(await allowed(drawnCamera), site.served + link);
    await gather(page);
    await shown(page);
    await page.getByLabel('Name of class 1').fill('right');
    await page.getByLabel('Name of class 2').fill('left');
    await page.getByLabel('Name of class 2').blur();
    await record(page, 0, 8);
    await page.evaluate('globalThis.left = true');
    await record(page, 1, 8);
    await small(page, 120, 24);
    await train(page);
    await page.getByRole('button', { name: 'Open it as it is now' }).click();
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    await page.locator('.live-best').waitFor({ timeout: 30_000 });
    expect(await page.locator('.live .scores tbody td:first-child').allTextContents()).toEqual(['left', 'right']);
    expect(await violations(page)).toEqual([]);
    await shaOf(page);
    await page.getByRole('button', { name: 'Ask the newest' }).click();
    const tells = async (where: Page) => {
      for (const left of [true, false, true]) {
        await where.evaluate(`globalThis.left = ${left}`);
        await expect.poll(() => where.locator('.live-best b').textContent()).toBe(left ? 'left' : 'right');
      }
    };
    await tells(page);

    const html = await take(page, 'Page that answers, HTML'); // it has the camera as well, without a connection
    writeFileSync(join(folder.path, 'page.html'), html.bytes);
    const context = await site.profile({ offline: true });
    await context.addInitScript(drawnCamera);
    const away = await context.newPage();
    away.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await away.goto(pathToFileURL(join(folder.path, 'page.html')).href);
    await away.getByRole('button', { name: 'Camera', exact: true }).click();
    await away.locator('.live-best').waitFor();
    await tells(away);
    expect(await violations(away)).toEqual([]);

    await page.getByRole('link', { name: 'Lessons' }).click();
    expect(await page.evaluate('globalThis.stream.getTracks()[0].readyState')).toBe('ended');
    expect(problems).toEqual([]);
  }, 180_000);

  test('a camera that is not there is told in a sentence, and so is one that goes', async () => {
    const denied = await pageAt(await site.profile(), site.served + link);
    await gather(denied.page);
    await denied.page.getByText('This page may not use the camera.').waitFor();
    expect(await denied.page.getByRole('button', { name: 'Hold to record' }).first().isDisabled()).toBe(true);
    expect(await violations(denied.page)).toEqual([]);

    const insecure = await pageAt(await site.profile(), site.insecure + link);
    await gather(insecure.page);
    await insecure.page.getByText('Browsers give the camera only to pages of https://').waitFor();

    const { page } = await pageAt(await allowed(noteStreams), site.plain + link);
    const refuse = (name: string) =>
      page.evaluate(`navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'))`);
    await gather(page);
    await shown(page);
    const hide = (state: string) =>
      page.evaluate(`{
        Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }`);
    await classOf(page, 0).getByRole('button', { name: 'Record 10' }).click();
    await hide('hidden');
    await page.getByText('The camera was turned off because this tab was hidden.').waitFor();
    expect(await states(page)).toEqual(['video ended']);
    await hide('visible');
    await page.getByRole('button', { name: 'Turn the camera on' }).click();
    await shown(page);
    await page.evaluate('globalThis.streams.at(-1).getTracks()[0].dispatchEvent(new Event("ended"))');
    await page.getByText('The camera was taken away').waitFor();
    for (const [name, sentence] of [
      ['NotFoundError', 'No camera was found.'],
      ['NotReadableError', 'another program may be using it'],
      ['TypeError', 'The camera cannot be used in this browser.'],
    ]) {
      await refuse(name);
      await page.getByRole('button', { name: 'Turn the camera on' }).click();
      await page.getByText(sentence).waitFor();
    }
    expect(await counts(page)).toEqual([0, 0]); // what was counted down was not recorded
  }, 60_000);

  test('leaving while the browser asks turns the camera off when it comes', async () => {
    const slow = `{
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      globalThis.streams = [];
      mediaDevices.getUserMedia = async (wanted) => {
        await new Promise((answer) => (globalThis.answer = answer));
        const stream = await ask(wanted);
        globalThis.streams.push(stream);
        return stream;
      };
    }`;
    const { page } = await pageAt(await allowed(slow), site.plain + link);
    await gather(page);
    await page.getByText('The browser asks whether this page may use the camera.').waitFor();
    await gather(page); // back to the text
    await page.getByLabel('Your text').waitFor();
    await page.evaluate('globalThis.answer()');
    await expect.poll(() => states(page)).toEqual(['video ended']);
  });
});
