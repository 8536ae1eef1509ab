// DuckDB reads Parquet and evaluates filters (filter.ts). It is as large as all the rest together, and is installed by those who have such files or
// filters; it is loaded when the first of them needs it. A database is in memory and locked down: it opens no file but the one that was named, and
// nothing can change that.

import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { resolve } from 'node:path';
import { FormatError } from 'unrolled';
import { loadPackage } from '../installed.ts';

/** DuckDB itself; `what` needs it. */
export const loadDuckdb = (what: string) => loadPackage('@duckdb/node-api', what, () => import('@duckdb/node-api'));

/** A connection to a database that can read this file and no other, and write none. */
export async function connectToParquet(path: string): Promise<DuckDBConnection> {
  return (await shutIn('reading Parquet', [path])).connect();
}

/** One to a database that can read no file. */
export async function connectToFilter(): Promise<DuckDBConnection> {
  withoutFiles ??= shutIn('--where', []);
  return (await withoutFiles).connect();
}

/** One for all filters: what they need are temporary tables, which belong to a connection. */
let withoutFiles: Promise<DuckDBInstance> | undefined;

async function shutIn(what: string, files: readonly string[]): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await loadDuckdb(what);
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false', // nothing is downloaded
    autoload_known_extensions: 'false',
    max_expression_depth: '200',
    ...(files.length === 0 ? { threads: '1' } : {}),
  });
  const connection = await instance.connect();
  const allowed = files.flatMap((file) => [file, resolve(file), asPattern(file)].map(sqlText)).join(', ');
  await connection.run(`SET allowed_paths = [${allowed}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  connection.closeSync();
  return instance;
}

/** Escapes the path, because DuckDB takes every path for a glob pattern. */
export function asPattern(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
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

/** Rows of one prepared statement; a chunk of about two thousand at a time. */
export async function* stream(
  connection: DuckDBConnection,
  sql: string,
): AsyncGenerator<readonly (readonly unknown[])[], void> {
  const statement = await connection.prepare(sql);
  try {
    const result = await statement.stream();
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk.getRows();
    }
  } finally {
    statement.destroySync();
  }
}

/** Converts DuckDB's error to one about the file: its first sentence, without the advice about its own options. */
export function duckError(source: string, error: unknown, where: string | null = null): unknown {
  if (error instanceof FormatError || !(error instanceof Error) || !/Error:/.test(error.message)) return error;
  const first = error.message.split('\n')[0].replace(/^[A-Z][A-Za-z ]*Error: /, '');
  const shown = first.length > 300 ? `${first.slice(0, 300)}…` : first;
  const problem = where === null ? 'cannot be read' : `--where ${JSON.stringify(where)} does not work`;
  return new FormatError(source, `${problem}: ${shown}`, { cause: error });
}
