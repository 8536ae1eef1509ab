// Forecasters against plain arithmetic: networks whose weights are set by hand, so that what they output can be worked out on paper.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import type { Series } from '../data/series.ts';
import { Windows } from '../data/windows.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { tensor } from '../tensor/create.ts';
import { evaluateForecaster, naiveForecast } from '../train/forecast-task.ts';
import { Forecaster } from './forecaster.ts';
import type { ForecasterOptions } from './forecaster-options.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

const column = (...values: number[]): Series => ({ names: ['x'], values: Float64Array.from(values) });
const make = (options: Partial<ForecasterOptions> = {}) =>
  new Forecaster({ channels: 1, length: 4, horizon: 2, hiddenSize: 1, ...options });

/** All parameters 0, and then some of them. */
function withWeights(model: Forecaster, weights: Readonly<Record<string, readonly number[]>>): Forecaster {
  for (const [name, p] of model.namedParameters()) p.set(weights[name] ?? new Float32Array(p.size));
  return model;
}

const input = [5, 6, 7, 9];
const batch = (known: readonly number[] | null = null) => ({
  input: Float64Array.from(input),
  known: known && Float64Array.from(known),
  rows: 1,
});

describe('steps after the horizon', () => {
  // 4 rows read and 5 forecast, in blocks of 2.
  const known = [0.001, 0.002, 0.003, 0.004, 0.01, 0.02, 0.03, 0.04, 0.05];

  test('a direct forecast reads in every block what is known of the steps of that block', () => {
    // head [horizon, hidden + horizon]: step k of a block is what is known of step k.
    const model = withWeights(make({ known: 1, skip: 'none' }), { 'head.weight': [0, 1, 0, 0, 0, 1] });
    const { values } = model.forecastWindows(batch(known), { steps: 5 });
    known.slice(4).forEach((k, i) => expect(values[i]).toBeCloseTo(k, 7));
    const tensors = model.forecast(tensor(input, [4, 1, 1]), { known: tensor(known, [9, 1, 1]), steps: 5 });
    known.slice(4).forEach((k, i) => expect(tensors.values.dataSync()[i]).toBeCloseTo(k, 7));
  });

  test('a recursive forecast reads with each value what is known of its step, across blocks', () => {
    // h = tanh(known), y = h: the step after row t outputs what was known of row t.
    const model = withWeights(make({ known: 1, skip: 'none', method: 'recursive', cell: 'rnn' }), {
      'recurrent.weight_ih_l0': [0, 1],
      'head.weight': [1],
    });
    const { values } = model.forecastWindows(batch(known), { steps: 5 });
    known.slice(3, 8).forEach((k, i) => expect(values[i]).toBeCloseTo(Math.tanh(k), 7));
  });

  test('known values are standardized by those of the training rows', () => {
    const model = withWeights(make({ known: 1, skip: 'none' }), { 'head.weight': [0, 1, 0, 0, 0, 1] });
    // Mean 1.7e9 + 1 and deviation 1; the series has mean 1 and deviation 1.
    model.standardize(column(0, 2), {}, column(1.7e9, 1.7e9 + 2));
    const { values } = model.forecastWindows(batch([0, 0, 0, 0, 1.7e9 + 4, 1.7e9 - 1]));
    expect([...values]).toEqual([4, -1]); // ((k − mean) / 1) · 1 + 1
  });

  test('each block goes on from the values of the one before it', () => {
    // Every output is the last value + 1.
    const one = (method: 'direct' | 'recursive') =>
      withWeights(make({ method }), { 'head.bias': method === 'direct' ? [1, 1] : [1] });
    expect([...one('direct').forecastWindows(batch(), { steps: 5 }).values]).toEqual([10, 10, 11, 11, 12]);
    expect([...one('recursive').forecastWindows(batch(), { steps: 5 }).values]).toEqual([10, 11, 12, 13, 14]);
  });
});

describe('what the network adds to', () => {
  test("'linear' is at first the mean of the window, and 'none' nothing", () => {
    manualSeed(3);
    const linear = make({ skip: 'linear' });
    for (const p of linear.head.parameters()) p.set(new Float32Array(p.size));
    expect([...linear.forecastWindows(batch()).values]).toEqual([6.75, 6.75]);
    expect([...withWeights(make({ skip: 'none' }), { 'head.bias': [3, 4] }).forecastWindows(batch()).values]).toEqual([
      3, 4,
    ]);
  });

  test('quantiles are the middle one and distances that are softplus', () => {
    const model = withWeights(make({ quantiles: [0.1, 0.5, 0.9], horizon: 1 }), {});
    const { values, quantiles } = model.forecastWindows(batch());
    expect(values[0]).toBe(9);
    [9 - Math.log(2), 9, 9 + Math.log(2)].forEach((q, i) => expect(quantiles[i]).toBeCloseTo(q, 6));
  });
});

