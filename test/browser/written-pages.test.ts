// Every page that the commands write, as people meet it: at a telephone's width and at a desk's, in light and in dark. Nothing is wider than the window, no
// rule of axe is broken, and each works from the disk without a request. The contents are made here, with long names and markup in them.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCaptions } from '../../packages/cli/src/caption/view.ts';
import { writeDrawings } from '../../packages/cli/src/pages/drawing.ts';
import { clipPage, framePage } from '../../packages/cli/src/video/view.ts';
import { answerPage } from '../../packages/cli/src/vqa/answers.ts';
import { inProcess as unrolled, workFolder } from '../in-process.ts';
import { executable } from './executable.ts';
import { launchChromium } from './launch.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const long = 'a-name-without-any-place-to-break-it-as-cameras-and-servers-give-them-20261129-0001.mp4';
const markup = '<b>left & "right"</b>';
const size = 16;
const image = { height: size, width: size, data: Uint8Array.from({ length: 3 * size * size }, (_, k) => (k * 37) % 256) }; // biome-ignore format: a line
const labels = ['still', 'left', markup, 'counterclockwise', 'up', 'down', 'growing'];

/** A clip of so many frames, and what a model may say of it. */
function video(frames: number, n: number) {
  const pixels = new Uint8Array(3 * size * size * frames).map((_, k) => (k * (n + 3)) % 256);
  const frameLabels = Array.from({ length: frames }, (_, t) => labels[(n + Math.floor(t / 3)) % labels.length]);
  const predicted = frameLabels.map((label, t) => (t % 5 === 0 ? 'still' : label));
  const name = n === 0 ? long : `clip ${n}`;
  return {
    video: {
      name,
      file: null,
      pixels,
      features: null,
      frames: frameLabels.length,
      label: labels[n % labels.length],
      frameLabels,
    },
    byFrame: { clip: name, segments: [], labels: predicted, confidence: predicted.map((_, t) => 0.3 + (t % 7) / 10) },
    byClip: { clip: name, label: 'left', probability: 0.5, probabilities: labels.map((label, k) => ({ label, score: 1 / (k + 2) })) }, // biome-ignore format: a line
  };
}

const words = 'a small red circle to the left of a big blue square'.split(' ');
const weights = words.map((_, t) => Float32Array.from({ length: 16 }, (_v, r) => ((r * 7 + t) % 16) / 120));
const at = workFolder('pages');

async function lesson(name: string, language: string, path: string): Promise<void> {
  const { code, err } = await unrolled('lesson', name, '--lang', language, '--out', path, '--quiet');
  expect(code, err).toBe(0);
}

const writers: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'clips.html, by clip': async (path) => {
    const all = [12, 30, 9].map(video);
    clipPage(path, 'clips of the validation part', all.map((one) => one.byClip), all.map((one) => one.video), size); // biome-ignore format: a call
  },
  'clips.html, by frame': async (path) => {
    const all = [12, 60, 9].map(video);
    framePage(path, 'clips of the validation part', all.map((one) => one.byFrame), all.map((one) => one.video), size); // biome-ignore format: a call
  },
  'answers.html': async (path) => {
    const answered = [long, markup].map((name) => {
      const probabilities = labels.map((label, k) => ({ label, score: 1 / (k + 2) }));
      return { image: name, question: `what is ${name}?`, answer: 'left', probability: 0.5, probabilities, questionOnly: 'yes' }; // biome-ignore format: a line
    });
    answerPage(path, { title: 'Questions', lines: [long] }, answered, ['left', 'up'], [image, image]);
  },
  'captions.html': async (path) => {
    const caption = { text: words.join(' '), tokens: words, complete: false, attention: weights, map: [4, 4] };
    const one = { caption: caption as never, image: async () => image };
    const all = [
      { ...one, name: long, references: [words.join(' '), 'a circle'] },
      { ...one, name: markup, references: ['a square', 'a big square'] },
    ];
    await writeCaptions(path, 'Captions of images', all);
  },
  'where.html': async (path) => {
    const drawing = { image, words, weights, map: [4, 4] as const };
    await writeDrawings(path, { title: 'Questions, word by word', about: long }, [{ caption: `${markup}  yes`, drawing, name: long }]); // biome-ignore format: a call
  },
  'lesson unrolled, in English': (path) => lesson('unrolled', 'en', path),
  'lesson clip, in Korean': (path) => lesson('clip', 'ko', path),
  'inspect, of number sequences': async (path) => {
    const rows = Array.from({ length: 240 }, (_, t) => `s${Math.floor(t / 12)},${Math.sin(t)},${t % 12 < 6 ? 'low' : 'high'}`); // biome-ignore format: a line
    writeFileSync(at('steps.csv'), `series_id,x,label\n${rows.join('\n')}\n`);
    const sizes = ['--hidden', '4', '--steps', '20', '--no-check', '--quiet'];
    const trained = await unrolled('train', 'tag', 'steps.csv', '--group', 'series_id', '--out', 'run', ...sizes);
    const { code, err } = await unrolled('inspect', 'run', '--html', path, '--length', '64', '--quiet');
    expect([trained.code, code], err).toEqual([0, 0]);
  },
};

