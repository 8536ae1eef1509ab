// The next day of three columns from the three days before, with an interval, next to the seasonal naive forecast.

import { AdamW, evaluateForecaster, fit, Forecaster, forecastTask, manualSeed, naiveForecast } from 'unrolled';
import { makeSines, splitByTime, Windows } from 'unrolled/data';

/** Trains for so many steps. Returns the mean squared errors on the last fifth, standardized. */
export async function main(steps = 300): Promise<{ mse: number; naive: number }> {
  manualSeed(1);
  const series = makeSines(2000, 7, { noise: 0.2 }); // 2000 steps of 3 columns
  const parts = splitByTime(2000, { validation: 0.2 });
  const windows = (rows: typeof parts.train) => new Windows(series, { length: 72, horizon: 24, ...rows });
  const validation = windows(parts.validation);
  const model = new Forecaster({ channels: 3, length: 72, horizon: 24, quantiles: [0.1, 0.5, 0.9] });
  model.standardize(series, parts.train);
  await fit(forecastTask(model, { train: windows(parts.train), validation }), {
    optimizer: new AdamW(model.parameters(), { lr: 3e-3 }),
    steps,
    clipNorm: 1,
  });
  const { metrics } = await evaluateForecaster(model, validation);
  return { mse: metrics?.mse ?? Infinity, naive: naiveForecast(model, validation, 24).mse };
}

if (process.argv[1] === import.meta.filename) console.log(await main());
