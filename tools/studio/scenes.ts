// What is to be seen of the studio: each scene brings pages to a state, and shows them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { lessons } from 'unrolled/lessons';
import { pageAt, shaOf, type Site, train } from '../../test/studio/site.ts';
import { Folder, take } from '../../test/studio/taken.ts';

/** Takes the page; a height makes it a picture of the docs, which shows no more than that. */
type Show = (page: Page, name: string, height?: number) => Promise<void>;

interface Scene {
  /** Whether the docs have pictures of it. */
  readonly docs?: boolean;
  readonly play: (site: Site, show: Show) => Promise<void>;
}

const long = { timeout: 900_000 };

const opened = async (site: Site, link: string): Promise<Page> =>
  (await pageAt(await site.profile(), site.served + link)).page;

/** An example before it trains. */
async function planned(site: Site, show: Show, name: string): Promise<void> {
  const page = await opened(site, `#v=1&preset=${name}`);
  await page.locator('.plan-rows div').first().waitFor(long);
  await show(page, `${name}-plan`);
  await page.context().close();
}

/** A run that is trained to its end. */
async function trained(site: Site, link: string): Promise<Page> {
  const page = await opened(site, link);
  await train(page);
  await page.locator('.record .say', { hasText: /[0-9a-f]{64}/ }).waitFor(long);
  await shaOf(page);
  await page.evaluate('scrollTo(0, 0)');
  return page;
}

async function ask(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open it as it is now' }).click();
  await page.locator('.ask').waitFor(long);
  await page.locator('.ask [aria-live] > *').first().waitFor(long);
  await page.waitForTimeout(1500);
}

async function inside(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Inside' }).click();
  await page.locator('.read-text i, .in-passages i').first().waitFor(long);
  await page.waitForTimeout(1500);
}

async function attention(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Attention' }).click();
  await page.locator('.weight-bar, .picture').first().waitFor(long);
  await page.waitForTimeout(2500);
}

/** The run as a page of its own. */
async function taken(site: Site, run: Page, show: Show, name: string): Promise<void> {
  const folder = new Folder();
  const path = join(folder.path, 'page.html');
  writeFileSync(path, (await take(run, 'Page that answers, HTML')).bytes);
  const page = await (await site.profile()).newPage();
  await page.goto(`file://${path}`);
  await page.locator('.ask [aria-live] > *').first().waitFor(long);
  await show(page, `${name}-page`);
  await page.context().close();
  folder.remove();
}

const presets = [
  ['sonnets', ''],
  ['korean', 'training.steps=800'],
  ['brackets', ''],
  ['adding', ''],
  ['temporal-order', ''],
  ['sentiment', ''],
  ['depth', ''],
  ['dates', ''],
  ['scenes', ''],
  ['questions', ''],
  ['motions', ''],
  ['seasons', ''],
] as const;

const reads = new Set(['korean', 'sentiment', 'depth', 'dates']);
const attends = new Set(['dates', 'scenes', 'questions']);
const carried = new Set(['sentiment', 'dates', 'seasons', 'scenes']);
const remembers = new Set(['adding', 'temporal-order']);

/** An example before it trains, and after; asked, inside, and where it attends. */
const preset = (name: string, more: string): Scene => ({
  docs: name === 'dates',
  async play(site, show) {
    await planned(site, show, name);
    const run = await trained(site, `#v=1&preset=${name}&${more}`);
    if (!remembers.has(name)) await ask(run);
    await show(run, `${name}-run`);
    if (attends.has(name)) {
      await attention(run);
      if (name === 'dates') await show(run, 'attention', 1560);
      else await show(run, `${name}-attention`);
    }
    if (reads.has(name)) {
      await inside(run);
      await run.locator('.in-passages i, .read-text i').nth(20).click();
      await run.waitForTimeout(800);
      await show(run, `${name}-inside`);
    }
    if (carried.has(name)) {
      await run.getByRole('link', { name: 'Train', exact: true }).click();
      await taken(site, run, show, name);
    }
    await run.context().close();
  },
});

const stories: Scene = {
  docs: true,
  async play(site, show) {
    await planned(site, show, 'stories');
    const page = await trained(site, '#v=1&preset=stories');
    await show(page, 'train', 1100);
    await ask(page);
    await show(page, 'stories-run');
    await inside(page);
    await page.getByRole('button', { name: 'Find units' }).click();
    await page.locator('.table-scroll.tall tbody tr').first().waitFor(long);
    await page.locator('.table-scroll.tall tbody tr').first().getByRole('button').first().click();
    await page.locator('.read-text i').nth(130).click();
    await page.waitForTimeout(500);
    await show(page, 'inside', 1000);
    for (const name of ['Spectrum', 'Memory length', 'Truncation', 'Checks']) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.locator('.measured h2', { hasText: name }).first().waitFor(long);
    }
    await page.getByRole('button', { name: 'Write' }).click();
    await page.waitForTimeout(2500);
    await show(page, 'inside-measured');
    await page.context().close();
  },
};

