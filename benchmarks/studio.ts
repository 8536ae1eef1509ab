// What the studio weighs, how soon it is there, how fast it trains and how soon it answers, in headless Chromium on this machine.
//
//   npm run bench:studio                  about two minutes
//   npm run bench:studio -- --only answers one part of it: firstView, training, memory, answers
//   npm run bench:studio -- --seconds 600 as long as that of training under watch

import { readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { Adam, LanguageModel, languageTask, manualSeed, Trainer, useBackend } from 'unrolled';
import { StreamBatcher } from 'unrolled/data';
import { longTasks, noteLong, stallsWhile } from './lib/held-up.ts';
import { root } from '../test/snippets.ts';
import { cpuOf, largest, tasksWhile } from '../test/studio/tasks.ts';
import { missing, pageAt, Site, train } from '../test/studio/site.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' }, only: { type: 'string' } } });
const seconds = Number(values.seconds);

interface Line {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number;
  readonly more?: boolean;
}
const lines: Line[] = [];
const kB = (bytes: number) => bytes / 1000;

/** Scripts that are loaded until the plan is there, gzip, those of the workers included; and one build of the kernels. */
function sizes(site: Site): void {
  const folder = join(root, 'packages', 'studio', 'dist');
  const scripts = [...site.requested].filter((path) => path.endsWith('.js'));
  const weight = scripts.reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(folder, path)), { level: 9 }).length,
    0,
  );
  lines.push({ what: 'scripts before training, gzip', value: kB(weight), unit: 'kB', bar: 200 });
  const kernels = [...site.requested].filter((path) => path.endsWith('.wasm'));
  const bytes = Math.max(...kernels.map((path) => readFileSync(join(folder, path)).length));
  lines.push({ what: 'kernels', value: kB(bytes), unit: 'kB', bar: 450 });
}

