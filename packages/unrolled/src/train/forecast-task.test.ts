import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { makeSines } from '../data/synthetic/sines.ts';
import { splitByTime, Windows } from '../data/windows.ts';
import { Forecaster } from '../models/forecaster.ts';
import type { ForecasterOptions } from '../models/forecaster-options.ts';
import { Adam } from '../optim/index.ts';
import { noGrad } from '../tensor/autograd.ts';
import { tensor } from '../tensor/create.ts';
import { cat } from '../tensor/ops/shaping.ts';
import { manualSeed } from '../tensor/random-state.ts';
import type { TrainingEvent } from './events.ts';
import type { ExampleTask } from './example-task.ts';
import { evaluateForecaster, forecastTask, naiveForecast } from './forecast-task.ts';
import { fit } from './fit.ts';
import { type Checkpoint, Trainer } from './trainer.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

const series = makeSines(400, 3, { channels: 2, noise: 0.05 });
const shape = { length: 24, horizon: 6 };
const parts = splitByTime(400, { validation: 0.25 });
const train = new Windows(series, { ...shape, ...parts.train });
const validation = new Windows(series, { ...shape, ...parts.validation });

function makeModel(options: Partial<ForecasterOptions> = {}): Forecaster {
  manualSeed(1);
  return new Forecaster({ channels: 2, ...shape, hiddenSize: 8, ...options }).standardize(series, parts.train);
}

const makeTrainer = (task: ExampleTask<Forecaster>) =>
  new Trainer(task, {
    optimizer: new Adam(task.model.parameters(), { lr: 0.01 }),
    steps: 12,
    evaluateEvery: 5,
    clipNorm: 1,
  });

async function events(trainer: Trainer): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of trainer.run()) all.push(event);
  return all;
}

describe('forecastTask', () => {
  test('a run that goes on from a checkpoint ends in the same bits', async () => {
    const make = () => forecastTask(makeModel({ dropout: 0.2 }), { train, validation, batchSize: 64, seed: 4 });
    const whole = make();
    const straight = await events(makeTrainer(whole));
    let saved: Checkpoint | null = null;
    for await (const event of makeTrainer(make()).run()) {
      if (event.type === 'checkpoint' && event.step === 7) saved = event.take();
      if (saved) break;
    }
    const second = make();
    const resumed = makeTrainer(second);
    const { model, training, state } = saved as Checkpoint;
    resumed.restore({ model, training, state: JSON.parse(JSON.stringify(state)) as typeof state });
    const plain = (e: TrainingEvent) => JSON.stringify(e);
    expect((await events(resumed)).map(plain)).toEqual(
      straight.filter((e) => e.step > 7 || e.type === 'end').map(plain),
    );
    expect(second.model.stateDict()).toEqual(whole.model.stateDict());
  });

  test.each([
    ['direct', {}],
    ['linear', { skip: 'linear', normalization: 'reversible' }],
    ['recursive', { method: 'recursive' }],
  ] as const)('a %s forecast of waves is soon better than saying that nothing changes', async (_name, options) => {
    const model = makeModel(options);
    const task = forecastTask(model, { train, validation, seed: 1 });
    await fit(task, { optimizer: new Adam(model.parameters(), { lr: 0.02 }), steps: 60, clipNorm: 1 });
    const { metrics } = await evaluateForecaster(model, validation);
    expect(metrics.mse).toBeLessThan(0.3 * naiveForecast(model, validation).mse);
  });

  test('quantiles cover the target about as often as they should', async () => {
    const model = makeModel({ quantiles: [0.1, 0.5, 0.9], skip: 'linear' });
    const task = forecastTask(model, { train, validation, seed: 1 });
    await fit(task, { optimizer: new Adam(model.parameters(), { lr: 0.02 }), steps: 150, clipNorm: 1 });
    const { metrics } = await evaluateForecaster(model, train);
    expect(metrics.coverage).toBeGreaterThan(0.65);
    expect(metrics.coverage).toBeLessThan(0.95);
  });

  test('says what does not fit', () => {
    const other = new Windows(series, { length: 20, horizon: 6 });
    expect(() => forecastTask(makeModel(), { train: other })).toThrow(
      'forecaster: length: the model has 24, and the windows have 20',
    );
  });
});

