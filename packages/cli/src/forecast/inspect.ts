// A forecaster, ready to be looked into, on the windows that it was trained on.

import { Forecaster, forecastTask, FormatError, manualSeed } from 'unrolled';
import type { InspectSource } from '../inspect/source.ts';
import type { SavedRun } from '../runs/kind.ts';
import { grouped } from '../terminal/index.ts';
import { openForecaster, readOwn } from './open.ts';
import { cutWindows, standardize } from './windows.ts';
import type { ForecastConfig } from './config.ts';
import { t } from '../language/index.ts';

export async function inspectForecast(saved: SavedRun<ForecastConfig>): Promise<InspectSource> {
  const opened = await openForecaster(saved);
  const { config } = opened;
  const { model } = opened.pipeline;
  const data = await readOwn(opened);
  const { length, horizon, cell, numLayers, hiddenSize } = model.config;
  const cut = cutWindows(data.parts.map(({ table, train }) => [table, train] as const), { length, horizon, missing: data.missing }); // biome-ignore format: one line
  if (!cut) throw new FormatError(data.source, 'has no window to look at');
  const train = cut.windows;
  const { batch, seed, clip, clipValue } = config.training;
  const taskOf = (of: Forecaster) => forecastTask(of, { train, batchSize: batch, seed });
  return {
    path: saved.path,
    step: saved.step,
    about: [
      [t('model'), t`${cell}, ${numLayers} × ${hiddenSize} units, ${grouped(model.parameterCount())} parameters`],
      [t('trained'), t`${grouped(saved.step)} steps on ${t(data.source)}`],
    ],
    model,
    task: taskOf(model),
    fresh() {
      manualSeed(seed);
      return taskOf(standardize(new Forecaster(config.model), data.parts));
    },
    reading: null,
    clip: clip || null,
    clipValue: clipValue || null,
    lossUnit: t('in standard deviations of the columns'),
    metrics: saved.metrics(),
  };
}
