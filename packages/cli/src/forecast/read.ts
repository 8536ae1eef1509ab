// Tables as series: the columns that hold numbers, when each row was, which series it is of, and every place where a number is missing.

import { FormatError, OptionError } from 'unrolled';
import { type CalendarFeature, calendarFeatureNames, calendarFeatures, type Series, seriesLength } from 'unrolled/data';
import { chooseColumns, type Decimal, type Gap, namesIn, NumberColumn, Skipped, Table } from '../readers/index.ts';
import { type Ordered, orderRows, type RawRow } from './order.ts';
import { membersOf, seriesColumn } from './several.ts';
import { parseTimes } from './time-cells.ts';
import { TimeAxis } from './time.ts';
import { t } from '../language/index.ts';

export interface TableSource {
  /** Names with commas between them, or a list of names; null for all columns that hold numbers. */
  readonly columns: string | readonly string[] | null;
  readonly known: string | readonly string[] | null;
  readonly time: string | null;
  readonly where: string | null;
  readonly header: boolean;
  /** The column that says which series a row is of. */
  readonly series?: string | null;
  readonly decimal?: Decimal | null;
  /** Features of the time column, by names with commas between them: see `calendarFeatures`. */
  readonly calendar?: string | null;
  /** Rows behind the last one that such features are wanted for. Default 0. */
  readonly ahead?: number;
}

/** What was found in the table that a run was trained on, for those that it reads later. */
export interface Found {
  readonly time: string | null;
  readonly decimal: Decimal | null;
}

export interface SeriesTable {
  /** What the column of series says; null where the table is one series. */
  readonly name: string | null;
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
}

export interface SeriesSet {
  /** One, or with a column of series one for each. */
  readonly tables: readonly SeriesTable[];
  readonly found: Found;
  readonly warnings: readonly string[];
}

const timeNames = ['date', 'time', 'timestamp', 'datetime', 'date time', 'ds', 'day', 'month', 'datum', 'zeit', 'quarter', 'week', 'period', 'year']; // biome-ignore format: one line

/** Rows of tables with the same columns, one file after the other. */
export async function readSeries(
  paths: readonly string[],
  source: TableSource,
  found: Found = { time: null, decimal: null },
): Promise<SeriesSet> {
  const table = await Table.open(paths, source);
  const name = paths.join(', ');
  const known = pickColumns(source.known, '--known', table.columns, name) ?? [];
  const named = pickColumns(source.columns, '--columns', table.columns, name);
  const both = named?.find((column) => known.includes(column));
  if (both !== undefined)
    throw new FormatError(name, `column ${both} is to be forecast, and known in advance; name it once`);
  const rows: RawRow[] = [];
  for await (const chunk of table.read(table.columns, new Skipped('stop'))) for (const row of chunk) rows.push(row);
  if (rows.length === 0) throw new FormatError(name, 'holds no rows');
  const cellsOf = (column: string) => rows.map(({ cells }) => cells[table.columns.indexOf(column)] ?? '');
  const place = (t: number) => `${rows[t].file}, row ${rows[t].row}`;

  const given = pickColumns(source.series ?? null, '--series', table.columns, name)?.[0] ?? null;
  const free = table.columns.filter((c) => !known.includes(c) && c !== given && !(named ?? []).includes(c));
  const groups = given === null ? null : [...membersOf(cellsOf(given)).values()];
  const axis = timeAxis(source, found, table.columns, free, { cellsOf, place, name, groups });
  const calendar = calendarOf(source, axis);
  const several = seriesColumn({ given, columns: free.filter((c) => c !== axis?.column), cellsOf, axis, name, place });
  const ids = several === null ? null : cellsOf(several);
  const ordered = orderRows(rows, axis, ids);

  const spare = (named ?? table.columns.filter((c) => !known.includes(c))).filter(
    (c) => c !== axis?.column && c !== several,
  );
  const columns = [...spare, ...known].map((column) => {
    const made = new NumberColumn(column);
    const cells = cellsOf(column);
    for (const t of ordered.rows) made.add(cells[t], rows[t].file, rows[t].row);
    return made;
  });
  const decimal = source.decimal ?? columns.map((c) => c.decimal).find((d) => d === 'comma') ?? found.decimal;
  if (decimal) for (const column of columns) column.hint(decimal);
  const candidates = columns.slice(0, spare.length);
  const chosen = named ? candidates : candidates.filter((c) => c.isNumeric);
  const others = columns.slice(spare.length);
  checkNumbers([...(named ? chosen : []), ...others], chosen.length, name, table.columns);
  for (const column of [...chosen, ...others]) column.check();

  const tables = ordered.groups.map((group) =>
    withCalendar(tableOf(group, chosen, others, ordered, rows), calendar, source.ahead ?? 0),
  );
  const steps = tables.flatMap(({ time, place: at }) => time?.warnings(at) ?? []);
  const more = steps.length > 3 ? [t`and so in ${steps.length - 3} more series`] : [];
  return {
    tables,
    found: { time: axis?.column ?? null, decimal: decimal ?? null },
    warnings: [...leftOut(candidates, chosen), ...ordered.warnings, ...steps.slice(0, 3), ...more],
  };
}

