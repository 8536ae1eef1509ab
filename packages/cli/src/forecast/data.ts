// The series that a run learns from: read, its gaps closed or named, and cut at a moment in time.

import { createHash } from 'node:crypto';
import { fillGaps, FormatError, madeData, type RowRange, type Series, seriesLength } from 'unrolled';
import { nothingNamed, runName } from '../examples/read.ts';
import { grouped } from '../terminal/index.ts';
import { describeGaps } from './cells.ts';
import { forecastDemos } from './options.ts';
import { readSeries, type SeriesTable, type TableSource } from './read.ts';

/** Kept in config.json, so that a run's series can be read again. */
export interface ForecastSource extends TableSource {
  readonly paths: readonly string[];
  readonly demo: string | null;
  readonly missing: string;
  readonly validation: string | null;
  readonly valFrac: number;
}

export interface ForecastData {
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  /** With --missing skip there may be NaN in it. */
  readonly table: SeriesTable;
  readonly train: RowRange;
  readonly validation: RowRange;
  readonly warnings: readonly string[];
}

const demoRows = 2400; // a hundred days of hours

/** The same source gives the same parts. */
export async function readForecast(source: ForecastSource): Promise<ForecastData> {
  const { table: all, about } = await readAll(source);
  const { table, warnings } = close(all, source.missing, about);
  const T = seriesLength(table.series);
  const border =
    source.validation === null
      ? T - Math.round(T * source.valFrac)
      : seriesLength((await readSeries(source.paths, source)).series);
  const [train, validation] = [
    { from: 0, to: border },
    { from: border, to: T },
  ];
  return {
    name: source.demo ?? runName(source.paths, 'forecast'),
    source: about,
    sha256: fingerprint(table, border),
    table,
    train,
    validation,
    warnings: [...all.warnings, ...warnings],
  };
}

/** All rows, those of the validation behind the others, with their gaps. */
export async function readAll(
  source: ForecastSource,
): Promise<{ readonly table: SeriesTable; readonly about: string }> {
  const { paths, demo, validation } = source;
  if (demo) return { table: madeTable(), about: madeData.sines.about };
  if (paths.length === 0) throw nothingNamed('forecast', 'a table with numbers', forecastDemos);
  const table = await readSeries([...paths, ...(validation === null ? [] : [validation])], source);
  return { table, about: paths.join(', ') };
}

/** Does with the gaps what was asked for; 'leave' leaves them to whoever reads the rows. */
export function close(
  table: SeriesTable,
  missing: string,
  source: string,
): { readonly table: SeriesTable; readonly warnings: string[] } {
  const { gaps } = table;
  if (gaps.length === 0 || missing === 'leave') return { table, warnings: [] };
  const holes = gaps.length === 1 ? '1 cell holds no number' : `${grouped(gaps.length)} cells hold no number`;
  if (missing === 'stop') {
    throw new FormatError(
      source,
      `${holes}: ${describeGaps(gaps)}; go on with --missing fill (straight lines) or --missing skip (without the windows that have one)`,
    );
  }
  if (missing === 'skip') return { table, warnings: [`${holes}: ${describeGaps(gaps)}`] };
  const series = fillGaps(table.series).series;
  const known = table.known && fillGaps(table.known).series;
  return {
    table: { ...table, series, known, gaps: [] },
    warnings: [`${holes}, filled in by straight lines: ${describeGaps(gaps)}`],
  };
}

function madeTable(): SeriesTable {
  return {
    series: madeData.sines.make(demoRows, 7),
    known: null,
    ahead: 0,
    time: null,
    gaps: [],
    place: (t) => `row ${t + 1}`,
    warnings: [],
  };
}

/** What is known, as long as the series: without the rows still to come. */
export function knownBeside({ series, known }: SeriesTable): Series | null {
  return known && { ...known, values: known.values.subarray(0, seriesLength(series) * known.names.length) };
}

function fingerprint({ series, known }: SeriesTable, border: number): string {
  const hash = createHash('sha256').update(JSON.stringify([series.names, known?.names ?? null, border]));
  for (const { values } of known ? [series, known] : [series]) hash.update(Float64Array.from(values));
  return hash.digest('hex');
}
