// A run as the command writes it, served over HTTP: its own index.json is what a page reads, and a flipped bit is noticed.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRun, type RunError } from 'unrolled';
import { inProcess } from './in-process.ts';
import { filesIn, serveRuns } from './run-sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'unrolled-served-'));
const run = join(folder, 'run');
const served = new Map<string, ReadonlyMap<string, Uint8Array>>();
let server: Awaited<ReturnType<typeof serveRuns>>;

beforeAll(async () => {
  const rows = Array.from({ length: 24 }, (_, i) => `a ${i % 2 ? 'good' : 'bad'} video ${i},${i % 2 ? 'yes' : 'no'}`);
  writeFileSync(join(folder, 'reviews.csv'), `text,label\n${rows.join('\n')}\n`);
  const sizes = ['--hidden', '4', '--batch', '8', '--steps', '4', '--eval-every', '2'];
  const { code, err } = await inProcess('train', 'classify', join(folder, 'reviews.csv'), '--out', run, ...sizes);
  if (code !== 0) throw new Error(err);
  served.set('run', filesIn(run));
  server = await serveRuns(served);
}, 60_000);

afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

test('opens by its address, and answers as from the folder', async () => {
  const answers = [];
  for (const where of [run, new URL('run/', server.url), `${server.url}run`]) {
    const reviews = await openRun(where);
    if (reviews.task !== 'text-classification') throw new Error(reviews.task);
    answers.push([reviews.info.step, reviews.info.hash, await reviews.predict(['a good video'])]);
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test.each(['config.json', 'labels.json'])(
  'a bit of %s that flipped is noticed, in the folder and over HTTP',
  async (name) => {
    const bytes = new Uint8Array(readFileSync(join(run, name)));
    // A digit stays a digit, or a letter a letter: the JSON stays whole.
    const digit = bytes.findLastIndex((byte) => byte >= 0x32 && byte <= 0x37);
    bytes[digit < 0 ? bytes.indexOf('o'.charCodeAt(0)) : digit] ^= 1;
    const files = new Map([...filesIn(run), [name, bytes]]);
    served.set('flipped', files);
    for (const where of [files, new URL('flipped/', server.url)]) {
      const error = await openRun(where).then(
        () => 'nothing was refused',
        (problem: RunError) => problem,
      );
      expect(error).toMatchObject({ name: 'RunError', kind: 'mismatch' });
      expect((error as RunError).message).toContain(`${name}: is not the file that the checkpoint was saved with`);
    }
  },
);