function tableOf(
  { name, from, to, time }: Ordered['groups'][number],
  chosen: readonly NumberColumn[],
  others: readonly NumberColumn[],
  { rows: order }: Ordered,
  rows: readonly RawRow[],
): SeriesTable {
  let end = to;
  if (others.length > 0) while (end > from && chosen.every((c) => c.isEmpty(end - 1))) end--;
  const own = (c: NumberColumn, last: number) =>
    c.gaps.filter(({ at }) => at >= from && at < last).map((gap) => ({ ...gap, at: gap.at - from }));
  const gaps = [...chosen.map((c) => own(c, end)), ...others.map((c) => own(c, to))];
  return {
    name,
    series: seriesOf(chosen, from, end),
    known: others.length > 0 ? seriesOf(others, from, to) : null,
    ahead: to - end,
    time,
    gaps: gaps.flat().sort((a, b) => a.at - b.at),
    place: (t) => `${rows[order[from + t]].file}, row ${rows[order[from + t]].row}`,
  };
}

/** The features that were asked for by name. Throws where there is no column of times to have them. */
function calendarOf({ calendar = null }: TableSource, axis: TimeAxis | null): CalendarFeature[] {
  if (calendar === null) return [];
  const names = calendar.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(calendarFeatureNames as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new OptionError(
      'train forecast',
      '--calendar',
      `there is no feature ${unknown}; there are ${calendarFeatureNames.join(', ')}`,
    );
  if (!axis?.walls(0))
    throw new OptionError(
      'train forecast',
      '--calendar',
      `needs a column of dates${axis ? `; ${axis.column} has numbers` : '; name it with --time'}`,
    );
  return names as CalendarFeature[];
}

/** With features of its times next to what is known in advance; without such columns for `ahead` rows more than it has. */
function withCalendar(table: SeriesTable, features: readonly CalendarFeature[], ahead: number): SeriesTable {
  if (features.length === 0 || !table.time) return table;
  const rows = table.known ? seriesLength(table.known) : seriesLength(table.series) + ahead;
  const calendar = calendarFeatures(table.time.walls(rows) as Float64Array, features);
  return { ...table, known: table.known ? beside(table.known, calendar) : calendar };
}

/** The columns of both, row by row. */
function beside(a: Series, b: Series): Series {
  const [A, B] = [a.names.length, b.names.length];
  const rows = seriesLength(a);
  const values = new Float64Array(rows * (A + B));
  for (let t = 0; t < rows; t++) {
    values.set(a.values.subarray(t * A, (t + 1) * A), t * (A + B));
    values.set(b.values.subarray(t * B, (t + 1) * B), t * (A + B) + A);
  }
  return { names: [...a.names, ...b.names], values };
}

function seriesOf(columns: readonly NumberColumn[], from: number, to: number): Series {
  const C = columns.length;
  const values = new Float64Array((to - from) * C);
  for (const [c, { values: column }] of columns.entries())
    for (let t = from; t < to; t++) values[(t - from) * C + c] = column[t];
  return { names: columns.map(({ name }) => name), values };
}

interface Cells {
  cellsOf(column: string): string[];
  place(t: number): string;
  readonly name: string;
  /** The rows of each series, where a column says which is which. */
  readonly groups: readonly (readonly number[])[] | null;
}

/** The column that was named, one that is called like a time, or one that holds nothing but dates, in order. */
function timeAxis(
  { time: given }: TableSource,
  found: Found,
  columns: readonly string[],
  free: readonly string[],
  { cellsOf, place, name, groups }: Cells,
): TimeAxis | null {
  const guesses = [...(found.time ? [found.time.toLowerCase()] : []), ...timeNames];
  const wish = { flag: '--time', given, guesses, optional: true };
  const column = chooseColumns({ time: wish }, given === null ? free : columns, name).time;
  if (column !== null && given !== null) return TimeAxis.read(column, cellsOf(column), place);
  const axis = column === null ? null : TimeAxis.guess(column, cellsOf(column), place, groups);
  if (axis !== null) return axis;
  for (const other of free) {
    const cells = cellsOf(other);
    const format = parseTimes(cells)?.format.name ?? 'number';
    if (format === 'number' || cells.every((cell) => /^\d*$/.test(cell.trim()))) continue;
    const guess = TimeAxis.guess(other, cells, place, groups);
    if (guess?.isOrder || groups !== null) return guess;
  }
  return null;
}

/** The columns of a list with commas; names that have a comma themselves are taken whole. */
function pickColumns(
  list: string | readonly string[] | null,
  flag: string,
  columns: readonly string[],
  source: string,
): string[] | null {
  if (list === null) return null;
  const names = typeof list === 'string' ? namesIn(list, columns) : list;
  const wishes = Object.fromEntries(names.map((given) => [` ${given}`, { flag, given, guesses: [] }]));
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
  return texts.length === 0 ? [] : [t`left out, since they do not hold numbers: ${texts.join(', ')}`];
}
