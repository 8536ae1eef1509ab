// A forecaster, ready to be looked into, on the windows that it was trained on.

import { Forecaster, type ForecasterConfig, forecastTask, manualSeed, Windows } from 'unrolled';
import type { InspectSource } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import { grouped } from '../terminal/index.ts';
import { knownBeside, readForecast } from './data.ts';
import { restoreForecaster } from './model.ts';

export async function inspectForecast(saved: SavedRun): Promise<InspectSource> {
  const { model, config } = restoreForecaster(saved);
  const data = await readForecast(config.data.read);
  const { series } = data.table;
  const { length, horizon, cell, numLayers, hiddenSize } = model.config;
  const missing = config.data.read.missing === 'skip' ? 'skip' : 'refuse';
  const train = new Windows(series, { length, horizon, known: knownBeside(data.table), missing, ...data.train });
  const { batch, seed, clip } = config.training;
  const taskOf = (of: Forecaster) => forecastTask(of, { train, batchSize: batch, seed });
  return {
    path: saved.path,
    step: saved.step,
    about: [
      ['model', `${cell}, ${numLayers} × ${hiddenSize} units, ${grouped(model.parameterCount())} parameters`],
      ['trained', `${grouped(saved.step)} steps on ${data.source}`],
    ],
    model,
    task: taskOf(model),
    fresh() {
      manualSeed(seed);
      return taskOf(new Forecaster(config.model as ForecasterConfig).standardize(series, data.train));
    },
    reading: null,
    clip: clip || null,
    metrics: saved.metrics(),
  };
}
