// A saved forecaster and the tables that it is asked about: those it was trained on, and others with its columns.

import { FormatError, OptionError } from 'unrolled';
import { type CalendarFeature, calendarColumns } from 'unrolled/data';
import { timeSeriesForecasting, type TimeSeriesForecastingPipeline } from 'unrolled/pipelines';
import type { SavedRun } from '../runs/kind.ts';
import { requireSameData } from '../runs/own-data.ts';
import type { ForecastConfig } from './config.ts';
import { close, type ForecastData, type ForecastSource, readAll, readForecast } from './data.ts';
import { type Found, readSeries, type SeriesSet } from './read.ts';

export interface OpenForecaster {
  readonly pipeline: TimeSeriesForecastingPipeline;
  readonly config: ForecastConfig;
  /** Columns that are forecast, and those that are known in advance. */
  readonly names: readonly string[];
  /** Without the features of the calendar, which are in no table. */
  readonly known: readonly string[];
  /** What was found in the training table without being named. */
  readonly found: Found;
}

export async function openForecaster(saved: SavedRun<ForecastConfig>): Promise<OpenForecaster> {
  const pipeline = await saved.open(timeSeriesForecasting);
  const { columns: names } = pipeline.input;
  const { calendar = null } = saved.config.data.read;
  const computed = new Set(calendar === null ? [] : calendarColumns(calendar.split(',').map((name) => name.trim()) as CalendarFeature[])); // biome-ignore format: one line
  const known = pipeline.input.known.filter((name) => !computed.has(name));
  const { found = { time: null, decimal: null } } = saved.readJSON('columns') as { readonly found?: Found };
  return { pipeline, config: saved.config, names, known, found };
}

/** The data that it was trained on, as they are now. */
export async function readOwn({ names, known, config, found }: OpenForecaster): Promise<ForecastData> {
  const { read } = config.data;
  const columns = read.demo === null ? { columns: names, known: known.length > 0 ? known : null } : {};
  const own = await readForecast({ ...read, ...columns }, found);
  requireSameData(own, config.data);
  return own;
}

/** The training table as it is now, or another one, with the columns of this model. */
export async function readFor(
  { names, known, config, found }: OpenForecaster,
  path: string | null,
  {
    where,
    missing,
    ahead = 0,
  }: { readonly where: string | null; readonly missing: string | null; readonly ahead?: number },
): Promise<{ readonly set: SeriesSet; readonly about: string; readonly warnings: readonly string[] }> {
  const read = { ...config.data.read, columns: names, known: known.length > 0 ? known : null, ahead };
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
