// ETTh1, 96 hours in, 24 out, all seven columns (Zhou 2021): standardized by the 8,640 hours of training, forecast are the 2,880 hours after them.

import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  AdamW,
  cosineSchedule,
  evaluateForecaster,
  Forecaster,
  type ForecasterOptions,
  forecastTask,
  manualSeed,
  naiveForecast,
  Trainer,
} from 'unrolled';
import { type Series, Windows } from 'unrolled/data';
import { type BarResult, type Bars, progress, timed } from './bar.ts';

const limit = 0.36;
const howToGet =
  'not measured: set UNROLLED_TIMESERIES to a folder with ETTh1.train.csv.gz (8,640 rows) and ETTh1.valid.csv.gz (the next 2,880)';
const folder = process.env.UNROLLED_TIMESERIES ?? new URL('../../../shared/data/timeseries', import.meta.url).pathname;

/** The rows of training and, after them, those of validation; null where they are not at hand. */
function etth1(): { series: Series; border: number } | null {
  const parts = ['train', 'valid'].map((part) => `${folder}/ETTh1.${part}.csv.gz`);
  if (!parts.every((path) => existsSync(path))) return null;
  const tables = parts.map((path) => gunzipSync(readFileSync(path)).toString().trim().split('\n'));
  const names = tables[0][0].trim().split(',').slice(1);
  const rows = tables.map((lines) => lines.slice(1).map((line) => line.trim().split(',').slice(1).map(Number)));
  return { series: { names, values: Float64Array.from(rows.flat(2)) }, border: rows[0].length };
}

const shape = { length: 96, horizon: 24 };

export interface ForecastSettings extends Partial<ForecasterOptions> {
  readonly lr: number;
  readonly weightDecay: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
}

export const settings: ForecastSettings = {
  cell: 'gru',
  hiddenSize: 64,
  dropout: 0.3,
  skip: 'linear',
  normalization: 'reversible',
  loss: 'mae',
  lr: 1e-3,
  weightDecay: 1e-2,
  epochs: 4,
  batchSize: 32,
  seed: 1,
};

export async function trainEtth1(
  { series, border }: { series: Series; border: number },
  { lr, weightDecay, epochs, batchSize, seed, ...options }: ForecastSettings,
) {
  const train = new Windows(series, { ...shape, to: border });
  const validation = new Windows(series, { ...shape, from: border });
  manualSeed(seed);
  const model = new Forecaster({ channels: series.names.length, ...shape, ...options }).standardize(series, {
    to: border,
  });
  const task = forecastTask(model, { train, validation, batchSize, seed });
  const steps = epochs * task.stepsPerEpoch;
  const trainer = new Trainer(task, {
    optimizer: new AdamW(model.parameters(), { lr, weightDecay }),
    steps,
    clipNorm: 1,
    schedule: cosineSchedule(lr, { steps }),
    evaluateEvery: task.stepsPerEpoch,
  });
  let loss = 0;
  for await (const event of trainer.run()) {
    if (event.type === 'step') loss = event.smoothLoss;
    if (event.type !== 'evaluation') continue;
    progress(
      `ETTh1: epoch ${event.step / task.stepsPerEpoch}, training ${loss.toFixed(4)}, validation mse ${event.metrics?.mse.toFixed(4)}`,
    );
  }
  const { metrics } = await evaluateForecaster(model, validation);
  return { model, metrics, yesterday: naiveForecast(model, validation, 24), last: naiveForecast(model, validation, 1) };
}

/** With quantiles, as the command's forecasts are. */
const interval: ForecastSettings = { ...settings, loss: 'quantile', quantiles: [0.1, 0.5, 0.9] };
const quarters = 4;

interface Coverage {
  readonly asPredicted: number;
  readonly calibrated: number;
  readonly factor: number;
}

/**
 * How many of the targets lie in the interval, in each quarter of the validation windows but the first: as the network predicts it, and with the factor of all windows before. What `forecast`
 * does with rows that are new.
 */
async function coverages(model: Forecaster, series: Series, border: number): Promise<Coverage[]> {
  const rows = series.values.length / series.names.length - border;
  const at = (quarter: number) => border + Math.floor((quarter * rows) / quarters);
  const coverage = async (windows: Windows, spread: number) => {
    model.spread = spread;
    return (await evaluateForecaster(model, windows)).metrics.coverage;
  };
  const found: Coverage[] = [];
  for (let quarter = 1; quarter < quarters; quarter++) {
    const [before, windows] = [
      [border, at(quarter)],
      [at(quarter), at(quarter + 1)],
    ].map(([from, to]) => new Windows(series, { ...shape, from, to }));
    const asPredicted = await coverage(windows, 1);
    await forecastTask(model, { train: before, validation: before }).evaluate(1); // calibrates
    const factor = model.spread;
    found.push({ asPredicted, calibrated: await coverage(windows, factor), factor });
  }
  return found;
}

/** The interval of 80 % on rows that come after those that it was calibrated on. */
async function calibration(data: ReturnType<typeof etth1>): Promise<BarResult> {
  const run =
    data &&
    (await timed(async () => {
      const { model } = await trainEtth1(data, interval);
      return coverages(model, data.series, data.border);
    }));
  const percent = (part: number) => (100 * part).toFixed(1);
  const held = run?.value.map(({ calibrated }) => calibrated) ?? [];
  return {
    bar: 'ETTh1: what the interval of 80 % holds in the second, third and last quarter of the validation windows, in percent',
    settings: 'the same with quantiles 0.1, 0.5, 0.9; the factor is that of all validation windows before the quarter',
    measured: run
      ? run.value
          .map(
            ({ asPredicted, calibrated, factor }) =>
              `${percent(asPredicted)} as predicted, ${percent(calibrated)} with the factor ${factor.toFixed(2)}`,
          )
          .join('; ')
      : howToGet,
    required: '80 ± 3',
    met: run ? held.every((part) => Math.abs(part - 0.8) <= 0.03) : null,
    seconds: run ? run.seconds : 0,
  };
}

export const forecast: Bars = async () => {
  const data = etth1();
  const run = data && (await timed(() => trainEtth1(data, settings)));
  const { lr, weightDecay, epochs, batchSize, seed, ...model } = settings;
  return [
    {
      bar: 'ETTh1, 96 → 24 hours, 7 columns: mean square error on validation, standardized',
      settings: `${Object.entries(model)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(
          ', ',
        )}, B=${batchSize}, AdamW ${lr}, decay ${weightDecay}, cosine, ${epochs} epochs, clip 1, seed ${seed}; the weights of the last step`,
      measured: run
        ? `${run.value.metrics.mse.toFixed(4)}, mae ${run.value.metrics.mae.toFixed(4)} (same hour yesterday ${run.value.yesterday.mse.toFixed(3)}, last value ${run.value.last.mse.toFixed(3)}, ridge of each column 0.392, ridge of all 0.426)`
        : howToGet,
      required: `≤ ${limit}`,
      met: run ? run.value.metrics.mse <= limit : null,
      seconds: run ? run.seconds : 0,
    },
    await calibration(data),
  ];
};

export { etth1 };
