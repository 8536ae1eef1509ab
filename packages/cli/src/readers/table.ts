// Tables: CSV, TSV, JSON lines and Parquet, one file or several, gzip too, through DuckDB.

import type { DuckDBConnection } from '@duckdb/node-api';
import { FormatError } from 'unrolled';
import { connect, duckError, query, sqlName, sqlText, stream } from './duckdb.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import { checkUnchanged, checkWhole, headOf, type InputFile, inputFile, startOf } from './files.ts';
import { type Skipped, tooLong } from './skipped.ts';

export interface TableOptions {
  /** SQL that is true for the rows to take. */
  readonly where?: string | null;
  /** Whether the first line of a CSV or TSV has the names of the columns. Otherwise they are 1, 2, 3, … Default true. */
  readonly header?: boolean;
}

/** A row's cells as texts, in the order of the columns asked for; lists and objects as JSON. */
export interface Row {
  readonly file: string;
  /** From 1, the header not counted. */
  readonly row: number;
  /** What `row` counts, where it is not rows. */
  readonly unit?: 'line';
  readonly cells: readonly (string | null)[];
}

type Format = 'csv' | 'json' | 'parquet';

const formats: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  tab: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  parquet: 'parquet',
};

const longestLine = 2 ** 25; // bytes; what is longer is no row of a table

/** Whether a file of this name is one; a .txt may be one or not. */
export function isTable(path: string): boolean {
  return /\.(csv|tsv|tab|json|jsonl|ndjson|parquet)(\.gz|\.zst)?$/i.test(path);
}

/** The files that paths and patterns like data/*.csv name, in order. */
export async function expand(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (!/[*?[]/.test(path)) {
      found.push(path);
      continue;
    }
    const connection = await connect();
    const rows = await query(connection, `SELECT file FROM glob(${sqlText(path)}) ORDER BY file`);
    connection.closeSync();
    if (rows.length === 0) throw new FormatError(path, `no file is called like that (looked in ${process.cwd()})`);
    found.push(...rows.map(([file]) => String(file)));
  }
  return found;
}

/**
 *     const table = await Table.open(['reviews.csv'], { where: 'stars <> 3' });
 *     table.columns;                                            // ['id', 'review', 'stars']
 *     for await (const rows of table.read(['review', 'stars'], skipped)) …
 *
 * Rows that are no rows (ragged, not UTF-8, broken JSON, longer than can be) go to `skipped`.
 */
export class Table {
  readonly columns: readonly string[];
  readonly #files: readonly InputFile[];
  readonly #options: TableOptions;

  private constructor(columns: readonly string[], files: readonly InputFile[], options: TableOptions) {
    this.columns = columns;
    this.#files = files;
    this.#options = options;
  }

  /** Throws for a file that is not there, not a table, not text, or has other columns than the first. */
  static async open(paths: readonly string[], options: TableOptions = {}): Promise<Table> {
    const files = (await expand(paths)).map(inputFile);
    const columns = await Promise.all(files.map(async (file) => (await scanOf(file, options)).columns));
    files.forEach(({ path }, i) => {
      const other = columns[0].find((name) => !columns[i].includes(name));
      if (other !== undefined)
        throw new FormatError(path, `has no column ${other}, which ${paths[0]} has; it has ${columns[i].join(', ')}`);
    });
    return new Table(columns[0], files, options);
  }

  async *read(columns: readonly string[], skipped: Skipped): AsyncGenerator<readonly Row[], void> {
    for (const file of this.#files) {
      await checkWhole(file);
      yield* this.#readFile(file, columns, skipped);
      checkUnchanged(file);
    }
  }

  async *#readFile(
    file: InputFile,
    columns: readonly string[],
    skipped: Skipped,
  ): AsyncGenerator<readonly Row[], void> {
    const { where = null } = this.#options;
    const scan = await scanOf(file, this.#options);
    const connection = await connect();
    try {
      const sql = await selectOf(connection, scan, columns, where);
      for await (const chunk of stream(connection, sql)) {
        const rows: Row[] = [];
        for (const values of chunk) {
          const row = { file: file.path, row: Number(values.at(-1)), cells: values.slice(0, -1) as (string | null)[] };
          const long = tooLong(row.cells);
          if (long) skipped.add(row, long);
          else rows.push(row);
        }
        yield rows;
      }
      if (scan.format === 'csv') await addRejects(connection, file.path, skipped);
    } catch (error) {
      throw error instanceof FormatError || !isDuckError(error) ? error : duckError(file.path, error, where);
    } finally {
      connection.closeSync();
    }
  }
}

/** How to read one file. */
interface Scan {
  readonly format: Format;
  readonly columns: readonly string[];
  /** Of those that are no plain values: lists and objects. */
  readonly nested: ReadonlySet<string>;
  /** What stands after FROM. */
  readonly from: string;
}

