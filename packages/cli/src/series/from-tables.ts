// Number sequences from tables. A long table has a step in a row, and a column that says which sequence it is of; a wide one a sequence in a row, its numbers
// side by side or as lists.
//
//   long   id  t   x    y   label        wide   label  1    2    3          lists   {"label": "up", "x": [0.1, 0.4], "y": [1, 2]}
//          a   0  0.1  1.0  up                  up    0.1  0.4  0.9
//          a   1  0.4  2.0  up                  down  0.7  0.3

import { FormatError } from 'unrolled';
import { parseDecimal } from 'unrolled/data';
import { shellWord } from '../shell.ts';
import {
  type BadRows,
  chooseColumns,
  type Decimal,
  describeGaps,
  isBrokenList,
  listIn,
  namesIn,
  NumberColumn,
  type Row,
  Skipped,
  Table,
  usualNames,
  tidyLabel,
} from '../readers/index.ts';
import { grouped as counted } from '../terminal/index.ts';
import {
  labelNames,
  type NumberColumns,
  type NumberExample,
  type NumberReading,
  type NumberSet,
  seriesNames,
  timeNames,
} from './source.ts';
import { t } from '../language/index.ts';

/** A table's rows as texts. */
interface Cells {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly skipped: Skipped;
  of(column: string, row: Row): string;
}

/** The sequences of tables: one a file where `apart` says so. */
export async function fromTables(paths: readonly string[], reading: NumberReading, apart: boolean): Promise<NumberSet> {
  const table = await readCells(paths, reading);
  const columns = chooseNames(table, reading, apart);
  const spare = table.columns.filter((name) => !Object.values(columns).includes(name));
  const named = featuresOf(table, reading, spare);
  const [first] = table.rows;
  if (first && (named ?? spare).some((name) => isList(table.of(name, first))))
    return fromLists(table, reading, columns, named ?? spare);
  const members = membersOf(table, columns, reading, apart || (reading.known !== null && named !== null));
  if (members === null) return fromWide(table, reading, columns, named ?? spare);
  return fromLong(table, reading, columns, { named, spare, ...members });
}

async function readCells(paths: readonly string[], { source }: NumberReading): Promise<Cells> {
  const table = await Table.open(paths, source);
  const skipped = new Skipped(source.badRows as BadRows);
  const rows: Row[] = [];
  for await (const chunk of table.read(table.columns, skipped)) for (const row of chunk) rows.push(row);
  const name = paths.join(', ');
  if (rows.length === 0) {
    skipped.report(name, skipped.count);
    throw new FormatError(name, 'holds no rows');
  }
  const places = new Map(table.columns.map((column, n) => [column, n]));
  const of = (column: string, row: Row) => row.cells[places.get(column) as number]?.trim() ?? '';
  return { name, columns: table.columns, rows, skipped, of };
}

function chooseNames({ columns, name }: Cells, reading: NumberReading, apart: boolean): NumberColumns {
  const { source, labeled, known, per } = reading;
  const [other, labels] = [known !== null, per === 'step' ? ['tags', 'labels', 'tag', ...labelNames] : labelNames];
  const taken = known ?? (typeof source.features === 'string' ? namesIn(source.features, columns) : []);
  const wish = (flag: string, given: string | null, guesses: readonly string[]) => ({
    flag,
    given: other ? null : given,
    guesses: usualNames(other && given !== null ? [given, ...guesses] : guesses).filter(
      (guess) => !taken.includes(guess),
    ),
    optional: true,
  });
  const chosen = chooseColumns(
    {
      label: wish(per === 'step' ? '--tags' : '--label', source.label, labels),
      series: wish('--series', source.series, apart ? [] : seriesNames),
      time: wish('--time', source.time, timeNames),
      group: wish('--group', source.group, []),
    },
    columns,
    name,
  );
  if (labeled && chosen.label === null)
    throw new FormatError(
      name,
      `which column has the labels? There are ${columns.slice(0, 30).join(', ')}; name it: --${per === 'step' ? 'tags' : 'label'} ${shellWord(columns.at(-1) ?? '')}`,
    );
  return chosen;
}

