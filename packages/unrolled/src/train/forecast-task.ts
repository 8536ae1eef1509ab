// Learning to forecast: windows of a series, in an order of their own each epoch, and how far the forecasts are from the actual values.

import { computeValues } from '../inference/compute.ts';
import { inEvaluation } from '../nn/in-evaluation.ts';
import { requireKinds, requireWhole, shown } from '../checks.ts';
import { BucketBatcher } from '../data/batches.ts';
import type { Windows } from '../data/windows.ts';
import { checkOptions, OptionError } from '../errors.ts';
import type { Forecaster } from '../models/forecaster.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { IntervalScores } from './interval-scores.ts';
import { ExampleTask } from './example-task.ts';
import { type ForecastErrors, ForecastErrorSums } from '../metrics/forecast-errors.ts';
import { examplesIn, requirePart } from './part.ts';
import { type Probe, type ProbeSize, probeSize } from './probe.ts';
import type { Evaluation } from './task.ts';

/** Options of `forecastTask`. */
export interface ForecastTaskOptions {
  readonly train: Windows;
  /** Default: none. */
  readonly validation?: Windows | null;
  /** Windows a step. Default 32. */
  readonly batchSize?: number;
  /** Seed of the order of the windows. Default 0. */
  readonly seed?: number;
  /**
   * Whether every validation sets `model.spread` to the factor with which the interval between the outermost quantiles holds as many of its targets as they say (conformalized
   * quantile regression, Romano et al. 2019). `coverage` is then that of the later half of the windows, with the factor of the earlier half, and `spread` a metric. Default true.
   */
  readonly calibrate?: boolean;
}

/**
 *     const task = forecastTask(model, { train, validation, batchSize: 32, seed: 1 });
 *     await fit(task, { optimizer: new Adam(model.parameters()), steps: 5 * task.stepsPerEpoch, evaluateEvery: task.stepsPerEpoch });
 */
export function forecastTask(model: Forecaster, options: ForecastTaskOptions): ExampleTask<Forecaster> {
  requireKinds(
    'forecastTask',
    { model, options },
    {
      model: 'module',
      options: {
        train: 'object',
        validation: 'object?|null',
        batchSize: 'number?',
        seed: 'number?',
        calibrate: 'flag?',
      },
    },
  );
  checkOptions('forecastTask', options, ['train', 'validation', 'batchSize', 'seed', 'calibrate']);
  const { train, validation = null, batchSize = 32, seed = 0, calibrate = true } = options;
  for (const windows of [train, validation]) if (windows) requireFit(model, windows);
  return new ExampleTask(model, {
    batches: new BucketBatcher(new Int32Array(train.count).fill(train.length), { batchSize, seed }),
    loss: (rows) => {
      const batch = train.batch(rows);
      const weight = batch.target.reduce((count, y) => count + (Number.isNaN(y) ? 0 : 1), 0);
      return { loss: model.windowLoss(batch), targets: rows.length, perTarget: 1, weight };
    },
    evaluate: async (part) => validation && measured(model, validation, part, calibrate),
    probe: (size) => probeOf(model, train, size),
  });
}

/** What a validation measures: not column by column. */
async function measured(model: Forecaster, windows: Windows, part: number, calibrate: boolean): Promise<Evaluation> {
  if (!calibrate || model.config.quantiles.length < 2) {
    const { loss, targets, metrics } = await evaluateForecaster(model, windows, { part });
    return { loss, targets, metrics };
  }
  const scores = new IntervalScores(model, examplesIn(windows.count, part).length);
  model.spread = 1;
  const { loss, targets, metrics } = await evaluated(model, windows, { part }, scores);
  model.spread = scores.factor();
  return { loss, targets, metrics: { ...metrics, coverage: scores.coverage(), spread: model.spread } };
}

/** Windows from all over the series. Every one has the same steps. */
function probeOf(model: Forecaster, windows: Windows, size: ProbeSize = {}): Probe {
  const { rows: most } = { ...probeSize, ...size };
  const count = Math.min(most, windows.count);
  const numbers = (rows: readonly number[]) => Int32Array.from(rows, (r) => Math.floor((r * windows.count) / count));
  return {
    rows: count,
    steps: windows.length,
    behind: null,
    baseline: null,
    loss: (rows) => model.windowLoss(windows.batch(numbers(rows))),
    outputs(rows) {
      const { values } = model.forecastWindows(windows.batch(numbers(rows))); // [horizon, B, C]
      const { channels: C, horizon } = model.config;
      return rows.map((_, b) =>
        Float32Array.from({ length: horizon * C }, (_, i) => {
          const c = i % C;
          return (values[(Math.floor(i / C) * rows.length + b) * C + c] - model.mean[c]) / model.deviation[c];
        }),
      );
    },
    inPieces: null,
  };
}

interface EvaluateForecasterOptions {
  readonly batchSize?: number;
  readonly part?: number;
  readonly scales?: readonly ArrayLike<number>[];
}

type ForecasterEvaluation = Evaluation & { readonly metrics: Readonly<Record<string, number>> } & Pick<
    ForecastErrors,
    'smape' | 'mase' | 'columns'
  >;

