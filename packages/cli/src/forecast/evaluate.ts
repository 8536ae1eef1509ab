// How good a saved forecaster is, next to naive forecasts.

import { evaluateForecaster, FormatError } from 'unrolled';
import { seriesLength } from 'unrolled/data';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { ownPartName } from '../runs/own-data.ts';
import { grouped, table } from '../terminal/index.ts';
import { missingOf } from './data.ts';
import { type OpenForecaster, openForecaster, readFor, readOwn } from './open.ts';
import { type Naive, naives } from './naive.ts';
import { bandName } from './quantiles.ts';
import { type CutWindows, cutWindows, rowsOf } from './windows.ts';
import type { ForecastConfig } from './config.ts';

export async function evaluateForecast(saved: SavedRun<ForecastConfig>, values: EvaluateValues): Promise<Report> {
  const opened = await openForecaster(saved);
  const { config } = opened;
  const { model } = opened.pipeline;
  const { cut, source, warnings } = await windowsOf(opened, values);
  const { windows, tables } = cut;
  const { loss, metrics } = await evaluateForecaster(model, windows);
  const naive = naives(model, windows, config.training.period);
  const result = {
    run: saved.path,
    step: saved.step,
    source,
    windows: windows.count,
    ...(tables[0].name === null ? {} : { series: tables.length }),
    loss,
    ...metrics,
    naive: Object.fromEntries(naive.map(({ name, ...scores }) => [name, scores])),
  };
  const band = bandName(model.config.quantiles);
  const { coverage } = metrics as { coverage?: number };
  const lines = () => [
    ...table(scoreRows(metrics, naive, true), { header: ['', 'mse', 'mae', 'mse in units', 'mae in units'] }),
    '',
    ...table([
      ...(band
        ? [['coverage', `${((coverage ?? 0) * 100).toFixed(1)} % of the actual values lay in the interval of ${band}`]]
        : []),
      [
        'measured on',
        `${grouped(windows.count)} windows of ${tables.length > 1 ? `${grouped(tables.length)} series of ` : ''}${source}`,
      ],
      ['weights', `${saved.path}, step ${saved.step}`],
    ]),
  ];
  return { result, warnings, lines };
}

/** A line for the model and one for each naive forecast. mse and mae are of standardized numbers. */
export function scoreRows(
  metrics: Readonly<Record<string, number>>,
  naive: readonly Naive[],
  inUnits = false,
): string[][] {
  const row = (name: string, scores: Readonly<Record<string, number>>) => [
    name,
    ...['mse', 'mae', ...(inUnits ? ['mseInUnits', 'maeInUnits'] : [])].map((key) => digits(scores[key])),
  ];
  return [row('this model', metrics), ...naive.map(({ name, ...scores }) => row(name, scores))];
}

function digits(value: number): string {
  if (value !== 0 && value < 0.001) return value.toPrecision(4);
  return value < 1000 ? value.toFixed(value < 0.01 ? 6 : 4) : value.toPrecision(5);
}

async function windowsOf(
  opened: OpenForecaster,
  { file, where }: EvaluateValues,
): Promise<{ cut: CutWindows; source: string; warnings: readonly string[] }> {
  const { length, horizon } = opened.pipeline.input;
  const { read } = opened.config.data;
  const shape = { length, horizon, missing: missingOf(read.missing) };
  if (file !== null) {
    const { set, warnings } = await readFor(opened, file, { where, missing: null });
    const rows = Math.max(...set.tables.map(({ series }) => seriesLength(series)));
    const cut = rows < length + horizon ? null : cutWindows(set.tables.map((table) => [table, rowsOf(table)] as const), shape); // biome-ignore format: one line
    if (!cut) throw new FormatError(file, `has ${rows} rows, and a window of this run has ${length} + ${horizon}`);
    return { cut, source: file, warnings: [...warnings, ...cut.warnings] };
  }
  const own = await readOwn(opened);
  const cut = cutWindows(own.parts.map(({ table, validation }) => [table, validation] as const), shape); // biome-ignore format: one line
  const source = ownPartName(own, cut?.windows.count ?? 0, read.validation);
  return { cut: cut as CutWindows, source, warnings: cut?.warnings ?? [] }; // no windows were refused as no part
}
