import { expect, test } from 'vitest';
import { addTo, bestOf, emptyDelta, emptyHistory, recentLoss } from './history.ts';

const steps = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, k) => {
    const step = from + k + 1;
    return { step, loss: 4 / Math.sqrt(step), norm: step % 7, clipped: step % 2 === 0 };
  });

test('the losses of a long run are few points, each the mean of its steps', () => {
  const history = emptyHistory();
  for (let from = 0; from < 20_000; from += 100) addTo(history, { ...emptyDelta(), steps: steps(from, from + 100) });
  expect(history.stride).toBe(8);
  expect(history.step.length).toBeLessThanOrEqual(4000);
  expect(history.step.length).toBe(history.loss.length);
  expect(history.step.at(-1)).toBe(20_000);
  expect(history.step.every((step, k) => k === 0 || step === history.step[k - 1] + 8)).toBe(true);
  const mean = steps(8, 16).reduce((sum, { loss }) => sum + loss, 0) / 8;
  expect(history.loss[1]).toBeCloseTo(mean, 12);
  expect(history.clipped[1]).toBe(0.5);
});

test('a history that was told in pieces is the one that was told at once', () => {
  const [whole, pieces] = [emptyHistory(), emptyHistory()];
  addTo(whole, { ...emptyDelta(), steps: steps(0, 9001) });
  for (const [from, to] of [
    [0, 3],
    [3, 4500],
    [4500, 9001],
  ])
    addTo(pieces, { ...emptyDelta(), steps: steps(from, to) });
  expect(pieces).toEqual(whole);
});

test('samples are kept from all of the run, the first and the newest among them', () => {
  const history = emptyHistory();
  for (let step = 1; step <= 500; step++) addTo(history, { ...emptyDelta(), samples: [{ step, text: '' }] });
  const kept = history.samples.map(({ step }) => step);
  expect(kept.length).toBe(12);
  expect([kept[0], kept.at(-1)]).toEqual([1, 500]);
  expect(Math.max(...kept.slice(1).map((step, k) => step / kept[k]))).toBeLessThan(4);
});

test('the recent loss is of the last steps, and the best validation the last that was one', () => {
  const history = emptyHistory();
  expect(recentLoss(history)).toBeNull();
  addTo(history, { ...emptyDelta(), steps: steps(0, 60) });
  expect(recentLoss(history, 10)).toBeCloseTo(steps(50, 60).reduce((sum, { loss }) => sum + loss, 0) / 10, 12);
  const validations = [
    { step: 1, loss: 3, best: true, metrics: {} },
    { step: 2, loss: 2, best: true, metrics: {} },
    { step: 3, loss: 5, best: false, metrics: {} },
  ];
  addTo(history, { ...emptyDelta(), validations });
  expect(bestOf(history)?.step).toBe(2);
});
