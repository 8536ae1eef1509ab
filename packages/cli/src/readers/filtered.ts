// Filters rows that were read already: the cells that a filter uses go into a table in DuckDB's memory, a chunk at a time, and the indices of
// matching rows come back. All cells are strings; a column whose cells are numbers (or lists, or booleans) throughout the first
// chunk has that type in the filter.

import type { DuckDBConnection } from '@duckdb/node-api';
import { connectToFilter, duckError, query } from './duckdb.ts';
import type { Filter } from './filter.ts';

export class RowFilter {
  readonly #connection: DuckDBConnection;
  readonly #filter: Filter;
  readonly #source: string;
  #select: string | null = null;

  private constructor(connection: DuckDBConnection, filter: Filter, source: string) {
    this.#connection = connection;
    this.#filter = filter;
    this.#source = source;
  }

  static async open(filter: Filter, source: string): Promise<RowFilter> {
    const connection = await connectToFilter();
    const cells = filter.columns.map((_, i) => `, t${i} VARCHAR`).join('');
    await query(connection, `CREATE TEMP TABLE cells (n INTEGER${cells})`);
    return new RowFilter(connection, filter, source);
  }

  /** Indices of the rows to keep. `rows`, one at least, have the filter's columns, in their order. */
  async keep(rows: readonly (readonly (string | null)[])[]): Promise<ReadonlySet<number>> {
    await query(this.#connection, 'TRUNCATE cells');
    const appender = await this.#connection.createAppender('cells', 'main', 'temp');
    for (const [n, cells] of rows.entries()) {
      appender.appendInteger(n);
      for (const cell of cells) {
        if (cell === null) appender.appendNull();
        else appender.appendVarchar(cell);
      }
      appender.endRow();
    }
    appender.flushSync();
    appender.closeSync();
    this.#select ??= await this.#selectOf();
    try {
      return new Set((await query(this.#connection, this.#select)).map(([n]) => Number(n)));
    } catch (error) {
      throw duckError(this.#source, error, this.#filter.where);
    }
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #selectOf(): Promise<string> {
    const { columns, condition } = this.#filter;
    const types = ['DOUBLE', 'BOOLEAN', 'VARCHAR[]'];
    const casts = columns.map((_, i) =>
      types.map((type) => {
        const shape =
          type === 'DOUBLE' ? 'true' : type === 'BOOLEAN' ? `t${i} IN ('true', 'false')` : `t${i} LIKE '[%]'`;
        return `count(t${i}) > 0 AND count(t${i}) = count(CASE WHEN ${shape} THEN TRY_CAST(t${i} AS ${type}) END)`;
      }),
    );
    const asked = casts.flat();
    const answers =
      asked.length === 0 ? [] : (await query(this.#connection, `SELECT ${asked.join(', ')} FROM cells`))[0];
    const typed = columns.map((_, i) => {
      const type = types.find((_type, k) => answers[i * types.length + k] === true);
      return type ? `TRY_CAST(t${i} AS ${type}) AS c${i}` : `t${i} AS c${i}`;
    });
    return `SELECT n FROM (SELECT ${['n', ...typed].join(', ')} FROM cells) WHERE ${condition}`;
  }
}