describe('evaluateForecaster', () => {
  test('its metrics are those of the forecasts, one by one, and batches do not matter', async () => {
    const model = makeModel();
    const { metrics, targets } = await evaluateForecaster(model, validation, { batchSize: 7 });
    expect(targets).toBe(validation.count);
    const sums = { mse: 0, mae: 0, mseInUnits: 0, maeInUnits: 0 };
    const { deviation } = model;
    for (let n = 0; n < validation.count; n++) {
      const { input, target } = validation.batch([n]);
      const predicted = model.forecast(tensor(input, [24, 1, 2])).values.dataSync();
      target.forEach((y, i) => {
        const e = Math.abs(y - predicted[i]);
        sums.mse += (e / deviation[i % 2]) ** 2;
        sums.mae += e / deviation[i % 2];
        sums.mseInUnits += e ** 2;
        sums.maeInUnits += e;
      });
    }
    const count = validation.count * 6 * 2;
    for (const [name, sum] of Object.entries(sums)) expect(metrics[name]).toBeCloseTo(sum / count, 4);
  });

  test('nothing is dropped in a measurement, and the mode is the same afterwards', async () => {
    const model = makeModel({ dropout: 0.5 });
    const { loss } = await evaluateForecaster(model, validation);
    expect(model.training).toBe(true);
    const { metrics } = await evaluateForecaster(model.eval(), validation);
    expect(model.training).toBe(false);
    // The loss is the mean of squares of standardized numbers, which is mse.
    expect(loss).toBeCloseTo(metrics.mse, 5);
  });

  test('the naive forecast repeats the last period', () => {
    const model = makeModel();
    const one = naiveForecast(model, validation, 1);
    let sum = 0;
    for (let n = 0; n < validation.count; n++) {
      const { input, target } = validation.batch([n]);
      target.forEach((y, i) => (sum += Math.abs(y - input[23 * 2 + (i % 2)])));
    }
    expect(one.maeInUnits).toBeCloseTo(sum / (validation.count * 12), 4);
    expect(naiveForecast(model, validation, 24).mse).toBeLessThan(one.mse);
    expect(() => naiveForecast(model, validation, 25)).toThrow('period: expected a whole number from 1 to 24, got 25');
  });
});