/** The features that were named, or are the model's; null for all columns of numbers. */
function featuresOf({ columns, name }: Cells, { source, known }: NumberReading, spare: readonly string[]) {
  const asked = known ?? source.features;
  if (asked === null) return null;
  const names = typeof asked === 'string' ? namesIn(asked, columns) : asked;
  if (known !== null && names.some((one) => !columns.includes(one))) {
    if (names.every((one, n) => one === String(n + 1))) return null; // the model's were numbered, in an array or a table without names
    if (spare.length > 0 && names.length === 1 && spare.length !== 1) return null; // a wide table
  }
  const wishes = Object.fromEntries(names.map((given) => [` ${given}`, { flag: '--features', given, guesses: [] }]));
  return Object.values(chooseColumns(wishes, columns, name)) as string[];
}

/** What makes rows a sequence, and the row numbers of each. */
interface Members {
  readonly by: 'series' | 'group' | 'file';
  readonly members: ReadonlyMap<string, number[]>;
}

/** The rows of each sequence; null where every row is one. */
function membersOf(
  table: Cells,
  { series, group }: NumberColumns,
  { per }: NumberReading,
  apart: boolean,
): Members | null {
  const grouped = (by: Members['by'], key: (row: Row) => string): Members => {
    const found = new Map<string, number[]>();
    for (const [n, row] of table.rows.entries()) {
      const members = found.get(key(row));
      if (members) members.push(n);
      else found.set(key(row), [n]);
    }
    return { by, members: found };
  };
  if (series !== null) return grouped('series', (row) => table.of(series, row));
  if (group !== null && (!apart || hasSeveral(table, group))) return grouped('group', (row) => table.of(group, row));
  return apart || per === 'step' ? grouped('file', ({ file }) => file) : null;
}

/** Whether a column changes within a file: of files with a sequence each, it says who or where they are of. */
function hasSeveral(table: Cells, column: string): boolean {
  const seen = new Map<string, string>();
  return table.rows.some((row) => {
    const before = seen.get(row.file);
    seen.set(row.file, table.of(column, row));
    return before !== undefined && before !== table.of(column, row);
  });
}

interface Long extends Members {
  readonly named: readonly string[] | null;
  readonly spare: readonly string[];
}

function fromLong(table: Cells, reading: NumberReading, columns: NumberColumns, { named, spare, by, members }: Long) {
  const { per, source } = reading;
  const ordered = [...members].map(([name, rows]) => ({ name, rows: inOrder(table, columns.time, rows, name) }));
  const order = ordered.flatMap(({ rows }) => rows);
  const { features, notices } = numberColumns(table, named ?? spare, named !== null, source.decimal, order);
  const F = features.length;
  const splitBy = by === 'group' ? null : columns.group;
  let at = 0;
  const examples = ordered.map(({ name, rows }): NumberExample => {
    const values = new Float64Array(rows.length * F);
    for (const [t] of rows.entries()) for (let c = 0; c < F; c++) values[t * F + c] = features[c].values[at + t];
    at += rows.length;
    const { file, row } = table.rows[rows[0]];
    const labels = labelsOf(table, columns.label, rows, { name, per });
    const group = splitBy === null ? null : table.of(splitBy, table.rows[rows[0]]);
    return { file, row, name, values, labels, group };
  });
  const names = reading.known ?? features.map(({ name }) => name);
  requireFeatures(table, reading, F);
  return { ...setOf(table, columns, names, examples), notices };
}

