// Every lesson at full effort on one WASM thread: how long it takes, and whether it shows what it is there to show.
//
//   npm run bench:lessons -- [lesson …] [--pages folder]

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useBackend } from 'unrolled';
import { lessonHtml, lessons, lessonStyle } from 'unrolled/lessons';

const mostSeconds = 60;

/** What has to be seen, by lesson. */
const bars: Readonly<Record<string, readonly (readonly [what: string, path: string, met: (n: number) => boolean])[]>> =
  {
    loss: [['summed loss of the slide', 'sum', (n) => Math.abs(n - 5.589571) < 1e-6]],
    gradient: [['norm of the first local gradient', 'steps.0.norm', (n) => n === 0]],
    sample: [['argmax: new pieces', 'ways.0.different', (n) => n < 0.3]],
    truncate: [
      ['window 3: accuracy', 'windows.0.accuracy', (n) => n < 0.65],
      ['window 30: accuracy', 'windows.3.accuracy', (n) => n >= 0.99],
    ],
    translate: [
      ['without attention: exact', 'plain.exact', (n) => n <= 0.3],
      ['with attention: exact', 'attention.exact', (n) => n >= 0.95],
    ],
    caption: [
      ['soft: peak on what is named', 'forms.1.peak', (n) => n >= 0.9],
      ['hard: peak on what is named', 'forms.2.peak', (n) => n >= 0.9],
      ['soft: captions right', 'forms.1.exact', (n) => n >= 0.9],
    ],
    ask: [
      ['product: accuracy', 'forms.0.accuracy', (n) => n >= 0.9],
      ['question alone: accuracy', 'forms.2.accuracy', (n) => n <= 0.5],
    ],
    video: [
      ['one frame: accuracy', 'oneFrame', (n) => n <= 0.4],
      ['whole clip: accuracy', 'wholeClip', (n) => n >= 0.95],
      ['per frame: accuracy', 'perFrame.accuracy', (n) => n >= 0.85],
    ],
    lstm: [
      ['tanh: accuracy', 'learned.0.accuracy', (n) => n <= 0.5],
      ['LSTM: accuracy', 'learned.1.accuracy', (n) => n >= 0.95],
    ],
    gru: [['GRU: mean squared error', 'cells.2.error', (n) => n < 0.01]],
    parity: [
      ['LSTM: accuracy', 'cells.0.accuracy', (n) => n >= 0.99],
      ['minGRU: accuracy', 'cells.2.accuracy', (n) => n >= 0.4 && n <= 0.6],
    ],
    dropout: [
      ['new masks: accuracy', 'ways.1.accuracy', (n) => n <= 0.9],
      ['one mask: accuracy', 'ways.2.accuracy', (n) => n >= 0.95],
    ],
    vocabulary: [['50,000 words: times as fast', 'costs.2.ratio', (n) => n >= 2]],
  };

/** The number at `forms.1.peak` of what was measured. */
function numberAt(values: object, path: string): number {
  const found = path.split('.').reduce<unknown>((inside, key) => (inside as Record<string, unknown>)[key], values);
  if (typeof found !== 'number') throw new Error(`${path} is no number`);
  return found;
}

const args = process.argv.slice(2);
const at = args.indexOf('--pages');
const pages = at < 0 ? null : args[at + 1];
const asked = args.filter((arg, k) => !arg.startsWith('--') && (at < 0 || k !== at + 1));
if (pages) mkdirSync(pages, { recursive: true });

await useBackend('wasm', { threads: 1 });
let missed = 0;
for (const lesson of lessons.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const begun = performance.now();
  const values = await lesson.measure();
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${lesson.name.padEnd(11)} ${seconds.toFixed(1).padStart(5)} s${seconds <= mostSeconds ? '' : '   TOO LONG'}`,
  );
  for (const [what, path, met] of bars[lesson.name] ?? []) {
    const n = numberAt(values, path);
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