describe('Forecaster', () => {
  const window = (n = 0) => tensor(validation.batch([n]).input, [24, 1, 2]);

  test('weights are not loaded where mean or deviation cannot be', () => {
    const [model, other] = [makeModel(), makeModel({ dropout: 0.1 })];
    for (const p of other.parameters()) p.set(new Float32Array(p.size));
    const before = model.stateDict();
    for (const data of [Float32Array.of(1, Number.NaN), Float32Array.of(1)]) {
      const saved = other.stateDict().set('deviation', { shape: [2], data });
      expect(() => model.loadStateDict(saved)).toThrow('state dict: deviation: expected');
      expect(model.stateDict()).toEqual(before);
    }
  });

  test('mean and deviation of the rows of training travel with the weights', () => {
    const model = makeModel();
    const state = model.stateDict();
    expect([...state.keys()]).toEqual(expect.arrayContaining(['mean', 'deviation', 'head.weight']));
    expect(model.parameters().length).toBe([...state.keys()].length - 2);
    manualSeed(9);
    const copy = new Forecaster(model.config).loadStateDict(state);
    expect(copy.forecast(window()).values.dataSync()).toEqual(model.forecast(window()).values.dataSync());
    state.delete('mean');
    expect(() => copy.loadStateDict(state)).toThrow('state dict: lacks mean [2]');
  });

  test('in other units, forecasts are the same in those units', () => {
    const [a, b] = [1, 1000].map((scale) => {
      manualSeed(1);
      const scaled = { names: series.names, values: Float64Array.from(series.values, (v) => scale * v) };
      const model = new Forecaster({ channels: 2, ...shape }).standardize(scaled, parts.train);
      return model.forecast(window().mul(scale)).values.dataSync();
    });
    a.forEach((v, i) => expect(b[i] / 1000).toBeCloseTo(v, 3));
  });

  test('a window that is raised by some level has a forecast raised by it, with reversible normalization', () => {
    const model = makeModel({ normalization: 'reversible' });
    const low = model.forecast(window()).values.dataSync();
    const high = model.forecast(window().add(500)).values.dataSync();
    low.forEach((v, i) => expect(high[i] - 500).toBeCloseTo(v, 1));
  });

  test('quantiles never cross, whatever the weights', () => {
    for (const method of ['direct', 'recursive'] as const) {
      const model = makeModel({ method, quantiles: [0.05, 0.3, 0.6, 0.95] });
      for (const p of model.parameters()) p.set(Array.from({ length: p.size }, (_, i) => 3 * Math.sin(7 * i)));
      const { quantiles, values } = model.forecast(window());
      const q = quantiles.dataSync();
      for (let i = 0; i < q.length; i += 4)
        for (let k = 1; k < 4; k++) expect(q[i + k]).toBeGreaterThanOrEqual(q[i + k - 1]);
      expect([...values.dataSync()]).toEqual([...quantiles.select(3, 2).dataSync()]); // 0.6 is nearest to the median
    }
  });

  test.each(['direct', 'recursive'] as const)(
    '%s: more steps than the horizon begin with those of the horizon',
    (method) => {
      const model = makeModel({ method });
      const short = model.forecast(window()).values.dataSync();
      const long = model.forecast(window(), { steps: 20 }).values;
      expect(long.shape).toEqual([20, 1, 2]);
      expect([...long.dataSync().subarray(0, short.length)]).toEqual([...short]);
    },
  );

  test.each(['direct', 'recursive'] as const)(
    '%s: a second block reads the forecast of the first, and what is known of its own steps',
    (method) => {
      const model = makeModel({ method, known: 2 });
      const [length, horizon] = [24, 6];
      const knownTo = (steps: number) =>
        Float32Array.from({ length: (length + steps) * 2 }, (_, i) => Math.sin(1 + i * i));
      const known = (rows: Float32Array) => tensor(rows, [rows.length / 2, 1, 2]);
      const long = model.forecast(window(), { known: known(knownTo(12)), steps: 12 }).values.dataSync();
      // By hand: the window moved on by a block, its end being the first forecast.
      const all = knownTo(12);
      const first = model.forecast(window(), { known: known(all.slice(0, 2 * (length + horizon))) }).values;
      const moved = cat([window().slice(0, horizon), first], 0);
      const second = model.forecast(moved, { known: known(all.slice(2 * horizon)) }).values;
      const expected = [...first.dataSync(), ...second.dataSync()];
      long.forEach((v, i) => expect(v).toBeCloseTo(expected[i], 4));
      // Each block hears of its own steps: a change of the last two leaves the first block alone.
      const changed = all.map((v, i) => (i >= 2 * (length + horizon + 3) ? v + 3 : v));
      const other = model.forecast(window(), { known: known(changed), steps: 12 }).values.dataSync();
      expect([...other.subarray(0, 2 * horizon)]).toEqual([...long.subarray(0, 2 * horizon)]);
      expect([...other.subarray(2 * horizon)]).not.toEqual([...long.subarray(2 * horizon)]);
      // A block that is not needed to its end reads zeros there.
      const cut = model
        .forecast(window(), { known: known(all.slice(0, 2 * (length + 9))), steps: 9 })
        .values.dataSync();
      const zeros = all.map((v, i) => (i >= 2 * (length + 9) ? 0 : v));
      const padded = model.forecast(window(), { known: known(zeros), steps: 12 }).values.dataSync();
      expect([...cut]).toEqual([...padded.subarray(0, 18)]);
    },
  );

  test('a last-value skip and a head of zeros say that nothing changes', () => {
    for (const method of ['direct', 'recursive'] as const) {
      const model = makeModel({ method, skip: 'last' });
      for (const p of model.head.parameters()) p.set(new Float32Array(p.size));
      const last = window().select(0, 23).dataSync();
      model
        .forecast(window())
        .values.dataSync()
        .forEach((v, i) => expect(v).toBeCloseTo(last[i % 2], 4));
    }
  });

  test('forecasting changes no mode and makes no gradient', () => {
    const model = makeModel({ dropout: 0.5 });
    const [a, b] = [model.forecast(window()).values, model.forecast(window()).values];
    expect([...a.dataSync()]).toEqual([...b.dataSync()]);
    expect([model.training, a.requiresGrad]).toEqual([true, false]);
    expect(noGrad(() => model.forward(window())).shape).toEqual([6, 1, 2, 1]);
  });

  test.each([
    [{ method: 'recursive', skip: 'linear' }, "Forecaster: skip: 'linear' says all steps at once"],
    [{ quantiles: [0.5, 0.1] }, 'Forecaster: quantiles: expected rising numbers between 0 and 1, got [0.5, 0.1]'],
    [{ loss: 'mse', quantiles: [0.5] }, "Forecaster: quantiles: belong to the loss 'quantile', and it is 'mse'"],
    [{ method: 'both' as 'direct' }, 'Forecaster: method: expected one of direct, recursive, got "both"'],
    [{ horizon: 0 }, 'Forecaster: horizon: expected a whole number from 1, got 0'],
    [{ hidden_size: 3 } as object, 'Forecaster: hidden_size: unknown option; did you mean hiddenSize?'],
  ] as const)('refuses %o', (options, message) => {
    expect(() => makeModel(options)).toThrow(message);
  });

  test('refuses an input of another shape, and known numbers that it does not read', () => {
    const model = makeModel();
    expect(() => model.forecast(tensor([[[1, 2]]]))).toThrow(
      'Forecaster: expected input of shape [24, batch, 2], got [1, 1, 2]',
    );
    expect(() => model.forecast(window(), { known: window() })).toThrow(
      'the model reads nothing that is known in advance',
    );
    expect(() => makeModel({ known: 1 }).forecast(window())).toThrow(
      'the model reads 1 numbers a step that are known in advance: [30, 1, 1]',
    );
  });
});

