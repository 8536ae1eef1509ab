// Tables as series: the columns that hold numbers, when each row was, and every place where a number is missing.

import { FormatError, type Series } from 'unrolled';
import { chooseColumns, Skipped, Table } from '../readers/index.ts';
import { type Gap, NumberColumn } from './cells.ts';
import { TimeAxis } from './time.ts';

export interface TableSource {
  /** Names with commas between them; null for all columns that hold numbers. */
  readonly columns: string | null;
  readonly known: string | null;
  readonly time: string | null;
  readonly where: string | null;
  readonly header: boolean;
}

export interface SeriesTable {
  /** NaN where there is no number. */
  readonly series: Series;
  /** Columns known in advance; `ahead` rows longer than the series. */
  readonly known: Series | null;
  /** Rows at the end that say only what is known in advance: those still to come. */
  readonly ahead: number;
  readonly time: TimeAxis | null;
  readonly gaps: readonly Gap[];
  /** Where row t of the series was read: `load.csv, row 12`. */
  place(t: number): string;
  readonly warnings: readonly string[];
}

const timeNames = ['date', 'time', 'timestamp', 'datetime', 'date time', 'ds', 'day', 'month'];

/** Rows of tables with the same columns, one file after the other. */
export async function readSeries(paths: readonly string[], source: TableSource): Promise<SeriesTable> {
  const table = await Table.open(paths, source);
  const name = paths.join(', ');
  const time = timeColumn(source, table.columns, name);
  const known = pickColumns(source.known, '--known', table.columns, name) ?? [];
  const named = pickColumns(source.columns, '--columns', table.columns, name);
  const both = named?.find((column) => known.includes(column));
  if (both !== undefined)
    throw new FormatError(name, `column ${both} is to be foretold, and known in advance; name it once`);
  const candidates = named ?? table.columns.filter((c) => !known.includes(c) && c !== source.time);
  const columns = [...candidates, ...known].map((column) => new NumberColumn(column));
  const [times, files, rows]: [string[], string[], number[]] = [[], [], []];
  const asked = [...columns.map((c) => c.name), ...(time === null ? [] : [time])];
  for await (const chunk of table.read(asked, new Skipped('stop'))) {
    for (const { file, row, cells } of chunk) {
      for (const [k, column] of columns.entries()) column.add(cells[k], file, row);
      if (time !== null) times.push(cells[columns.length] ?? '');
      files.push(file);
      rows.push(row);
    }
  }
  const place = (t: number) => `${files[t]}, row ${rows[t]}`;
  if (rows.length === 0) throw new FormatError(name, 'holds no rows');
  const axis =
    time === null ? null : source.time === null ? TimeAxis.guess(time, times) : TimeAxis.read(time, times, place);
  axis?.checkOrder(place);
  const spare = columns.slice(0, candidates.length).filter((c) => c.name !== axis?.column);
  const chosen = named ? spare : spare.filter((c) => c.isNumeric);
  const others = columns.slice(candidates.length);
  checkNumbers([...(named ? chosen : []), ...others], chosen.length, name, table.columns);
  return finish(chosen, others, axis, place, [...leftOut(spare, chosen), ...(axis?.warnings(place) ?? [])]);
}

function finish(
  chosen: readonly NumberColumn[],
  others: readonly NumberColumn[],
  time: TimeAxis | null,
  place: (t: number) => string,
  warnings: readonly string[],
): SeriesTable {
  const all = chosen[0].values.length;
  let T = all;
  if (others.length > 0) while (T > 0 && chosen.every((c) => Number.isNaN(c.values[T - 1]))) T--;
  const cut = chosen.map((c) => c.gaps.slice(0, c.gaps.length - (all - T)));
  const gaps = [...cut, ...others.map((c) => c.gaps)].flat().sort((a, b) => a.at - b.at);
  return {
    series: seriesOf(chosen, T),
    known: others.length > 0 ? seriesOf(others, all) : null,
    ahead: all - T,
    time,
    gaps,
    place,
    warnings,
  };
}

function seriesOf(columns: readonly NumberColumn[], T: number): Series {
  const values = new Float64Array(T * columns.length);
  for (const [c, { values: column }] of columns.entries())
    for (let t = 0; t < T; t++) values[t * columns.length + c] = column[t];
  return { names: columns.map(({ name }) => name), values };
}

function timeColumn({ time }: TableSource, columns: readonly string[], source: string): string | null {
  const wish = { flag: '--time', given: time, guesses: timeNames, optional: true };
  return chooseColumns({ time: wish }, columns, source).time;
}

/** The columns of a list with commas; a name that has a comma itself is taken whole. */
function pickColumns(list: string | null, flag: string, columns: readonly string[], source: string): string[] | null {
  if (list === null) return null;
  const names = columns.includes(list) ? [list] : list.split(',').map((name) => name.trim());
  const wishes = Object.fromEntries(names.map((given) => [given, { flag, given, guesses: [] }]));
  return Object.values(chooseColumns(wishes, columns, source)) as string[];
}

function checkNumbers(
  named: readonly NumberColumn[],
  chosen: number,
  source: string,
  columns: readonly string[],
): void {
  const empty = named.find(({ count }) => count === 0);
  if (empty)
    throw new FormatError(source, `column ${empty.name} holds no number; its first cell is ${empty.gaps[0].what}`);
  if (chosen === 0)
    throw new FormatError(source, `no column holds numbers; there are ${columns.join(', ')}; name them with --columns`);
}

function leftOut(columns: readonly NumberColumn[], chosen: readonly NumberColumn[]): string[] {
  const texts = columns.filter((column) => !chosen.includes(column)).map(({ name }) => name);
  return texts.length === 0 ? [] : [`left out, since they do not hold numbers: ${texts.join(', ')}`];
}
