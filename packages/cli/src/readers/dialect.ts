// Detects the dialect of a text table: its delimiter, whether quotes are quotes, and its column names. Many lines decide: the
// dialect that fits all of them, and where several do, the delimiter that is the rarest in text. `Datum;Temperatur, °C` over `1.1.2020;3,5` has
// two columns between commas in every line, and two between semicolons.

import { FormatError } from 'unrolled';
import { type Layout, recordsIn, type TextRecord } from './records.ts';

export interface Dialect extends Layout {
  readonly width: number;
  readonly names: readonly string[];
  /** Records before the first row: the header, and Excel's `sep=;`. */
  readonly before: number;
}

const delimiters = ['\t', ';', '|', ','] as const; // the rarest in text first
const looked = 1000; // records to examine

/** `header: false` numbers the columns from 1. `lineEnd` of the whole file, of which `head` is the beginning; `whole` where it is all of it. */
export function dialectOf(
  head: string,
  source: string,
  { header, lineEnd, whole = true }: { header: boolean; lineEnd: '\n' | '\r'; whole?: boolean },
): Dialect {
  if (!whole && !head.includes(lineEnd))
    throw new FormatError(
      source,
      `its first line has more than ${head.length} characters, and is no header of a table`,
    );
  const declared = /^sep=(.)\r?(?:\n|\r|$)/.exec(head)?.[1] ?? null;
  const text = declared === null ? head : head.slice(head.indexOf(lineEnd) + 1);
  const tabs = /\.(tsv|tab)(\.gz|\.zst)?$/i.test(source);
  const tries = declared !== null ? [declared] : tabs ? ['\t'] : delimiters;
  const readings = tries.flatMap((delimiter) => readingsOf(text, { delimiter, lineEnd }, whole));
  const best = readings.reduce((a, b) => (isBetter(b, a) ? b : a));
  const first = best.first;
  if (first.every((name) => name.trim() === '')) throw new FormatError(source, 'its first line is empty');
  const names = header ? first.map((name) => name.trim()) : first.map((_, i) => String(i + 1));
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new FormatError(
      source,
      `two columns are called ${JSON.stringify(twice)}; if the first line is data and no header, add --no-header`,
    );
  return {
    delimiter: first.length === 1 ? '' : best.delimiter,
    quote: best.quote,
    lineEnd,
    width: first.length,
    names: numbered(names),
    before: (header ? 1 : 0) + (declared === null ? 0 : 1),
  };
}

/** Names columns without a name by their number, unless another has that name. */
function numbered(names: readonly string[]): string[] {
  return names.map((name, i) => {
    if (name !== '') return name;
    let other = String(i + 1);
    while (names.includes(other)) other += '_';
    return other;
  });
}

interface Reading {
  readonly delimiter: string;
  readonly quote: string;
  readonly first: readonly string[];
  /** How many of the records below the first have the same number of cells. */
  readonly fitting: number;
  readonly records: number;
}

function readingsOf(
  text: string,
  { delimiter, lineEnd }: Pick<Layout, 'delimiter' | 'lineEnd'>,
  whole: boolean,
): Reading[] {
  const read = (quote: string): Reading => {
    const layout = { delimiter, quote, lineEnd, width: null };
    const records = recordsIn(text, layout).slice(0, looked + 1);
    if (!whole && records.length > 1 && records.length <= looked) records.pop(); // it may be cut off
    const [first, ...rows] = records;
    const cells = cellsOf(first) ?? [''];
    const fitting = rows.filter((row) => cellsOf(row)?.length === cells.length).length;
    return { delimiter, quote, first: cells, fitting, records: rows.length };
  };
  if (delimiter !== '\t') return [read('"')];
  const [plain, quoted] = [read(''), read('"')];
  // Between tabs a quote is mostly a quote. It holds a cell together where only so the lines fit, or where every quote is written as for that.
  const needed = plain.fitting < plain.records && quoted.fitting === quoted.records && quoted.records > 0;
  return needed || (quoted.fitting === quoted.records && isQuoted(text, lineEnd)) ? [quoted] : [plain];
}

/** Whether quotes between tabs are those of a CSV writer: every cell that begins with one ends with one, quotes within are doubled, and some are. */
function isQuoted(text: string, lineEnd: string): boolean {
  const cells = text.split(lineEnd).flatMap((line) => line.replace(/\r+$/, '').split('\t'));
  const quoted = cells.filter((cell) => cell.startsWith('"'));
  return (
    quoted.some((cell) => cell.slice(1, -1).includes('""')) && quoted.every((cell) => /^"(?:[^"]|"")*"$/.test(cell))
  );
}

function cellsOf(record: TextRecord | undefined): readonly string[] | null {
  return record && 'cells' in record ? record.cells : null;
}

/** Delimiters in order of preference: ties go to the earlier. */
function isBetter(a: Reading, b: Reading): boolean {
  const columns = (one: Reading) => Math.min(one.first.length, 2);
  if (columns(a) !== columns(b)) return columns(a) > columns(b) && a.fitting * 2 >= a.records;
  const share = (one: Reading) => (one.records === 0 ? 1 : one.fitting / one.records);
  if (share(a) !== share(b)) return share(a) > share(b);
  return a.records === 0 && a.first.length > b.first.length;
}
