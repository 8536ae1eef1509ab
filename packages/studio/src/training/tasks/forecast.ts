// The next steps of a series of numbers: a window is read, and a quarter as many steps are forecast, with their quantiles.

import { Forecaster, forecastTask, OptionError } from 'unrolled';
import { seriesLength, splitByTime, Windows } from 'unrolled/data';
import { timeSeriesForecastingOf } from 'unrolled/pipelines';
import type { DatasetOf } from '../../data/dataset.ts';
import type { Settings } from '../../settings/settings.ts';
import { layersOf, type Prepared, seeded, table } from './prepared.ts';

const quantiles = [0.1, 0.5, 0.9];

/** Steps that are forecast by a model that reads so many. */
export const horizonOf = (length: number): number => Math.max(1, Math.round(length / 4));

export function prepareSeries(settings: Settings, { series }: DatasetOf<'series'>): Prepared {
  const { dropout, batch, seed, windowLength: length } = settings;
  const horizon = horizonOf(length);
  const rows = seriesLength(series);
  const { train, validation } = splitByTime(rows, { validation: Math.max(0.05, settings.validation) });
  if (train.to - train.from < length + horizon || validation.to - validation.from < horizon)
    throw new OptionError(
      'forecast',
      'windowLength',
      `the series has ${rows} rows, and a window of ${length} + ${horizon} does not fit into the part that trains and the part that validates; choose a shorter window`,
    );
  const [learned, held] = [train, validation].map(
    (of) => new Windows(series, { length, horizon, ...of, missing: 'fill' }),
  );
  const C = series.names.length;
  const options = {
    channels: C,
    length,
    horizon,
    dropout,
    quantiles,
    skip: 'linear',
    normalization: 'reversible',
  } as const;
  const model = seeded(settings, () => new Forecaster({ ...layersOf(settings), ...options }));
  model.standardize({ names: series.names, values: series.values.subarray(0, train.to * C) });
  const input = {
    kind: 'time-series-forecasting',
    columns: series.names,
    known: [],
    length,
    horizon,
    quantiles,
  } as const;
  const column = (c: number, from: number, to: number) =>
    Array.from({ length: to - from }, (_, t) => series.values[(from + t) * C + c]);
  return {
    model,
    task: forecastTask(model, { train: learned, validation: held, batchSize: batch, seed }),
    examples: rows,
    symbols: C,
    pictures: [],
    parts: {
      task: 'forecast',
      config: model.config,
      input,
      contents: { columns: { names: series.names, known: [], found: {} } },
    },
    heldOut: () =>
      table(
        series.names,
        Array.from({ length: rows - validation.from + length }, (_, t) =>
          series.names.map((_, c) => String(series.values[(validation.from - length + t) * C + c])),
        ),
      ),
    async show() {
      const origin = rows - horizon;
      const columns = Object.fromEntries(series.names.map((name, c) => [name, column(c, 0, origin)]));
      const [{ columns: found }] = await timeSeriesForecastingOf(model, { input }).forecast(
        { columns },
        { missing: 'fill' },
      );
      const [first] = found;
      const actual = column(0, origin, rows);
      const chart = {
        name: first.column,
        history: first.history.slice(-2 * horizon),
        actual,
        values: first.values,
        low: first.quantiles[0].values,
        high: first.quantiles[2].values,
      };
      const round = (list: readonly number[]) => list.map((value) => value.toPrecision(3)).join(' ');
      return { text: `${first.column}\n${round(first.values)}\n(${round(actual)})`, chart };
    },
  };
}