async function scanOf(file: InputFile, { header = true }: TableOptions): Promise<Scan> {
  const { path } = file;
  const extension = /\.([a-z]+)(\.gz|\.zst)?$/i.exec(path)?.[1].toLowerCase() ?? '';
  const format = Object.hasOwn(formats, extension) ? formats[extension] : null;
  if (!format) {
    const known = Object.keys(formats).join(', ');
    throw new FormatError(path, `is no table that can be read; files end in ${known}, with .gz if compressed`);
  }
  if (format === 'csv') return csvScan(file, dialectOf(headOf(file), path, header), header);
  const from =
    format === 'parquet'
      ? `read_parquet(${sqlText(path)})`
      : `read_json(${sqlText(path)}, ${jsonOptions(extension)}, maximum_object_size=${longestLine})`;
  if (format === 'json') headOf(file); // says what it is when it is not text
  const connection = await connect();
  try {
    const types = await query(connection, `DESCRIBE SELECT * FROM ${from}`);
    const nested = types.filter(([, type]) => /\[\]|STRUCT|MAP|JSON/.test(String(type))).map(([name]) => String(name));
    return { format, columns: types.map(([name]) => String(name)), nested: new Set(nested), from };
  } catch (error) {
    throw duckError(path, error, null);
  } finally {
    connection.closeSync();
  }
}

/** A line of JSON that is broken is a row left out; a file that is one JSON value is whole or it is not. */
function jsonOptions(extension: string): string {
  return extension === 'json' ? `format='auto'` : `format='newline_delimited', ignore_errors=true`;
}

function csvScan({ path }: InputFile, { delimiter, quote, names }: Dialect, header: boolean): Scan {
  const columns = names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ');
  const wide = isUtf16(path) ? `encoding='utf-16', ` : '';
  const options = `${wide}delim=${sqlText(delimiter)}, quote=${sqlText(quote)}, escape=${sqlText(quote)}, header=${header}`;
  const limits = `max_line_size=${longestLine}, store_rejects=true, ignore_errors=true`;
  const from = `read_csv(${sqlText(path)}, auto_detect=false, ${options}, ${limits}, columns={${columns}})`;
  return { format: 'csv', columns: names, nested: new Set(), from };
}

function isUtf16(path: string): boolean {
  const [a, b] = startOf(path, 2);
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
}

/** Every cell as text, and the number of the row before rows were filtered. */
async function selectOf(
  connection: DuckDBConnection,
  { format, columns, nested, from }: Scan,
  asked: readonly string[],
  where: string | null,
): Promise<string> {
  const text = (name: string) =>
    nested.has(name) ? `to_json(${sqlName(name)})::VARCHAR` : `${sqlName(name)}::VARCHAR`;
  const cells = asked.map((name, i) => `${text(name)} AS "cell ${i}"`);
  const shown = asked.map((_, i) => `"cell ${i}"`).join(', ');
  if (!where) return `SELECT ${cells.join(', ')}, row_number() OVER () FROM ${from}`;
  // A CSV has texts only: those that are numbers all through its beginning are numbers to the filter.
  const numeric = format === 'csv' ? await numericColumns(connection, columns, from) : new Set<string>();
  const seen = columns.map((n) => (numeric.has(n) ? `TRY_CAST(${sqlName(n)} AS DOUBLE) AS ${sqlName(n)}` : sqlName(n)));
  const inner = `SELECT ${[...cells, ...seen].join(', ')}, row_number() OVER () AS "row number" FROM ${from}`;
  return `SELECT ${shown}, "row number" FROM (${inner}) WHERE (${where})`;
}

async function numericColumns(
  connection: DuckDBConnection,
  columns: readonly string[],
  from: string,
): Promise<ReadonlySet<string>> {
  const tests = columns.map((name) => {
    const cell = sqlName(name);
    return `count(${cell}) > 0 AND count(${cell}) = count(TRY_CAST(${cell} AS DOUBLE))`;
  });
  const [answers] = await query(connection, `SELECT ${tests.join(', ')} FROM (SELECT * FROM ${from} LIMIT 2000)`);
  return new Set(columns.filter((_, i) => answers[i] === true));
}

async function addRejects(connection: DuckDBConnection, file: string, skipped: Skipped): Promise<void> {
  const sql = 'SELECT DISTINCT ON (line) line, error_type, error_message FROM reject_errors ORDER BY line';
  for (const [line, type, message] of await query(connection, sql)) {
    skipped.add({ file, row: Number(line), unit: 'line' }, rejection(String(type), String(message)));
  }
}

function rejection(type: string, message: string): string {
  const [expected, found] = Array.from(message.matchAll(/\d+/g), String);
  switch (type) {
    case 'TOO MANY COLUMNS':
    case 'MISSING COLUMNS':
      return `with ${found} ${found === '1' ? 'column' : 'columns'} where ${expected} are expected`;
    case 'UNQUOTED VALUE':
      return 'with a quote that is not closed';
    case 'LINE SIZE OVER MAXIMUM':
      return `longer than ${longestLine / 2 ** 20} MB`;
    case 'INVALID ENCODING':
      return 'that are not UTF-8';
    default:
      return `(${message.split('\n')[0].toLowerCase()})`;
  }
}

function isDuckError(error: unknown): boolean {
  return error instanceof Error && /Error:/.test(error.message);
}
