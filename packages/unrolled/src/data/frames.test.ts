import { expect, test } from 'vitest';
import { Random } from '../random.ts';
import { sampleAtRate, sampleEvenly, timesTaken } from './frames.ts';

test('sampleEvenly takes the middle of each of as many parts, or all there are', () => {
  expect(sampleEvenly(10, 2)).toEqual([2, 7]); // 0–5 and 5–10
  expect(sampleEvenly(10, 3)).toEqual([1, 5, 8]); // 1.67, 5, 8.33
  expect(sampleEvenly(7, 1)).toEqual([3]);
  expect(sampleEvenly(5, 4)).toEqual([0, 1, 3, 4]);
  expect(sampleEvenly(4, 4)).toEqual([0, 1, 2, 3]);
  expect(sampleEvenly(3, 8)).toEqual([0, 1, 2]);
  expect(sampleEvenly(0, 3)).toEqual([]);
  expect(sampleEvenly(3, 0)).toEqual([]);
});

test('sampleAtRate takes the frame that is shown at each tick', () => {
  expect(sampleAtRate([40, 40, 200], 25)).toEqual([0, 1, 2, 2, 2, 2, 2]);
  expect(sampleAtRate([100, 100, 100, 100], 5)).toEqual([0, 2]); // 0 ms and 200 ms
  expect(sampleAtRate([1000 / 30, 1000 / 30, 1000 / 30], 30)).toEqual([0, 1, 2]);
  expect(sampleAtRate([], 25)).toEqual([]);
  const random = new Random(3);
  for (let round = 0; round < 50; round++) {
    const durations = Array.from({ length: 1 + random.integer(8) }, () => 10 * (1 + random.integer(20)));
    const rate = 1 + random.integer(60);
    const shownAt = (time: number) => {
      for (let t = 0, end = 0; t < durations.length; t++) if (time < (end += durations[t]) - 1e-6) return t;
      return -1;
    };
    const ticks = Array.from({ length: 200 }, (_, k) => shownAt((k * 1000) / rate));
    expect(sampleAtRate(durations, rate)).toEqual(ticks.filter((t) => t >= 0));
  }
});

test('timesTaken counts the ticks up to the end of a frame', () => {
  expect(timesTaken(100, 0, 10)).toBe(1); // at 0 ms; the one at 100 ms is the next frame's
  expect(timesTaken(101, 0, 10)).toBe(2);
  expect(timesTaken(100, 1, 10)).toBe(0);
});
