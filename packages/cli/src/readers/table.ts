// Tables: CSV, TSV, JSON lines and Parquet, one file or several, gzip too. A cell is the text that stands in the file, in every format.

import type { DuckDBConnection } from '@duckdb/node-api';
import { FormatError } from 'unrolled';
import { type Dialect, dialectOf } from './dialect.ts';
import { asPattern, connectToParquet, duckError, query, sqlName, sqlText, stream } from './duckdb.ts';
import { checkUnchanged, checkWhole, headOf, type InputFile, inputFile } from './files.ts';
import { RowFilter } from './filtered.ts';
import { type Filter, parseFilter } from './filter.ts';
import { expand } from './glob.ts';
import { jsonRow, rowTexts } from './json-rows.ts';
import { readWholeText } from './lines.ts';
import { decodeCell, lineEndOf, piecesOf } from './pieces.ts';
import { RecordReader, type TextRecord } from './records.ts';
import { type Skipped, tooLong } from './skipped.ts';
import type { Row } from './row.ts';

export type { Row } from './row.ts';

export interface TableOptions {
  /** SQL condition for the rows to use. */
  readonly where?: string | null;
  /** Whether the first line of a CSV or TSV has the column names. Otherwise they are 1, 2, 3, … Default true. */
  readonly header?: boolean;
}

type Format = 'csv' | 'lines' | 'json' | 'parquet';

const formats: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  tab: 'csv',
  json: 'json',
  jsonl: 'lines',
  ndjson: 'lines',
  parquet: 'parquet',
};

const rowsPerBatch = 2048; // rows

/** Whether a file of this name is a table; a .txt may be one or not. */
export function isTable(path: string): boolean {
  return /\.(csv|tsv|tab|json|jsonl|ndjson|parquet)(\.gz|\.zst)?$/i.test(path);
}

/**
 *     const table = await Table.open(['reviews.csv'], { where: 'stars <> 3' });
 *     table.columns;                                            // ['id', 'review', 'stars']
 *     for await (const rows of table.read(['review', 'stars'], skipped)) …
 *
 * Invalid rows (ragged, not UTF-8, broken JSON, too long) go to `skipped`, and are counted in the row numbers.
 */
export class Table {
  readonly columns: readonly string[];
  readonly #files: readonly Scan[];
  readonly #filters: readonly (Filter | null)[];

  private constructor(files: readonly Scan[], filters: readonly (Filter | null)[]) {
    this.columns = files[0].columns;
    this.#files = files;
    this.#filters = filters;
  }

  /** Throws for a file that does not exist, is no table or no text, or has other columns than the first; and for an invalid filter. */
  static async open(paths: readonly string[], { where = null, header = true }: TableOptions = {}): Promise<Table> {
    const files = await Promise.all(expand(paths).map((path) => scanOf(inputFile(path), header)));
    for (const { file, columns } of files) {
      const other = files[0].columns.find((name) => !columns.includes(name));
      if (other !== undefined)
        throw new FormatError(
          file.path,
          `has no column ${other}, which ${files[0].file.path} has; it has ${columns.join(', ')}`,
        );
    }
    const filters = await Promise.all(
      files.map(async ({ file, columns }) => (where === null ? null : parseFilter(where, columns, file.path))),
    );
    return new Table(files, filters);
  }

