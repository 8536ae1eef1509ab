// Every lesson at full effort on one WASM thread: how long it takes, and whether it shows what it is there to show.
//
//   npm run bench:lessons -- [lesson …] [--pages folder]

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useBackend } from 'unrolled';
import { lessonHtml, lessons, lessonStyle } from 'unrolled/lessons';

// biome-ignore lint/suspicious/noExplicitAny: what each lesson measures is its own
type Values = any;

const mostSeconds = 60;

/** What has to be seen, by lesson. */
const bars: Readonly<
  Record<string, readonly (readonly [what: string, value: (v: Values) => number, met: (n: number) => boolean])[]>
> = {
  loss: [['summed loss of the slide', (v) => v.sum, (n) => Math.abs(n - 5.589571) < 1e-6]],
  gradient: [['norm of the first local gradient', (v) => v.steps[0].norm, (n) => n === 0]],
  sample: [['argmax: new pieces', (v) => v.ways[0].different, (n) => n < 0.3]],
  truncate: [
    ['window 3: accuracy', (v) => v.windows[0].accuracy, (n) => n < 0.65],
    ['window 30: accuracy', (v) => v.windows[3].accuracy, (n) => n >= 0.99],
  ],
  translate: [
    ['without attention: exact', (v) => v.plain.exact, (n) => n <= 0.3],
    ['with attention: exact', (v) => v.attention.exact, (n) => n >= 0.95],
  ],
  caption: [
    ['soft: peak on what is named', (v) => v.forms[1].peak, (n) => n >= 0.9],
    ['hard: peak on what is named', (v) => v.forms[2].peak, (n) => n >= 0.9],
    ['soft: captions right', (v) => v.forms[1].exact, (n) => n >= 0.9],
  ],
  ask: [
    ['product: accuracy', (v) => v.forms[0].accuracy, (n) => n >= 0.9],
    ['question alone: accuracy', (v) => v.forms[2].accuracy, (n) => n <= 0.5],
  ],
  video: [
    ['one frame: accuracy', (v) => v.oneFrame, (n) => n <= 0.4],
    ['whole clip: accuracy', (v) => v.wholeClip, (n) => n >= 0.95],
    ['per frame: accuracy', (v) => v.perFrame.accuracy, (n) => n >= 0.85],
  ],
  lstm: [
    ['tanh: accuracy', (v) => v.learned[0].accuracy, (n) => n <= 0.5],
    ['LSTM: accuracy', (v) => v.learned[1].accuracy, (n) => n >= 0.95],
  ],
  gru: [['GRU: mean squared error', (v) => v.cells[2].error, (n) => n < 0.01]],
  parity: [
    ['LSTM: accuracy', (v) => v.cells[0].accuracy, (n) => n >= 0.99],
    ['minGRU: accuracy', (v) => v.cells[2].accuracy, (n) => n >= 0.4 && n <= 0.6],
  ],
  dropout: [
    ['new masks: accuracy', (v) => v.ways[1].accuracy, (n) => n <= 0.9],
    ['one mask: accuracy', (v) => v.ways[2].accuracy, (n) => n >= 0.95],
  ],
  vocabulary: [['50,000 words: times as fast', (v) => v.costs[2].ratio, (n) => n >= 2]],
};

const args = process.argv.slice(2);
const at = args.indexOf('--pages');
const pages = at < 0 ? null : args[at + 1];
const asked = args.filter((arg, k) => !arg.startsWith('--') && (at < 0 || k !== at + 1));
if (pages) mkdirSync(pages, { recursive: true });

await useBackend('wasm', { threads: 1 });
let missed = 0;
for (const lesson of lessons.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const begun = performance.now();
  const values: Values = await lesson.measure();
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${lesson.name.padEnd(11)} ${seconds.toFixed(1).padStart(5)} s${seconds <= mostSeconds ? '' : '   TOO LONG'}`,
  );
  for (const [what, value, met] of bars[lesson.name] ?? []) {
    const n = value(values);
    if (!met(n)) missed++;
    console.log(`            ${what} ${Number(n.toPrecision(4))}${met(n) ? '' : '   MISSED'}`);
  }
  if (seconds > mostSeconds) missed++;
  for (const language of pages ? (['en', 'ko'] as const) : []) {
    const html = `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>${lessonStyle}</style><body>${lessonHtml(lesson.tell(values, language))}</body></html>`;
    writeFileSync(join(pages as string, `${lesson.name}.${language}.html`), html);
  }
}
process.exitCode = missed > 0 ? 1 : 0;