describe('pages that commands write', () => {
  let browser: Browser;
  beforeAll(async () => {
    if (executable === undefined) return;
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());

  const sights = [
    [360, 'light'],
    [1440, 'dark'],
    [360, 'dark'],
    [1440, 'light'],
  ] as const;
  const cases = Object.keys(writers).flatMap((name) =>
    sights.slice(0, name.startsWith('clips') ? 4 : 2).map(([width, scheme]) => ({ name, width, scheme })),
  );
  test.for(cases)(
    '$name at $width pixels, $scheme: nothing wider than the page, and no rule of axe broken',
    { timeout: 120_000 },
    async ({ name, width, scheme }, { skip }) => {
      if (executable === undefined) return skip('no Chromium on this machine');
      const path = at(`${name.replace(/\W+/g, '-')}.html`);
      if (!existsSync(path)) await writers[name](path);
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(String(error)));
      const url = pathToFileURL(path).href;
      page.on('request', (request) => request.url() !== url && !request.url().startsWith('data:') && problems.push(request.url())); // biome-ignore format: a call
      await page.goto(url);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await brokenRules(page)).toEqual([]);
      expect(problems).toEqual([]);
      if (name === 'clips.html, by frame') expect(await misaligned(page)).toEqual([]);
      await context.close();
    },
  );

  test('a page with a broken rule and one that is too wide are noticed', async ({ skip }) => {
    if (executable === undefined) return skip('no Chromium on this machine');
    const page = await browser.newPage({ viewport: { width: 360, height: 400 } });
    await page.setContent('<html><body><main><h1>x</h1><img src="data:,"><p style="color:#ccc;width:500px">pale</p></main></body></html>'); // biome-ignore format: a call
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeGreaterThan(360);
    expect((await brokenRules(page)).map((text) => text.split(':')[0])).toEqual(expect.arrayContaining(['color-contrast', 'image-alt'])); // biome-ignore format: a call
    await page.close();
  });
});

/** `color-contrast: <p class="soft">`, for every element that breaks a rule. */
async function brokenRules(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}

/** Clips whose frames do not lie over the plot of their timeline, from its first label to its last, to a pixel. */
function misaligned(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const edges = (all) => {
      const boxes = Array.from(all, (one) => one.getBoundingClientRect());
      return [Math.min(...boxes.map(({ left }) => left)), Math.max(...boxes.map(({ right }) => right))];
    };
    return Array.from(document.querySelectorAll('article')).flatMap((card) => {
      const frames = edges(card.querySelectorAll('.timed img'));
      const drawn = edges(card.querySelectorAll('svg rect[class^="f"]'));
      const off = frames.map((x, k) => Math.abs(x - drawn[k]));
      return off.every((d) => d < 1.5) ? [] : ['frames ' + frames.join(' to ') + ', labels ' + drawn.join(' to ')];
    });
  })()`);
}