async function firstView(site: Site): Promise<void> {
  const { page } = await pageAt(await site.profile(), site.plain);
  await page.locator('.preset').first().waitFor();
  const paint = (await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")) as number;
  lines.push({ what: 'first view', value: paint, unit: 'ms', bar: 1000 });
  await page.locator('.plan-rows div').first().waitFor();
  sizes(site);
  await page.close();
}

const settings = { hiddenSize: 96, numLayers: 2, embeddingDim: 64, batch: 16, windowLength: 64 };
const [rests, settles, slice] = [3000, 4000, 15_000]; // ms: of Node's turn; until the page's first looks, samples and saving are past; of the page's turn
const turnsOfBoth = 5;
const link = `#v=1&preset=stories&training.steps=1000000&training.evaluateEvery=100000`;

/** The same steps in Node, on the WebAssembly kernels with one thread: takes as many as there is time for, and returns the characters per second. */
async function nodeTrainer(): Promise<(ms: number) => Promise<number>> {
  await useBackend('wasm', { threads: 1 });
  manualSeed(1);
  const { hiddenSize, numLayers, embeddingDim, batch, windowLength } = settings;
  const model = new LanguageModel(44, { cell: 'lstm', hiddenSize, numLayers, embeddingDim });
  const ids = Int32Array.from({ length: 110_000 }, (_, k) => (k * k) % 44);
  const task = languageTask(model, { train: new StreamBatcher(ids, { streams: batch, windowLength }) });
  const optimizer = new Adam(model.parameters(), { lr: 0.003 });
  const events = new Trainer(task, { optimizer, steps: 1e6, clipNorm: 5 }).run();
  return async (ms) => {
    let steps = 0;
    const start = performance.now();
    while (performance.now() - start < ms) if ((await events.next()).value?.type === 'step') steps++;
    return (1000 * steps * batch * windowLength) / (performance.now() - start);
  };
}

const stepOf = async (page: Page) =>
  Number((await page.locator('.figures dd').nth(1).textContent())?.replaceAll(',', ''));

/** Steps that the page shows after so long, and how long it was, by the page's own clock. */
const pageSlice = `(ms) => new Promise((done) => {
  const step = () => Number(document.querySelectorAll('.figures dd')[1].textContent.replaceAll(',', ''));
  const [from, start] = [step(), performance.now()];
  setTimeout(() => done([step() - from, performance.now() - start]), ms);
})`;

/**
 * Training with every live view open: its speed against Node's, and what held the page up. The two take turns, so that whatever else this machine does
 * meets both; both have the usual priority, which a browser gives to its pages whatever it was started with. What the page does at once when it goes on
 * (looks, a sample, saving, which then come at their own pace) is not measured: a turn has of each as much as an hour of training has.
 */
async function training(site: Site): Promise<void> {
  const inNode = await nodeTrainer();
  const { page } = await pageAt(await site.profile(), site.plain + link);
  await train(page);
  await page.waitForTimeout(4000);
  const priority = getPriority();
  const turns: { page: number; node: number }[] = [];
  for (let turn = 0; turn < turnsOfBoth; turn++) {
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForTimeout(300);
    setPriority(Math.max(0, priority));
    const node = await inNode(rests);
    setPriority(priority);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForTimeout(settles);
    const [steps, ms] = (await page.evaluate(`(${pageSlice})(${slice})`)) as [number, number];
    turns.push({ page: (1000 * steps * settings.batch * settings.windowLength) / ms, node });
  }
  const median = (of: (turn: (typeof turns)[0]) => number) => turns.map(of).sort((a, b) => a - b)[turnsOfBoth >> 1];
  const [inPage, own] = [median((turn) => turn.page), median((turn) => turn.node)].map(Math.round);
  console.log(
    `training: ${inPage} characters a second in the page, ${own} in Node, one thread each, medians of ${turnsOfBoth} turns`,
  );
  const part = 100 * median(({ page: mine, node }) => mine / node);
  lines.push({ what: 'training, part of the speed in Node', value: part, unit: '%', bar: 90, more: true });
  await longIn(page);
  await processorTime(page, inNode);
  await page.close();
}

/** Tasks over 50 ms of the page, told apart: those in which the machine stood still, and its own. */
async function longIn(page: Page): Promise<void> {
  await noteLong(page);
  const [from, start] = [await stepOf(page), Date.now()];
  const stalls = await stallsWhile(() => page.waitForTimeout(seconds * 1000));
  const found = await longTasks(page, stalls);
  const mine = found.filter(({ own }) => own > 50);
  const stood = stalls.map((stall) => Math.round(stall.end - stall.start));
  console.log(`${(await stepOf(page)) - from} steps in ${seconds} s, ${found.length} tasks over 50 ms`);
  console.log(`the machine stood still ${stood.length} times: ${stood.join(', ') || 'never'} ms`);
  for (const task of found)
    console.log(
      `  after ${((task.start - start) / 1000).toFixed(1)} s: ${Math.round(task.end - task.start)} ms, ${Math.round(task.own)} of them its own: ${task.does}`,
    );
  const others = found.length - mine.length;
  const what = `tasks over 50 ms in ${seconds} s of training, without ${others} in which the machine stood still`;
  lines.push({ what, value: mine.length, unit: '', bar: 0 });
}

const traced = 20_000; // ms

/** What a busy machine does not change: the processor time of the page's largest task, and of a step in the page and in Node. */
async function processorTime(page: Page, inNode: (ms: number) => Promise<number>): Promise<void> {
  let [from, to] = [0, 0];
  const { main, worker } = await tasksWhile(page, async () => {
    from = await stepOf(page);
    await page.waitForTimeout(traced);
    to = await stepOf(page);
  });
  await page.getByRole('button', { name: 'Pause' }).click();
  const before = process.cpuUsage();
  const start = performance.now();
  const perSecond = await inNode(rests);
  const steps = (perSecond * (performance.now() - start)) / 1000 / settings.batch / settings.windowLength;
  const { user, system } = process.cpuUsage(before);
  const [inPage, own] = [cpuOf(worker) / (to - from), (user + system) / 1000 / steps];
  console.log(
    `processor time of a step: ${inPage.toFixed(1)} ms in the page's worker, ${own.toFixed(1)} ms in Node; ${(cpuOf(main) / (to - from)).toFixed(1)} ms of the page's own`,
  );
  lines.push({
    what: `processor time of the page's largest task in ${traced / 1000} s`,
    value: largest(main),
    unit: 'ms',
    bar: 15,
  });
  lines.push({
    what: 'processor time of a step, Node to page',
    value: (100 * own) / inPage,
    unit: '%',
    bar: 90,
    more: true,
  });
}

const mebi = 2 ** 20;

/** Memory of the page and its workers, measured by the browser after a collection, over 10,000 steps: once the first have filled the history. */
async function memory(site: Site): Promise<void> {
  const small = 'preset=brackets&model.hiddenSize=16&model.numLayers=1&training.windowLength=16&training.batch=4';
  const { page } = await pageAt(
    await site.profile(),
    `${site.served}#v=1&${small}&training.steps=1000000&training.evaluateEvery=1000`,
  );
  await train(page);
  const measure = async () =>
    (await page.evaluate('performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)')) as number;
  /** Trains up to a step at least, and measures while it rests: the browser takes its time. */
  const at = async (step: number) => {
    while ((await stepOf(page)) < step) await page.waitForTimeout(20);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    const found = { step: await stepOf(page), bytes: await measure() };
    await page.getByRole('button', { name: 'Continue' }).click();
    return found;
  };
  const before = await at(10_000);
  const after = await at(before.step + 10_000);
  const grown = (after.bytes - before.bytes) / mebi;
  console.log(
    `memory: ${(before.bytes / mebi).toFixed(1)} MiB after ${before.step} steps, ${grown.toFixed(2)} MiB more after ${after.step}`,
  );
  lines.push({ what: 'growth of memory over 10,000 steps', value: grown, unit: 'MiB', bar: 1 });
  await page.close();
}

/** Answers about an LSTM of 2 × 256 over 2,000 characters: the time from the pointer to what is shown. */
async function answers(site: Site): Promise<void> {
  const { page } = await pageAt(
    await site.profile(),
    `${site.plain}#v=1&preset=stories&model.hiddenSize=256&training.steps=2`,
  );
  await train(page);
  await page.locator('.record .say', { hasText: /[0-9a-f]{64}/ }).waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Inside' }).click();
  await page.locator('.read-text i').first().waitFor({ timeout: 60_000 });
  await page.waitForTimeout(1500);
  const shown = (selector: string) => `document.querySelector('${selector}')`;
  const value = `${shown('.scale .exact')}.textContent`;
  const time = async (act: () => Promise<unknown>, look: string) => {
    const before = await page.evaluate(look);
    const start = performance.now();
    await act();
    // At every frame of the page. Playwright's waitForFunction would have the page evaluate a text, which its policy forbids.
    await page.evaluate(
      `new Promise((done) => { const frame = () => (${look}) === ${JSON.stringify(before)} ? requestAnimationFrame(frame) : done(); frame(); })`,
    );
    return performance.now() - start;
  };
  const several = async (act: (k: number) => Promise<unknown>, look: string) => {
    const times: number[] = [];
    for (let k = 0; k < 9; k++) {
      times.push(await time(() => act(k), look));
      await page.waitForTimeout(150);
    }
    return times.sort((a, b) => a - b)[4];
  };
  const hover = (k: number) =>
    page
      .locator('.read-text i')
      .nth(230 + 7 * k)
      .hover();
  lines.push({ what: 'hover: value of a character, median', value: await several(hover, value), unit: 'ms', bar: 150 });
  const painted =
    "document.querySelectorAll('.read-text i')[3].style.getPropertyValue('--v') + document.querySelectorAll('.read-text i')[140].style.getPropertyValue('--v')";
  const unit = (k: number) => page.locator('input.small').fill(String(10 + k));
  lines.push({
    what: 'another unit: colors of 2,000 characters, median',
    value: await several(unit, painted),
    unit: 'ms',
    bar: 150,
  });
  const sentence = "document.querySelector('.explain[role=status]')?.textContent ?? ''";
  const ablate = page.getByRole('button', { name: /^Hold at mean/ }).first();
  const ablations: number[] = [];
  for (let k = 0; k < 9; k++) {
    await unit(40 + k);
    await page.waitForTimeout(300);
    ablations.push(await time(() => ablate.click(), sentence));
  }
  lines.push({
    what: 'ablation of a unit over 2,000 characters, median',
    value: ablations.sort((a, b) => a - b)[4],
    unit: 'ms',
    bar: 150,
  });
  await page.getByRole('button', { name: 'Choose a weight' }).click();
  await page.locator('.weight-cells i').first().waitFor();
  const weight = page.getByRole('spinbutton', { name: /^Value/ });
  const changes: number[] = [];
  for (let k = 0; k < 9; k++) {
    await weight.fill(String(1 + k));
    changes.push(await time(() => weight.press('Enter'), `${shown('.changes')}?.textContent ?? ''`));
    await page.waitForTimeout(1500); // its units are stepped through
  }
  lines.push({
    what: 'a changed weight: 2,000 characters read again, median',
    value: changes.sort((x, y) => x - y)[4],
    unit: 'ms',
    bar: 150,
  });
  await page.locator('.changed-line button').click();
  await page.waitForTimeout(1500);
  await page.locator('select.small').first().selectOption('gradient');
  await page.waitForTimeout(500);
  const all = "Array.from(document.querySelectorAll('.read-text i'), (i) => i.style.getPropertyValue('--v')).join()";
  lines.push({
    what: 'hover: gradient on the characters before, median',
    value: await several(hover, all),
    unit: 'ms',
    bar: 150,
  });
  await page.close();
}

function report(): void {
  for (const { what, value, unit, bar, more } of lines) {
    const met = more ? value >= bar : value <= bar;
    const wanted = `${more ? 'at least' : 'at most'} ${bar}${unit && ` ${unit}`}`;
    console.log(`${met ? 'met   ' : 'missed'}  ${what}: ${value.toFixed(value < 10 ? 1 : 0)} ${unit} (${wanted})`);
    if (!met) process.exitCode = 1;
  }
}

if (missing !== null) console.log(`bench:studio: ${missing}`);
else {
  const site = await Site.open();
  try {
    const parts = { firstView, training, memory, answers };
    for (const [name, measure] of Object.entries(parts))
      if (values.only === undefined || values.only === name) await measure(site);
  } finally {
    await site.close();
  }
  report();
}
