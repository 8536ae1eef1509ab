import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('what is expensive takes its part of the time and no more', async () => {
  let now = 0;
  const turns = new Turns(() => now);
  turns.every('cheap', 100);
  turns.every('expensive', 100, 0.1);
  const count = { cheap: 0, expensive: 0 };
  while (now < 100_000) {
    now += 10;
    await turns.take('cheap', () => void count.cheap++);
    await turns.take('expensive', () => {
      now += 50;
      count.expensive++;
    });
  }
  expect(count.expensive * 50).toBeLessThan(10_000);
  expect(count.expensive).toBeGreaterThan(150);
  expect(count.cheap).toBeGreaterThan(800);
  await turns.take('unknown', () => expect.unreachable());
});

test('what is limited to a part of the time is there after a second, the rest when it is due', async () => {
  let now = 0;
  const turns = new Turns(() => now);
  turns.every('look', 4000, 0.1);
  turns.every('save', 15_000);
  const at: Record<string, number> = {};
  for (; now < 20_000; now += 100)
    for (const name of ['look', 'save']) await turns.take(name, () => void (at[name] ??= now));
  expect(at).toEqual({ look: 1000, save: 15_000 });
});