test('sMAPE and MASE column by column are those worked by hand', async () => {
  // The naive forecast of one step: for a 3 → 6 and 6 → 4, for b 10 → 10 and 10 → 0.
  const series = { names: ['a', 'b'], values: Float64Array.of(1, 10, 3, 10, 6, 10, 4, 0) };
  const windows = new Windows(series, { length: 2, horizon: 1 });
  const model = new Forecaster({ channels: 2, length: 2, horizon: 1, hiddenSize: 2 }).standardize(series);
  const scales = [Float64Array.of(2, Number.NaN)];
  const { columns, smape, mase, maeInUnits } = naiveForecast(model, windows, 1, scales);
  const [a, b] = columns;
  expect(a.smape).toBeCloseTo((200 * (3 / 9 + 2 / 10)) / 2, 10);
  expect(b.smape).toBeCloseTo((200 * (0 + 10 / 10)) / 2, 10);
  expect(a.mase).toBeCloseTo((3 / 2 + 2 / 2) / 2, 10);
  expect(b.mase).toBeNull(); // without a scale there is none
  expect(mase).toBe(a.mase);
  expect(smape).toBeCloseTo((a.smape + b.smape) / 2, 10);
  expect([a.maeInUnits, b.maeInUnits, maeInUnits]).toEqual([2.5, 5, 3.75]);
  // Of joined series each has its own scale.
  const two = Windows.join([windows, windows]);
  expect(
    naiveForecast(model, two, 1, [
      [2, 1],
      [4, 1],
    ]).columns[0].mase,
  ).toBeCloseTo((1.25 + 0.625) / 2, 10);
  const measured = await evaluateForecaster(model, windows, { scales });
  expect(measured.columns.map(({ column }) => column)).toEqual(['a', 'b']);
  expect(measured.mase).toBe(measured.columns[0].mase);
  expect((await evaluateForecaster(model, windows)).mase).toBeNull();
});