/**
 * The loss on every window, and as metrics the mean square and mean absolute error, of standardized values (`mse`, `mae`: what is published) and
 * in the data's units (`mseInUnits`, `maeInUnits`, over all channels). With quantiles also `coverage`: how often the target lay between the
 * outermost two, which ought to be their difference. Targets that are missing are not measured. All differences are taken in float64. With a `part` below 1,
 * that part of the windows is measured, evenly spaced.
 *
 * `columns` has the same of each column, and both have `smape` = 200/n Σ |y − ŷ| / (|y| + |ŷ|) (Makridakis and Hibon 2000; 0 where both are 0) and, with `scales` (for each
 * joined series what `seasonalScale` gives of its training rows), `mase`: the mean of |y − ŷ| over the scale of its column. Columns without a scale have none.
 */
export async function evaluateForecaster(
  model: Forecaster,
  windows: Windows,
  options: EvaluateForecasterOptions = {},
): Promise<ForecasterEvaluation> {
  requireKinds(
    'evaluateForecaster',
    { model, windows, options },
    { model: 'module', windows: 'object', options: 'object' },
  );
  checkOptions('evaluateForecaster', options, ['batchSize', 'part', 'scales']);
  requireFit(model, windows);
  requireWhole('evaluateForecaster', 'batchSize', options.batchSize ?? 256, 1);
  requirePart('evaluateForecaster', options.part ?? 1);
  return evaluated(model, windows, options, null);
}

async function evaluated(
  model: Forecaster,
  windows: Windows,
  { batchSize = 256, part = 1, scales = [] }: EvaluateForecasterOptions,
  scores: IntervalScores | null,
): Promise<ForecasterEvaluation> {
  const chosen = examplesIn(windows.count, part);
  const errors = new ForecastErrorSums(model.deviation, scales);
  let [loss, inside] = [0, 0];
  const Q = model.config.quantiles.length;
  await inEvaluation(model, async () => {
    for (const numbers of inOrder(chosen.length, batchSize)) {
      const rows = numbers.map((k) => chosen[k]);
      const batch = windows.batch(rows);
      const summed = await computeValues(model, () => ({ loss: model.windowLoss(batch, { reduction: 'sum' }) }));
      loss += summed.loss[0];
      const forecast = model.forecastWindows(batch);
      const { values, quantiles: q } = forecast;
      scores?.add(forecast, batch.target, rows.length, model.config.channels);
      errors.add(values, batch.target, partsOf(windows, rows));
      for (const [i, y] of batch.target.entries()) if (y >= q[i * Q] && y <= q[i * Q + Q - 1]) inside++;
      await yieldToEventLoop();
    }
  });
  const metrics = Q > 1 ? { ...errors.metrics(), coverage: inside / errors.count } : errors.metrics();
  const all = { loss: loss / (errors.count * Math.max(1, Q)), targets: chosen.length, metrics };
  return { ...all, ...errors.scaled(windows.series.names) };
}

/** The series that each of these windows is of. */
function partsOf(windows: Windows, rows: Int32Array): Int32Array {
  return rows.map((n) => windows.part(n));
}

/**
 * What costs nothing: to say that it will be as it was `period` steps ago (1: as it is now; 24: as at this hour yesterday). A forecaster that is
 * no better has learned nothing. Standardized as the model does it; `columns`, `smape` and `mase` as `evaluateForecaster` has them.
 */
export function naiveForecast(
  model: Forecaster,
  windows: Windows,
  period = 1,
  scales: readonly ArrayLike<number>[] = [],
): ForecastErrors {
  requireKinds('naiveForecast', { model, windows, period }, { model: 'module', windows: 'object', period: 'number' });
  requireFit(model, windows);
  if (!(Number.isInteger(period) && period >= 1 && period <= windows.length))
    throw new OptionError(
      'naiveForecast',
      'period',
      `expected a whole number from 1 to ${windows.length}, got ${shown(period)}`,
    );
  const errors = new ForecastErrorSums(model.deviation, scales);
  const { length } = windows;
  const C = windows.series.names.length;
  for (const rows of inOrder(windows.count, 256)) {
    const { input, target } = windows.batch(rows);
    const step = rows.length * C;
    errors.add(
      target.map((_, i) => {
        const t = Math.floor(i / step);
        return input[(length - period + (t % period)) * step + (i % step)];
      }),
      target,
      partsOf(windows, rows),
    );
  }
  return { ...errors.metrics(), ...errors.scaled(windows.series.names) };
}

function* inOrder(count: number, batchSize: number): Generator<Int32Array> {
  for (let from = 0; from < count; from += batchSize)
    yield Int32Array.from({ length: Math.min(batchSize, count - from) }, (_, k) => from + k);
}

function requireFit(model: Forecaster, windows: Windows): void {
  requireKinds(
    'forecasts',
    { model, windows },
    { model: { config: 'object', standardized: 'function' }, windows: { series: 'object', batch: 'function' } },
  );
  const { channels, length, horizon, known } = model.config;
  const own = { channels, length, horizon, known };
  const given = {
    channels: windows.series.names.length,
    length: windows.length,
    horizon: windows.horizon,
    known: windows.known?.names.length ?? 0,
  };
  for (const name of Object.keys(own) as (keyof typeof own)[])
    if (own[name] !== given[name])
      throw new OptionError('forecaster', name, `the model has ${own[name]}, and the windows have ${given[name]}`);
}