/** The rows of a sequence in order of the column of times; as they stand, where it has other things than numbers and dates. */
function inOrder(table: Cells, time: string | null, rows: readonly number[], name: string): readonly number[] {
  if (time === null) return rows;
  const when = new Map(rows.map((n) => [n, timeOf(table.of(time, table.rows[n]))]));
  const odd = rows.find((n) => Number.isNaN(when.get(n)));
  if (odd !== undefined) {
    const { file, row } = table.rows[odd];
    throw new FormatError(
      `${file}, row ${row}`,
      `${JSON.stringify(table.of(time, table.rows[odd]))} in the column ${time} of ${name} is no number and no date; name another with --time`,
    );
  }
  return rows.toSorted((a, b) => (when.get(a) as number) - (when.get(b) as number));
}

function timeOf(cell: string): number {
  const number = parseDecimal(cell);
  return Number.isNaN(number) ? Date.parse(cell) : number;
}

/** Columns of numbers, in the order of these rows. */
function numberColumns(
  table: Cells,
  names: readonly string[],
  given: boolean,
  decimal: string | null,
  order: readonly number[],
): { features: readonly NumberColumn[]; notices: string[] } {
  const all = names.map((name) => {
    const column = new NumberColumn(name);
    for (const n of order) column.add(table.of(name, table.rows[n]), table.rows[n].file, table.rows[n].row);
    return column;
  });
  const sign = (decimal as Decimal | null) ?? all.map((column) => column.decimal).find((d) => d === 'comma') ?? null;
  if (sign) for (const column of all) column.hint(sign);
  const features = given ? all : all.filter((column) => column.isNumeric);
  const empty = features.find(({ count }) => count === 0);
  if (given && empty)
    throw new FormatError(table.name, `column ${empty.name} holds no number; its first cell is ${empty.gaps[0].what}`);
  for (const column of features) column.check();
  const texts = all.filter((column) => !features.includes(column)).map(({ name }) => name);
  const odd = features.flatMap(({ gaps }) => gaps.filter(({ what }) => what.startsWith('"')));
  return {
    features,
    notices: [
      ...(texts.length > 0 ? [t`left out, since they do not hold numbers: ${texts.slice(0, 20).join(', ')}`] : []),
      ...(odd.length > 0
        ? [t`${counted(odd.length)} cells are no numbers and count as missing: ${describeGaps(odd)}`]
        : []),
    ],
  };
}

/** One feature, whose steps are the columns. Cells at the end without a number say that the sequence is shorter. */
function fromWide(table: Cells, reading: NumberReading, columns: NumberColumns, names: readonly string[]): NumberSet {
  const order = table.rows.map((_, n) => n);
  const { features, notices } = numberColumns(table, names, false, reading.source.decimal, order);
  requireFeatures(table, reading, features.length === 0 ? 0 : 1);
  const examples = table.rows.map((row, n): NumberExample => {
    const values = Float64Array.from(features, (column) => column.values[n]);
    let end = values.length;
    while (end > 0 && !Number.isFinite(values[end - 1])) end--;
    const labels = labelsOf(table, columns.label, [n], { name: `row ${row.row}`, per: reading.per });
    return exampleOf(table, columns, row, values.subarray(0, end), labels);
  });
  return { ...setOf(table, columns, reading.known ?? ['value'], examples), notices };
}

function fromLists(table: Cells, reading: NumberReading, columns: NumberColumns, names: readonly string[]): NumberSet {
  const [first] = table.rows;
  const lists = names.filter((name) => isList(table.of(name, first)));
  const { skipped } = table;
  let width = 0; // features of the first sequence that could be read
  const examples = table.rows.flatMap((row): NumberExample[] => {
    const rows = listed(lists.map((name) => table.of(name, row)));
    if (typeof rows === 'string') return skipped.add(row, rows) ?? [];
    width ||= rows[0].length;
    if (rows.some((step) => step.length !== width))
      return skipped.add(row, `with steps of another number of features than ${width}`) ?? [];
    const labels = listLabels(table, columns.label, row, reading, rows.length);
    if (typeof labels === 'string') return skipped.add(row, labels) ?? [];
    return [exampleOf(table, columns, row, Float64Array.from(rows.flat()), labels)];
  });
  requireFeatures(table, reading, width);
  const own = lists.length === width ? lists : Array.from({ length: width }, (_, c) => String(c + 1));
  return setOf(table, columns, reading.known ?? own, examples);
}