  async *read(columns: readonly string[], skipped: Skipped): AsyncGenerator<readonly Row[], void> {
    for (const [i, scan] of this.#files.entries()) {
      const { file } = scan;
      await checkWhole(file);
      const read = scan.format === 'parquet' ? readParquet : readText;
      for await (const rows of read(scan, columns, this.#filters[i], skipped)) {
        const short = rows.filter((row) => {
          const long = tooLong(row.cells);
          if (long) skipped.add(row, long);
          return long === null;
        });
        yield short;
      }
      checkUnchanged(file);
    }
  }
}

/** How to read one file. */
interface Scan {
  readonly file: InputFile;
  readonly format: Format;
  readonly columns: readonly string[];
  /** Of a CSV. */
  readonly dialect: Dialect | null;
  /** Of Parquet: columns that are no plain values. */
  readonly nested: ReadonlySet<string>;
}

async function scanOf(file: InputFile, header: boolean): Promise<Scan> {
  const { path } = file;
  const extension = /\.([a-z]+)(\.gz|\.zst)?$/i.exec(path)?.[1].toLowerCase() ?? '';
  const format = Object.hasOwn(formats, extension) ? formats[extension] : null;
  if (!format) {
    const known = Object.keys(formats).join(', ');
    throw new FormatError(path, `is no table that can be read; files end in ${known}, with .gz if compressed`);
  }
  if (format === 'parquet') return parquetScan(file);
  const head = headOf(file); // says what it is when it is not text
  const plain = { file, format, dialect: null, nested: new Set<string>() };
  if (format !== 'csv') return { ...plain, columns: await keysOf(file, format) };
  const lineEnd = await lineEndOf(file, head);
  const dialect = dialectOf(head, path, { header, lineEnd, whole: head.length >= file.bytes });
  return { ...plain, dialect, columns: dialect.names };
}

const keyRows = 50_000;

/** The keys of a file's objects, in order of appearance. */
async function keysOf(file: InputFile, format: Format): Promise<string[]> {
  const keys = new Set<string>();
  let n = 0;
  let first: string | null = null;
  for await (const rows of jsonRows(file, format)) {
    for (const row of rows) {
      if (typeof row === 'string') first ??= row;
      else for (const key of row.keys()) keys.add(key);
    }
    if ((n += rows.length) >= keyRows) break;
  }
  if (keys.size > 0) return [...keys];
  throw new FormatError(
    file.path,
    `holds no rows: expected objects with keys${first === null ? '' : `, and there are ${n} ${first}`}`,
  );
}

/** Objects, or what is wrong with a row. */
async function* jsonRows(file: InputFile, format: Format): AsyncGenerator<ReturnType<typeof jsonRow>[], void> {
  if (format === 'json') {
    yield rowTexts(readWholeText(file.path), file.path).map(jsonRow);
    return;
  }
  const reader = new RecordReader({ delimiter: '', quote: '', lineEnd: '\n', width: null });
  const parse = (records: readonly TextRecord[]) =>
    records.map((record) => {
      if ('problem' in record) return record.problem;
      const text = decodeCell(record.cells[0]);
      return text === null ? notUtf8 : jsonRow(text);
    });
  for await (const piece of piecesOf(file)) yield parse(reader.push(piece));
  yield parse(reader.finish());
}

const notUtf8 = 'not in UTF-8';

/** The requested cells, or what is wrong with a row. */
type Cells = (string | null)[] | string;

async function* textRows(scan: Scan, columns: readonly string[]): AsyncGenerator<Cells[], void> {
  const { file, format, dialect } = scan;
  if (!dialect) {
    for await (const rows of jsonRows(file, format))
      yield rows.map((row) => (typeof row === 'string' ? row : columns.map((name) => row.get(name) ?? null)));
    return;
  }
  const places = columns.map((name) => dialect.names.indexOf(name));
  const reader = new RecordReader(dialect);
  let before = dialect.before;
  const parse = (records: readonly TextRecord[]): Cells[] => {
    let skip = 0; // the header, and empty lines above it
    for (; before > 0 && skip < records.length; skip++) if (!isEmpty(records[skip])) before--;
    return records.slice(skip).map((record) => {
      if ('problem' in record) return record.problem;
      const cells: (string | null)[] = [];
      for (const place of places) {
        const text = decodeCell(record.cells[place]);
        if (text === null) return notUtf8;
        cells.push(text === '' ? null : text);
      }
      return cells;
    });
  };
  for await (const piece of piecesOf(file)) yield parse(reader.push(piece));
  yield parse(reader.finish());
}

function isEmpty(record: TextRecord): boolean {
  return 'cells' in record && record.cells.length === 1 && record.cells[0] === '';
}

async function* readText(
  scan: Scan,
  columns: readonly string[],
  filter: Filter | null,
  skipped: Skipped,
): AsyncGenerator<readonly Row[], void> {
  const file = scan.file.path;
  const asked = [...columns, ...(filter?.columns ?? [])];
  const rowFilter = filter ? await RowFilter.open(filter, file) : null;
  const finish = async (rows: readonly Row[]): Promise<readonly Row[]> => {
    if (!rowFilter) return rows;
    const kept = await rowFilter.keep(rows.map(({ cells }) => cells.slice(columns.length)));
    return rows.filter((_, n) => kept.has(n)).map((row) => ({ ...row, cells: row.cells.slice(0, columns.length) }));
  };
  try {
    let [waiting, row]: [Row[], number] = [[], 0];
    for await (const rows of textRows(scan, asked)) {
      for (const cells of rows) {
        row++;
        if (typeof cells === 'string') skipped.add({ file, row }, cells);
        else waiting.push({ file, row, cells });
        if (waiting.length < rowsPerBatch) continue;
        yield await finish(waiting);
        waiting = [];
      }
    }
    if (waiting.length > 0) yield await finish(waiting);
  } finally {
    rowFilter?.close();
  }
}

function parquetFrom(path: string): string {
  return `read_parquet(${sqlText(asPattern(path))})`;
}

async function parquetScan(file: InputFile): Promise<Scan> {
  return inParquet(file, async (connection) => {
    const types = await query(connection, `DESCRIBE SELECT * FROM ${parquetFrom(file.path)}`);
    const nested = types.filter(([, type]) => /\[\]|STRUCT|MAP|JSON/.test(String(type))).map(([name]) => String(name));
    return {
      file,
      format: 'parquet',
      columns: types.map(([name]) => String(name)),
      dialect: null,
      nested: new Set(nested),
    };
  });
}

async function inParquet<T>(file: InputFile, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await connectToParquet(file.path);
  try {
    return await work(connection);
  } catch (error) {
    throw duckError(file.path, error);
  } finally {
    connection.closeSync();
  }
}

async function* readParquet(
  { file, nested }: Scan,
  asked: readonly string[],
  filter: Filter | null,
): AsyncGenerator<readonly Row[], void> {
  const connection = await connectToParquet(file.path);
  try {
    for await (const chunk of stream(connection, parquetSelect(file, nested, asked, filter))) {
      yield chunk.map((values) => ({
        file: file.path,
        row: Number(values.at(-1)),
        cells: values.slice(0, -1) as (string | null)[],
      }));
    }
  } catch (error) {
    throw duckError(file.path, error, filter?.where ?? null);
  } finally {
    connection.closeSync();
  }
}

/** Every cell as a string, and the row's number before filtering. */
function parquetSelect(
  { path }: InputFile,
  nested: ReadonlySet<string>,
  asked: readonly string[],
  filter: Filter | null,
): string {
  const text = (name: string) =>
    nested.has(name) ? `to_json(${sqlName(name)})::VARCHAR` : `${sqlName(name)}::VARCHAR`;
  const cells = asked.map((name, i) => `${text(name)} AS cell${i}`);
  const filtered = filter?.columns.map((name, i) => `${sqlName(name)} AS c${i}`) ?? [];
  const inner = `SELECT ${[...cells, ...filtered, 'row_number() OVER () AS n'].join(', ')} FROM ${parquetFrom(path)}`;
  const shown = [...asked.map((_, i) => `cell${i}`), 'n'].join(', ');
  return `SELECT ${shown} FROM (${inner})${filter ? ` WHERE ${filter.condition}` : ''}`;
}
