// A saved forecaster: its model, and the columns it knows.

import { FormatError, Forecaster, type ForecasterConfig } from 'unrolled';
import type { SavedRun } from '../runs/kind.ts';
import type { ForecastConfig } from './kind.ts';
import { close } from './data.ts';
import { readSeries, type SeriesTable } from './read.ts';

export interface LoadedForecaster {
  readonly model: Forecaster;
  readonly config: ForecastConfig;
  /** Columns that are foretold, and those that are known in advance. */
  readonly names: readonly string[];
  readonly known: readonly string[];
}

export function restoreForecaster(saved: SavedRun): LoadedForecaster {
  const config = saved.config as unknown as ForecastConfig;
  const model = new Forecaster(config.model as ForecasterConfig);
  model.loadStateDict(saved.weights, saved.path);
  const { names, known } = saved.readJSON('columns') as { names: string[]; known: string[] };
  return { model: model.eval(), config, names, known };
}

/** Another table with the columns of this model. */
export async function readFor(
  { names, known, config }: LoadedForecaster,
  path: string,
  { where, missing }: { readonly where: string | null; readonly missing: string | null },
): Promise<{ readonly table: SeriesTable; readonly warnings: readonly string[] }> {
  const { read } = config.data;
  const list = (columns: readonly string[]) => (columns.length > 0 ? columns.join(',') : null);
  const all = await readSeries([path], { ...read, where, columns: list(names), known: list(known) });
  if (all.series.values.length === 0) throw new FormatError(path, `holds no row with ${names.join(', ')}`);
  const { table, warnings } = close(all, missing ?? read.missing, path);
  return { table, warnings: [...all.warnings, ...warnings] };
}