describe('windowLoss', () => {
  // The output is the last value, 9.
  const predicted = (options: Partial<ForecasterOptions>) => withWeights(make({ horizon: 3, ...options }), {});
  const loss = (model: Forecaster, target: number[], reduction?: 'sum') =>
    model.windowLoss({ ...batch(), target: Float64Array.from(target) }, { reduction }).itemSync();

  test('is the mean of squares, of distances, or the pinball loss', () => {
    expect(loss(predicted({}), [10, 12, 5])).toBeCloseTo((1 + 9 + 16) / 3, 5);
    expect(loss(predicted({ loss: 'mae' }), [10, 12, 5])).toBeCloseTo((1 + 3 + 4) / 3, 5);
    expect(loss(predicted({ quantiles: [0.9] }), [10, 12, 5])).toBeCloseTo((0.9 * 1 + 0.9 * 3 + 0.1 * 4) / 3, 5);
    expect(loss(predicted({}), [10, 12, 5], 'sum')).toBeCloseTo(26, 4);
  });

  test('leaves out targets that are missing', () => {
    expect(loss(predicted({}), [10, Number.NaN, 5])).toBeCloseTo((1 + 16) / 2, 5);
    expect(loss(predicted({}), [10, Number.NaN, 5], 'sum')).toBeCloseTo(17, 5);
    const model = predicted({ quantiles: [0.9] });
    expect(loss(model, [Number.NaN, 12, Number.NaN])).toBeCloseTo(2.7, 5);
    model.windowLoss({ ...batch(), target: Float64Array.of(Number.NaN, 12, 11) }).backward();
    const [, bias] = model.head.parameters();
    // With two quantiles the mean is over both of them. Softplus of 0 is log 2.
    const two = predicted({ quantiles: [0.5, 0.9] });
    expect(loss(two, [10, Number.NaN, Number.NaN])).toBeCloseTo((0.5 + 0.9 * (1 - Math.log(2))) / 2, 5);
    [0, -0.45, -0.45].forEach((g, i) => expect(bias.grad?.dataSync()[i]).toBeCloseTo(g, 6));
  });
});

test('batches of other sizes are refused', () => {
  const model = make({ known: 1 });
  const refused = (values: object) => () => model.forecastWindows({ ...batch([1, 2, 3, 4, 5, 6]), ...values });
  expect(refused({})).not.toThrow();
  expect(refused({ rows: 2 })).toThrow('Forecaster: expected input values of shape [4, 2, 1], got [4]');
  expect(refused({ rows: 0 })).toThrow('Forecaster: rows: expected a whole number from 1, got 0');
  expect(refused({ known: Float64Array.of(1) })).toThrow(
    'Forecaster: expected known values of shape [6, 1, 1], got [1]',
  );
  expect(refused({ known: null })).toThrow('the model reads 1 numbers a step that are known in advance: [6, 1, 1]');
  expect(() => model.windowLoss({ ...batch([1, 2, 3, 4, 5, 6]), target: Float64Array.of(1) })).toThrow(
    'Forecaster: expected target values of shape [2, 1, 1], got [1]',
  );
});

