import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FeatureCache } from './index.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-features-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = (n: number) => n.toString(16).padStart(64, '0');
const values = (n: number) => Float32Array.from({ length: 12 }, (_, k) => Math.sin(n + k));

test('features are as they were put, and a shape that differs is another entry', async () => {
  const cache = new FeatureCache(join(folder, 'plain'));
  await cache.put(key(1), [4, 3], values(1));
  expect(await cache.get(key(1), [4, 3])).toEqual(values(1));
  expect(await cache.get(key(1), [3, 4])).toBe(null);
  expect(await cache.get(key(1), [1000, 1000])).toBe(null);
  expect(await cache.get(key(2), [4, 3])).toBe(null);
  expect([cache.hits, cache.made, cache.damaged]).toEqual([1, 1, 2]);
});

test('what was not used for longest makes room', async () => {
  const at = join(folder, 'bounded');
  const entry = 48 + 48; // bytes
  const cache = new FeatureCache(at, 10 * entry);
  for (let n = 0; n < 10; n++) {
    await cache.put(key(n), [12], values(n));
    const path = join(at, 'features', key(n).slice(0, 2), key(n).slice(2));
    utimesSync(path, new Date(1e12 + n * 1000), new Date(1e12));
  }
  expect(cache.removed).toBe(0);
  expect(await cache.get(key(0), [12])).toEqual(values(0)); // used just now
  await cache.put(key(10), [12], values(10));
  expect(cache.removed).toBe(2); // a tenth of the room stays free
  const there: number[] = [];
  for (let n = 0; n <= 10; n++) if (await cache.get(key(n), [12])) there.push(n);
  expect(there).toEqual([0, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a folder that cannot be written to is told once, and nothing else happens', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const cache = new FeatureCache(file);
  await cache.put(key(1), [12], values(1));
  await cache.put(key(2), [12], values(2));
  expect(cache.problem).toMatch(/^features are not kept: /);
  expect([cache.made, await cache.get(key(1), [12])]).toEqual([0, null]);
});
