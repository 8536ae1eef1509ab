import { describe, expect, test } from 'vitest';
import { Windows } from '../data/windows.ts';
import { Forecaster } from '../models/forecaster.ts';
import { tensor } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { forecastTask } from './forecast-task.ts';
import { IntervalScores } from './interval-scores.ts';

const [length, horizon] = [4, 2];
const config = { channels: 1, length, horizon, hiddenSize: 3, quantiles: [0.1, 0.5, 0.9] };
const model = () => {
  manualSeed(4);
  return new Forecaster(config);
};
/** Windows of one step whose middle is 0 and whose quantiles are −1 and 2. */
function scored(targets: readonly number[]): IntervalScores {
  const scores = new IntervalScores(model(), targets.length);
  for (const y of targets)
    scores.add({ values: Float64Array.of(0), quantiles: Float64Array.of(-1, 0, 2) }, Float64Array.of(y), 1, 1);
  return scores;
}

describe('the factor', () => {
  test('is the ⌈(n + 1) · level⌉-th smallest distance, in units of the quantile on its side', () => {
    // Distances 0, 1/2, 1, …, 9/2: alternately above, where 2 is a unit, and below, where 1 is. Of ten the ninth is ⌈11 · 0.8⌉: 4.
    const targets = Array.from({ length: 10 }, (_, n) => (n % 2 ? n : -n / 2));
    expect(scored(targets).factor()).toBe(4);
  });

  test('is 1 of few windows, and where an interval would have no end; a target that is missing does not count', () => {
    expect(scored(new Array(9).fill(7)).factor()).toBe(1);
    expect(scored(new Array(10).fill(Number.NaN)).factor()).toBe(1);
    expect(scored([...new Array(10).fill(2), Number.NaN]).factor()).toBe(1);
    expect(scored(new Array(20).fill(0)).factor()).toBe(0.01);
  });

  test('the coverage is of the later half, with the factor of the earlier half', () => {
    // ⌈13 · 0.8⌉ = 11: the factor of the earlier twelve is 5, and of the later twelve six lie within.
    const earlier = Array.from({ length: 12 }, (_, n) => -n / 2);
    const later = Array.from({ length: 12 }, (_, n) => (n < 6 ? -4.9 : 10.1));
    expect(scored([...earlier, ...later]).coverage()).toBe(0.5);
  });
});

test('a validation calibrates: the interval holds on its windows what the quantiles say, and the loss does not notice', async () => {
  const values = Float64Array.from({ length: 160 }, (_, t) => Math.sin(t / 3) + Math.sin(t * t)); // noise that no one forecasts
  const series = { names: ['x'], values };
  const train = new Windows(series, { length, horizon, to: 80 });
  const validation = new Windows(series, { length, horizon, from: 80 });
  const made = model().standardize(series, { to: 80 });
  const off = await forecastTask(made, { train, validation, calibrate: false }).evaluate?.(1);
  expect([made.spread, Object.keys(off?.metrics ?? {})]).toEqual([1, expect.not.arrayContaining(['spread'])]);
  const on = await forecastTask(made, { train, validation }).evaluate?.(1);
  expect(on?.metrics?.spread).toBe(made.spread);
  expect(made.spread).not.toBe(1);
  expect(on?.loss).toBe(off?.loss);
  const again = await forecastTask(made, { train, validation, calibrate: false }).evaluate?.(1);
  expect(again?.loss).toBe(off?.loss);
  expect(again?.metrics?.mse).toBe(off?.metrics?.mse);
  expect(again?.metrics?.coverage).toBeCloseTo(0.8, 1);
  expect(again?.metrics?.coverage).toBeGreaterThanOrEqual(0.8);
});

test('the spread widens the quantiles around the middle one, is saved with the weights, and is 1 in older files', () => {
  const made = model();
  const input = tensor([1, 2, 4, 3], [length, 1, 1]);
  const before = made.forecast(input);
  made.spread = 2;
  const after = made.forecast(input);
  const [q, wide] = [before, after].map(({ quantiles }) => Array.from(quantiles.dataSync()));
  expect(Array.from(after.values.dataSync())).toEqual(Array.from(before.values.dataSync()));
  for (let k = 0; k < q.length; k += 3)
    for (const side of [0, 2]) expect(wide[k + side] - wide[k + 1]).toBeCloseTo(2 * (q[k + side] - q[k + 1]), 5);
  const state = made.stateDict();
  expect(model().loadStateDict(state).spread).toBe(2);
  state.delete('spread');
  expect(made.loadStateDict(state).spread).toBe(1);
  state.set('spread', { dtype: 'float64', shape: [1], data: Float64Array.of(0) });
  expect(() => made.loadStateDict(state)).toThrow('spread: expected numbers above 0');
  expect(() => (made.spread = 0)).toThrow('spread: expected a number above 0, got 0');
  expect(new Forecaster({ ...config, quantiles: [] }).stateDict().has('spread')).toBe(false);
});
