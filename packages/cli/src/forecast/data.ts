// The series that a run learns from: read, its gaps named or filled, and cut at a moment in time.

import { createHash } from 'node:crypto';
import { FormatError } from 'unrolled';
import { interpolateGaps, syntheticData, type RowRange, type Series, seriesLength } from 'unrolled/data';
import { nothingNamed, runName } from '../examples/read.ts';
import { grouped } from '../terminal/index.ts';
import { describeGaps } from '../readers/index.ts';
import { forecastDemos } from './options.ts';
import { type Found, readSeries, type SeriesSet, type SeriesTable, type TableSource } from './read.ts';
import { t } from '../language/index.ts';

/** Kept in config.json, so that a run's series can be read again. */
export interface ForecastSource extends TableSource {
  readonly paths: readonly string[];
  readonly demo: string | null;
  readonly missing: string;
  readonly validation: string | null;
  readonly valFrac: number;
}

/** A series with its two parts. */
export interface Part {
  readonly table: SeriesTable;
  readonly train: RowRange;
  readonly validation: RowRange;
}

export interface ForecastData {
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  /** One, or one for each of several series. There may be NaN in them where gaps are skipped or filled. */
  readonly parts: readonly Part[];
  readonly names: readonly string[];
  readonly known: readonly string[];
  readonly missing: Missing;
  readonly found: Found;
  readonly warnings: readonly string[];
}

/** What windows do about a gap. */
export type Missing = 'refuse' | 'skip' | 'fill';

const demoRows = 2400; // a hundred days of hours

/** The same source gives the same parts. */
export async function readForecast(source: ForecastSource, before?: Found): Promise<ForecastData> {
  const { set: all, about } = await readAll(source, before);
  const { set, warnings } = close(all, source.missing, about);
  const borders = source.validation === null ? null : await lengths(source, before);
  const parts = set.tables.map((table): Part => {
    const T = seriesLength(table.series);
    const border = borders ? (borders.get(table.name) ?? 0) : T - Math.round(T * source.valFrac);
    return { table, train: { from: 0, to: border }, validation: { from: border, to: T } };
  });
  const [{ series, known }] = set.tables;
  return {
    name: source.demo ?? runName(source.paths, 'forecast'),
    source: about,
    sha256: fingerprint(parts, source.missing === 'fill'),
    parts,
    names: series.names,
    known: known?.names ?? [],
    missing: missingOf(source.missing),
    found: set.found,
    warnings: [...all.warnings, ...warnings],
  };
}

export function missingOf(missing: string): Missing {
  return missing === 'skip' || missing === 'fill' ? missing : 'refuse';
}

/** All rows, those of the validation behind the others, with their gaps. */
export async function readAll(
  source: ForecastSource,
  found?: Found,
): Promise<{ readonly set: SeriesSet; readonly about: string }> {
  const { paths, demo, validation } = source;
  if (demo) return { set: syntheticTable(), about: syntheticData.sines.about };
  if (paths.length === 0) throw nothingNamed('forecast', 'a table with numbers', forecastDemos);
  const set = await readSeries([...paths, ...(validation === null ? [] : [validation])], source, found);
  return { set, about: paths.join(', ') };
}

/** Rows of each series in the files to learn from alone. */
async function lengths(source: ForecastSource, before?: Found): Promise<ReadonlyMap<string | null, number>> {
  const { tables } = await readSeries(source.paths, source, before);
  return new Map(tables.map(({ name, series }) => [name, seriesLength(series)]));
}

/**
 * Does with the gaps what was asked for. With 'fill' those of columns that are known in advance become straight lines; the others stay, for
 * windows to fill from their past. 'leave' leaves all to whoever reads the rows.
 */
export function close(
  set: SeriesSet,
  missing: string,
  source: string,
): { readonly set: SeriesSet; readonly warnings: string[] } {
  const gaps = set.tables.flatMap((table) => table.gaps);
  if (gaps.length === 0 || missing === 'leave') return { set, warnings: [] };
  const holes = gaps.length === 1 ? t('1 cell holds no number') : t`${grouped(gaps.length)} cells hold no number`;
  if (missing === 'stop') {
    throw new FormatError(
      source,
      `${holes}: ${describeGaps(gaps)}; go on with --missing fill (from the values before) or --missing skip (without the windows that have one)`,
    );
  }
  if (missing === 'skip') return { set, warnings: [`${holes}: ${describeGaps(gaps)}`] };
  const tables = set.tables.map((table) => ({ ...table, known: table.known && interpolateGaps(table.known).series }));
  const how = t('filled in from the values before them where they are read, and not measured');
  return { set: { ...set, tables }, warnings: [`${holes}, ${how}: ${describeGaps(gaps)}`] };
}

function syntheticTable(): SeriesSet {
  const table: SeriesTable = {
    name: null,
    series: syntheticData.sines.make(demoRows, 7),
    known: null,
    ahead: 0,
    time: null,
    gaps: [],
    place: (t) => `row ${t + 1}`,
  };
  return { tables: [table], found: { time: null, decimal: null }, warnings: [] };
}

/** What is known, as long as the series: without the rows still to come. */
export function knownBeside({ series, known }: SeriesTable): Series | null {
  return known && { ...known, values: known.values.subarray(0, seriesLength(series) * known.names.length) };
}

/** `filled`: runs that fill gaps have always been recognized by straight lines across them. */
function fingerprint(parts: readonly Part[], filled: boolean): string {
  const hash = createHash('sha256');
  for (const { table, train } of parts) {
    const { name, series, known } = table;
    const head = [series.names, known?.names ?? null, train.to, ...(name === null ? [] : [name])];
    hash.update(JSON.stringify(head));
    for (const one of known ? [series, known] : [series])
      hash.update(Float64Array.from((filled ? interpolateGaps(one).series : one).values));
  }
  return hash.digest('hex');
}
