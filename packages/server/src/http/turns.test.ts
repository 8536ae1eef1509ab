import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('requests of one moment begin a few in each turn of the event loop, in their order', async () => {
  const turns = new Turns();
  const begun: number[] = [];
  for (let n = 0; n < 30; n++) void turns.begin().then(() => begun.push(n));
  const seen: number[] = [];
  while (begun.length < 30) {
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(begun.length);
  }
  expect(begun).toEqual(Array.from({ length: 30 }, (_, n) => n));
  expect(seen).toEqual([16, 24, 30]);
});

test('a request alone begins at once, also after others', async () => {
  const turns = new Turns();
  for (let n = 0; n < 20; n++) {
    let begun = false;
    void turns.begin().then(() => (begun = true));
    await Promise.resolve();
    expect(begun).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
  }
});
