// DuckDB reads CSV, JSON lines and Parquet, compressed or not, and filters them with SQL. It is loaded when the first table is read, so that
// commands without tables start as fast as before. Rows come in chunks: a file may be larger than the memory.

import type { DuckDBConnection } from '@duckdb/node-api';
import { FormatError } from 'unrolled';

/** A connection with nothing in it. Every file gets its own: what it rejects is counted apart. */
export async function connect(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false', // nothing is downloaded
    autoload_known_extensions: 'false',
  });
  return instance.connect();
}

/** 'a text' */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** "a name" */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** All rows of a small result. */
export async function query(connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

/** Rows of a large result, a chunk of about two thousand at a time. */
export async function* stream(
  connection: DuckDBConnection,
  sql: string,
): AsyncGenerator<readonly (readonly unknown[])[], void> {
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk.getRows();
  }
}

/** What DuckDB says, as an error about the file: its first sentence, without the advice about its own options. */
export function duckError(source: string, error: unknown, where: string | null): FormatError {
  const text = (error as Error).message;
  const first = text.split('\n')[0].replace(/^[A-Z][A-Za-z ]*Error: /, '');
  const shown = first.length > 300 ? `${first.slice(0, 300)}…` : first;
  const hint = where && /Parser|Binder/.test(text) ? ` in --where ${JSON.stringify(where)}` : '';
  return new FormatError(source, `cannot be read${hint}: ${shown}`, { cause: error });
}
