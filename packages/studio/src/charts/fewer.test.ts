import { expect, test } from 'vitest';
import { fewer } from './fewer.ts';

const count = 4000;
const step = Array.from({ length: count }, (_, k) => 8 * (k + 1));
const loss = step.map((at, k) => (k === 1234 ? 99 : k === 2345 ? -99 : Math.sin(at / 3000)));

test('a long line is at most 1,000 points of itself, its ends and its peaks among them', () => {
  const found = fewer(step, loss);
  expect(found.step.length).toBeLessThanOrEqual(1000);
  expect(found.step.length).toBe(found.loss.length);
  expect([found.step[0], found.step.at(-1)]).toEqual([8, 8 * count]);
  expect(found.loss).toContain(99);
  expect(found.loss).toContain(-99);
  expect(found.step.every((at, k) => loss[at / 8 - 1] === found.loss[k])).toBe(true);
  expect(found.step.every((at, k) => k === 0 || at > found.step[k - 1])).toBe(true);
});

test('a short line is a copy of itself', () => {
  const short = [1, 2, 3];
  const found = fewer(short, [3, 2, 1]);
  expect(found).toEqual({ step: short, loss: [3, 2, 1] });
  expect(found.step).not.toBe(short);
});
