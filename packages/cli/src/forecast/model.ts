// A saved forecaster: its model, and the columns it knows.

import { FormatError, Forecaster, OptionError } from 'unrolled';
import type { SavedRun } from '../runs/kind.ts';
import { close, type ForecastData, type ForecastSource, readAll, readForecast } from './data.ts';
import type { ForecastConfig } from './kind.ts';
import { type Found, readSeries, type SeriesSet } from './read.ts';

export interface LoadedForecaster {
  readonly model: Forecaster;
  readonly config: ForecastConfig;
  /** Columns that are forecast, and those that are known in advance. */
  readonly names: readonly string[];
  readonly known: readonly string[];
  /** What was found in the training table without being named. */
  readonly found: Found;
}

export function restoreForecaster(saved: SavedRun<ForecastConfig>): LoadedForecaster {
  const { config } = saved;
  const model = new Forecaster(config.model);
  model.loadStateDict(saved.weights, saved.path);
  const columns = saved.readJSON('columns') as { names: string[]; known: string[]; found?: Found };
  const found = columns.found ?? { time: null, decimal: null };
  return { model: model.eval(), config, names: columns.names, known: columns.known, found };
}

/** The data that it was trained on, as they are now. */
export async function readOwn({ names, known, config, found }: LoadedForecaster): Promise<ForecastData> {
  const { read, sha256 } = config.data;
  const columns = read.demo === null ? { columns: names, known: known.length > 0 ? known : null } : {};
  const own = await readForecast({ ...read, ...columns }, found);
  if (own.sha256 === sha256) return own;
  throw new FormatError(
    own.source,
    'is not what this run was trained on any more; name what to measure on with --file',
  );
}

/** The training table as it is now, or another one, with the columns of this model. */
export async function readFor(
  { names, known, config, found }: LoadedForecaster,
  path: string | null,
  { where, missing }: { readonly where: string | null; readonly missing: string | null },
): Promise<{ readonly set: SeriesSet; readonly about: string; readonly warnings: readonly string[] }> {
  const read = { ...config.data.read, columns: names, known: known.length > 0 ? known : null };
  const { set: all, about } = path === null ? await readAll(read, found) : await readOther(read, found, path, where);
  const { set, warnings } = close(all, missing ?? read.missing, about);
  return { set, about, warnings: [...all.warnings, ...warnings] };

  async function readOther(source: ForecastSource, as: Found, file: string, only: string | null) {
    const other = await readSeries([file], { ...source, where: only }, as);
    if (other.tables.every(({ series }) => series.values.length === 0))
      throw new FormatError(file, `holds no row with ${names.join(', ')}`);
    return { set: other, about: file };
  }
}

/** The series with these names (a list with commas); all of them for null. */
export function onlySeries(set: SeriesSet, only: string | null): SeriesSet {
  if (only === null) return set;
  const there = set.tables.map(({ name }) => name);
  if (there[0] === null)
    throw new OptionError(
      'forecast',
      '--only',
      'is for runs of several series (train forecast --series), and this one has one',
    );
  const names = there.includes(only) ? [only] : only.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !there.includes(name));
  if (unknown !== undefined) {
    const some = `${there.slice(0, 8).join(', ')}${there.length > 8 ? ', …' : ''}`;
    throw new OptionError('forecast', '--only', `there is no series ${unknown}; there are ${some}`);
  }
  return { ...set, tables: set.tables.filter(({ name }) => names.includes(name as string)) };
}