const isList = (cell: string): boolean => /^\s*[[(]/.test(cell);

/** [T][F] of the cells of one sequence: a list for each feature, or one with a list for each step; or what is wrong with them. */
function listed(cells: readonly string[]): number[][] | string {
  const parsed = cells.map((cell) => (isBrokenList(cell) ? null : numbersIn(cell)));
  if (parsed.some((list) => list === null)) return 'with a list that cannot be read';
  const lists = parsed as (number | number[])[][];
  if (lists.some((list) => list.length === 0)) return 'without a step';
  if (lists.some((list) => list.length !== lists[0].length)) return 'with features of different lengths';
  return Array.from(lists[0], (_, t) => lists.flatMap((list) => list[t]));
}

/** Numbers, or lists of them; NaN for null. */
function numbersIn(cell: string): (number | number[])[] | null {
  const number = (text: string) => (/^(null|nan|none|)$/i.test(text.trim()) ? Number.NaN : Number(text));
  const parts = listIn(cell.replaceAll(/\bNaN\b/g, 'null'));
  if (parts === null) return null;
  const lists = parts.map((part) => (isList(part) ? listIn(part)?.map(number) : number(part)));
  const isBad = (text: string, value: number) => Number.isNaN(value) && !/^(null|nan|none|)$/i.test(text.trim());
  if (lists.some((one, n) => one === undefined || (typeof one === 'number' && isBad(parts[n], one)))) return null;
  return lists as (number | number[])[];
}

function listLabels(table: Cells, label: string | null, row: Row, { per }: NumberReading, steps: number) {
  if (label === null) return [];
  const cell = table.of(label, row);
  if (per === 'sequence') return [cell === '' ? null : tidyLabel(cell)];
  const labels = listIn(cell) ?? cell.split(/\s+/);
  if (labels.length !== steps) return 'with steps and labels of different lengths';
  return labels.map(stepLabel);
}

const stepLabel = (cell: string): string | null => (/^(_|-100|)$/.test(cell.trim()) ? null : tidyLabel(cell));

/** The label of a sequence's rows, or that of each. */
function labelsOf(
  table: Cells,
  label: string | null,
  rows: readonly number[],
  { name, per }: { readonly name: string; readonly per: string },
): readonly (string | null)[] {
  if (label === null) return [];
  const labels = rows.map((n) => stepLabel(table.of(label, table.rows[n])));
  if (per === 'step') return labels;
  const known = [...new Set(labels.filter((one) => one !== null))];
  if (known.length <= 1) return [known[0] ?? null];
  const { file, row } = table.rows[rows[labels.indexOf(known[1])]];
  throw new FormatError(
    `${file}, row ${row}`,
    `${name} is labeled ${JSON.stringify(known[0])} and ${JSON.stringify(known[1])}; a sequence has one label (a label for every step is learned by train tag), and --series names the column that says which rows are a sequence`,
  );
}

function exampleOf(
  table: Cells,
  { group }: NumberColumns,
  row: Row,
  values: Float64Array,
  labels: readonly (string | null)[],
): NumberExample {
  const { file, row: number } = row;
  return { file, row: number, name: `row ${number}`, values, labels, group: group && table.of(group, row) };
}

function setOf(table: Cells, columns: NumberColumns, features: readonly string[], examples: readonly NumberExample[]) {
  return { source: table.name, features, examples, skipped: table.skipped, notices: [], columns };
}

function requireFeatures({ name, columns }: Cells, { known }: NumberReading, F: number): void {
  if (F === 0)
    throw new FormatError(name, `no column holds numbers; there are ${columns.join(', ')}; name them with --features`);
  if (known !== null && known.length !== F)
    throw new FormatError(name, `has ${F} features, and the model reads ${known.length}: ${known.join(', ')}`);
}
