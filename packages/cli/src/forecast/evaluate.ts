// How good a saved forecaster is, beside what costs nothing to say.

import { evaluateForecaster, FormatError, seriesLength, Windows } from 'unrolled';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, table } from '../terminal/index.ts';
import { knownBeside, readForecast } from './data.ts';
import { type LoadedForecaster, readFor, restoreForecaster } from './model.ts';
import { type Naive, naives } from './naive.ts';
import { bandName } from './quantiles.ts';

export async function evaluateForecast(saved: SavedRun, values: EvaluateValues): Promise<Report> {
  const loaded = restoreForecaster(saved);
  const { model, config } = loaded;
  const { windows, source, warnings } = await windowsOf(loaded, values);
  const { loss, metrics } = await evaluateForecaster(model, windows);
  const naive = naives(model, windows, config.training.period);
  const result = {
    run: saved.path,
    step: saved.step,
    source,
    windows: windows.count,
    loss,
    ...metrics,
    naive: Object.fromEntries(naive.map(({ name, ...scores }) => [name, scores])),
  };
  const band = bandName(model.config.quantiles);
  const { coverage } = metrics as { coverage?: number };
  const lines = [
    ...warnings,
    ...table(scoreRows(metrics, naive, true), { header: ['', 'mse', 'mae', 'mse in units', 'mae in units'] }),
    '',
    ...table([
      ...(band
        ? [['coverage', `${((coverage ?? 0) * 100).toFixed(1)} % of what came lay in the band of ${band}`]]
        : []),
      ['measured on', `${grouped(windows.count)} windows of ${source}`],
      ['weights', `${saved.path}, step ${saved.step}`],
    ]),
  ];
  return { result, lines };
}

/** A line for the model and one for each naive forecast. mse and mae are of standardised numbers. */
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
  return value < 1000 ? value.toFixed(value < 0.01 ? 6 : 4) : value.toPrecision(5);
}

async function windowsOf(
  loaded: LoadedForecaster,
  { file, where }: EvaluateValues,
): Promise<{ windows: Windows; source: string; warnings: readonly string[] }> {
  const { length, horizon } = loaded.model.config;
  const { read, sha256 } = loaded.config.data;
  const missing = read.missing === 'skip' ? 'skip' : 'refuse';
  if (file !== null) {
    const { table: other, warnings } = await readFor(loaded, file, { where, missing: null });
    const rows = seriesLength(other.series);
    if (rows < length + horizon)
      throw new FormatError(file, `has ${rows} rows, and a window of this run has ${length} + ${horizon}`);
    const windows = new Windows(other.series, { length, horizon, known: knownBeside(other), missing });
    return { windows, source: file, warnings };
  }
  const own = await readForecast(read);
  if (own.sha256 !== sha256)
    throw new FormatError(
      own.source,
      'is not what this run was trained on any more; name what to measure on with --file',
    );
  if (own.validation.from === own.validation.to)
    throw new FormatError(own.source, 'nothing was kept for validation; name what to measure on with --file');
  const known = knownBeside(own.table);
  const windows = new Windows(own.table.series, { length, horizon, known, missing, ...own.validation });
  return { windows, source: `${own.source} (its validation part)`, warnings: [] };
}