/** While it trains, paused at its first steps, and compared with another run. */
const runs: Scene = {
  async play(site, show) {
    const page = await opened(site, '#v=1&preset=brackets&training.steps=120');
    await train(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForTimeout(500);
    await show(page, 'runs-first-steps');
    await page.getByRole('button', { name: /Continue|Train/ }).click();
    await shaOf(page);
    await page.getByRole('link', { name: '+ new run' }).click();
    await page.getByLabel('Units per layer').fill('12');
    await page.getByLabel('Units per layer').blur();
    await train(page);
    await shaOf(page);
    await page.getByLabel('Name').fill('A name that is rather long for a run of twelve units');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('group', { name: 'Compare with' }).getByRole('checkbox').check();
    for (const button of await page.getByRole('button', { name: 'Explain' }).all()) await button.click();
    for (const button of await page.getByRole('button', { name: 'Table' }).all()) await button.click();
    await show(page, 'runs-compared');
    await page.goto(page.url().replace(/#.*/, '#v=1&preset=stories&training.steps=9999999&model.hiddenSize=0'));
    await page.reload();
    await page.locator('.plan-rows div').first().waitFor(long);
    await show(page, 'runs-clamped');
    await page.context().close();
  },
};

/** Data of one's own: a text, tables, numbers and images, with what is wrong with them. */
const own: Scene = {
  async play(site, show) {
    const folder = new Folder();
    const write = (name: string, content: string | Uint8Array) => {
      const path = join(folder.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    };
    const give = async (file: string, directory = false): Promise<Page> => {
      const page = await opened(site, '#v=1&preset=own');
      await page
        .locator('input[type=file]')
        .nth(directory ? 1 : 0)
        .setInputFiles(file);
      await page.waitForTimeout(2500);
      return page;
    };
    const empty = await opened(site, '#v=1&preset=own');
    await empty.waitForTimeout(1000);
    await show(empty, 'own-empty');
    await empty.locator('#own-text').fill('a text that is rather short');
    await empty.waitForTimeout(1000);
    await show(empty, 'own-short');
    const rows = Array.from({ length: 200 }, (_, k) => {
      const said = `the order from warehouse ${k % 7} was ${['late', 'early', 'lost', 'broken'][k % 4]} and the customer wrote twice`;
      return `${k},"${said}",${['complaint', 'praise'][k % 2]},2026-0${(k % 9) + 1}-11,https://shop.example/orders/${k}`;
    });
    const table = ['id,message,kind,received,address', ...rows, 'only one cell', '61,,praise,,'].join('\n');
    const labeled = await give(write('mail.csv', table));
    await labeled.locator('.plan-rows div').first().waitFor(long);
    await show(labeled, 'own-table');
    await labeled.getByLabel('Training steps').fill('60');
    await labeled.getByLabel('Training steps').blur();
    await train(labeled);
    await shaOf(labeled);
    await show(labeled, 'own-table-run');
    const numbers = Array.from({ length: 400 }, (_, k) =>
      JSON.stringify({ t: k, load: Math.sin(k / 4), price: k % 7 }),
    );
    const series = await give(write('load.jsonl', numbers.join('\n')));
    await series.locator('.plan-rows div').first().waitFor(long);
    await show(series, 'own-series');
    await show(
      await give(write('picture.csv', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0, 0))),
      'own-no-text',
    );
    for (const [label, color] of [
      ['red', '#c00'],
      ['blue', '#00c'],
    ])
      for (let k = 0; k < 12; k++) {
        const image = { width: 40, height: 30, channels: 3 as const, background: color };
        write(`colors/${label}/${k}.png`, await sharp({ create: image }).png().toBuffer());
      }
    write('colors/red/broken.png', 'no image');
    const images = await give(join(folder.path, 'colors'), true);
    await images.locator('.plan-rows div').first().waitFor(long);
    await show(images, 'own-images');
    folder.remove();
  },
};

/** What people read when something is not there or fails. */
const failures: Scene = {
  async play(site, show) {
    for (const [name, link] of [
      ['inside-none', '#v=1&view=inside'],
      ['attention-none', '#v=1&view=attention'],
      ['open-elsewhere', '#v=1&open=https%3A%2F%2Fexample.com%2Frun'],
      ['open-missing', '#v=1&open=runs%2Fnone%2F'],
      ['run-missing', '#v=1&run=none'],
    ] as const) {
      const page = await opened(site, link);
      await page.waitForTimeout(1500);
      await show(page, name);
    }
    const page = await trained(site, '#v=1&preset=adding&training.steps=6&model.hiddenSize=8');
    for (const view of ['Inside', 'Attention'] as const) {
      await page.getByRole('link', { name: view, exact: true }).click();
      await page.waitForTimeout(800);
      await show(page, `${view.toLowerCase()}-not-readable`);
    }
    const insecure = (await pageAt(await site.profile(), `${site.insecure}#v=1`)).page;
    await insecure.waitForTimeout(1500);
    await show(insecure, 'no-storage');
  },
};

const lessonList: Scene = {
  async play(site, show) {
    const page = await opened(site, '#v=1&view=lessons');
    await page.locator('.lesson-list li').first().waitFor();
    await show(page, 'lesson-list');
    await page.context().close();
  },
};

/** A lesson before its guess, and after its experiment. */
const lesson = (name: string): Scene => ({
  docs: name === 'vanish',
  async play(site, show) {
    const page = await opened(site, `#v=1&view=lessons&lesson=${name}`);
    await page.locator('.guess input').first().waitFor();
    await show(page, `lesson-${name}-before`);
    await page.locator('.guess input').nth(1).check();
    await page.getByRole('button', { name: 'Run the experiment' }).click();
    await page.locator('.sentences').first().waitFor(long);
    if (name === 'vanish') {
      await page.locator('.lesson-figures .chart.plot').first().hover();
      await show(page, 'lessons', 1300);
    } else await show(page, `lesson-${name}-after`);
    await page.context().close();
  },
});

/** By name; `npm run images:studio -- --all folder --only name` takes one. */
export const scenes: Readonly<Record<string, Scene>> = {
  stories,
  ...Object.fromEntries(presets.map(([name, more]) => [name, preset(name, more)])),
  'lesson-list': lessonList,
  ...Object.fromEntries(lessons.map(({ name }) => [`lesson-${name}`, lesson(name)])),
  runs,
  own,
  failures,
};