describe('levels that float32 has no digits for', () => {
  const waves = Array.from({ length: 120 }, (_, t) => Math.sin(t / 3) + 0.3 * Math.cos(t));
  const shape = { length: 12, horizon: 4 };

  test.each([
    ['1.7e9', 1.7e9, 1],
    ['37.5 ± 1e-6', 37.5, 1e-6],
    ['-4e12', -4e12, 50],
  ])('a series at %s is forecast and measured as the same series at 0', async (_name, level, scale) => {
    const [plain, high] = [waves, waves.map((v) => level + scale * v)].map((values) => {
      manualSeed(2);
      const series = column(...values);
      const model = new Forecaster({ channels: 1, ...shape, hiddenSize: 4, quantiles: [0.1, 0.5, 0.9] });
      model.standardize(series, { to: 90 });
      return { model, windows: new Windows(series, { ...shape, from: 90 }) };
    });
    const [a, b] = [
      await evaluateForecaster(plain.model, plain.windows),
      await evaluateForecaster(high.model, high.windows),
    ];
    expect(a.metrics.mse).toBeGreaterThan(0.1);
    const digits = level === -4e12 ? 2 : 3; // doubles at 4e12 have steps of 5e-4
    expect(b.loss).toBeCloseTo(a.loss, digits);
    expect(b.metrics.mse).toBeCloseTo(a.metrics.mse, digits);
    expect(b.metrics.mseInUnits / scale ** 2).toBeCloseTo(a.metrics.mseInUnits, digits);
    expect(b.metrics.coverage).toBeCloseTo(a.metrics.coverage, 2);
    expect(naiveForecast(high.model, high.windows).mse).toBeCloseTo(
      naiveForecast(plain.model, plain.windows).mse,
      digits,
    );
    const [predicted, saidHigh] = [plain, high].map(
      ({ model, windows }) => model.forecastWindows(windows.batch([3])).values,
    );
    predicted.forEach((v, i) => expect((saidHigh[i] - level) / scale).toBeCloseTo(v, digits));
  });

  test('values whose squares are no numbers are refused, and change nothing', () => {
    const model = make().standardize(column(1, 3));
    expect(() => model.standardize(column(1e200, 3e200))).toThrow(
      'Forecaster: column x has a deviation of 1.00e+200, and squares of errors like that are no numbers',
    );
    expect([model.mean[0], model.deviation[0]]).toEqual([2, 1]);
    expect(model.standardize(column(1e-300, 3e-300)).deviation[0] * 1e300).toBeCloseTo(1, 9);
  });

  test('the scaling is saved in float64; runs that have it in float32 are still read', () => {
    const model = make({ known: 1 }).standardize(column(1.7e9, 1.7e9 + 1), {}, column(5, 9));
    const state = model.stateDict();
    expect([...(state.get('mean')?.data ?? [])]).toEqual([1.7e9 + 0.5]);
    const copy = make({ known: 1 }).loadStateDict(state);
    expect([copy.mean[0], copy.deviation[0]]).toEqual([1.7e9 + 0.5, 0.5]);
    expect([...(copy.stateDict().get('known_deviation')?.data ?? [])]).toEqual([2]);
    for (const name of ['known_mean', 'known_deviation']) state.delete(name);
    state.set('mean', { dtype: 'float32', shape: [1], data: Float32Array.of(3) });
    copy.loadStateDict(state);
    expect([copy.mean[0], ...(copy.stateDict().get('known_mean')?.data ?? [])]).toEqual([3, 0]);
    state.set('deviation', { shape: [1], data: Float64Array.of(0) });
    state.set('head.bias', { shape: [2], data: Float32Array.of(7, 7) });
    expect(() => copy.loadStateDict(state, 'a file')).toThrow('a file: deviation: expected numbers above 0, got 0');
    expect(copy.head.bias?.dataSync()[0]).not.toBe(7);
  });
});

describe('series with gaps', () => {
  const { NaN: gap } = Number;

  test('are measured on the values that are there alone, and read what was known before', async () => {
    // Windows of 2 + 1. The output is the last value, carried on across gaps.
    const series = column(1, 2, gap, 5, gap, gap, 7, 8);
    const windows = new Windows(series, { length: 2, horizon: 1, missing: 'fill' });
    const model = withWeights(make({ length: 2, horizon: 1 }), {});
    const { metrics } = await evaluateForecaster(model, windows);
    // (2, ·) → 5 from 2; (·, ·) → 7 from 5; (·, 7) → 8 from 7. Windows whose target is missing are none.
    expect(windows.count).toBe(3);
    expect(metrics.maeInUnits).toBeCloseTo((3 + 2 + 1) / 3, 6);
    expect(metrics.mseInUnits).toBeCloseTo((9 + 4 + 1) / 3, 5);
    expect(naiveForecast(model, windows).maeInUnits).toBeCloseTo(2, 6);
    // Windows of 2 + 2: 2 → (5, ·), 5 → (·, 7), 5 → (7, 8).
    const longer = withWeights(make({ length: 2, quantiles: [0.1, 0.9] }), {});
    const all = await evaluateForecaster(longer, new Windows(series, { length: 2, horizon: 2, missing: 'fill' }));
    expect(all.targets).toBe(4);
    // The lower quantile is the last value, and the upper log 2 above it.
    expect(all.metrics.coverage).toBe(0);
    expect(all.metrics.maeInUnits).toBeCloseTo((3 + 3 + 2 + 2 + 3) / 5, 6);
  });
});
