// Runs that the command trained, of every kind, as they are opened from elsewhere: nothing validates, and they read what they are given.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRun } from 'unrolled';
import { expect, test } from 'vitest';
import { readingOf } from './open-reading.ts';
import type { Edit, OwnInput } from './protocol.ts';

const folder = fileURLToPath(new URL('../../../../test/fixtures/runs/', import.meta.url));
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'inputs' && entry.name !== 'memory')
  .map(({ name }) => name);

/** What the texts that the runs learned from are made of. */
const texts: Readonly<Record<string, string>> = {
  'text-gru-tied': '나는 책',
  'text-lstm': 'abba',
  'text-mingru': 'abba',
};
const text = (name: string) => texts[name] ?? 'a good b';

test.each(names)('%s', async (name) => {
  const pipeline = await openRun(join(folder, name));
  const given = (own: OwnInput | null) => readingOf(pipeline, { own, rows: [], images: [], vectors: [], text: '' });
  const { own, reading: none } = given(null);
  expect(none).toBe(null);
  if (!own) throw new Error('it has steps');
  const { columns = [], images } = own;
  const image = (n: number) => ({
    height: 16,
    width: 16,
    data: Uint8Array.from({ length: 16 * 16 * 3 }, (_, k) => (31 * k + 90 * n) % 256),
  });
  // Of the rows to come, only what is known in advance is there.
  const isOpen = (t: number, c: number) =>
    own.ahead && t >= 40 - own.ahead.rows && c < columns.length - own.ahead.known.length;
  const rows = Array.from({ length: 40 }, (_, t) =>
    columns.map((_column, c) => (isOpen(t, c) ? '?' : Math.sin(t + c).toFixed(3))).join(','),
  );
  const run = () =>
    given({
      text: own.text === 'numbers' ? rows.join('\n') : text(name),
      images: images ? Array.from({ length: Math.min(2, images.most) }, (_, n) => image(n)) : [],
    }).reading;
  const reading = run();
  if (!reading) throw new Error('it reads');
  const { symbols, tracks, passages } = reading.opened();
  expect(symbols.length).toBeGreaterThan(1);
  expect(passages[0].target).toBe(null);
  for (const n of symbols.keys())
    for (const { probability } of reading.next(n)) expect(probability).toBeLessThanOrEqual(1.0001);
  const { norms } = reading.gradient(symbols.length - 1);
  expect(norms.every((norm) => Number.isFinite(norm))).toBe(true);
  const [{ layer, what }] = tracks;
  const edit: Edit = { layer, what, unit: 0, value: 0.5, when: 'always', n: 0 };
  const { texts, rows: scores, series } = reading.hold(edit);
  expect(texts ?? series ?? scores[0]).toBeDefined();
  if (own.ahead) {
    const { rows: ahead } = own.ahead;
    expect(passages.length).toBeGreaterThan(1); // the last one is still to come
    expect(reading.opened().series?.columns[0].slice(-ahead)).toEqual(new Array(ahead).fill(Number.NaN));
    expect(() => given({ text: ['?,?,1', ...rows].join('\n'), images: [] })).toThrow('row 1: expected 3 numbers');
  }
  if (own.text === 'numbers')
    expect(() => given({ text: '1,x', images: [] })).toThrow(`row 1: expected ${columns.length} numbers`);
});
