// Tables: CSV and TSV with a first row of names, JSON lines, and a JSON list of objects. A row keeps its number in the file, for whoever has to find it.

import Papa from 'papaparse';
import { limits, type RowProblem, Unusable } from './given.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
  readonly problems: readonly RowProblem[];
}

/** Reads a table by what its text looks like. Throws an Unusable for one with too many rows, or none. */
export function readTable(name: string, text: string): Table {
  const start = text.trimStart().slice(0, 1);
  const table =
    start === '[' && looksLikeJson(text)
      ? fromJson(text)
      : start === '{' || /\.(jsonl|ndjson)$/i.test(name)
        ? fromJsonLines(text)
        : fromCsv(text);
  if (table.rows.length > limits.rows)
    throw new Unusable({ what: 'many', name, count: table.rows.length, most: limits.rows });
  if (table.columns.length === 0) throw new Unusable({ what: 'empty', name });
  return table;
}

function looksLikeJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function fromCsv(text: string): Table {
  const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: false });
  const [head = [], ...rest] = data;
  const quotes = new Set(errors.filter(({ type }) => type === 'Quotes').map(({ row }) => row));
  const problems: RowProblem[] = [];
  const rows: Table['rows'][number][] = [];
  // A cell may have line breaks: rows are counted as a spreadsheet counts them, the names being the first.
  for (const [n, cells] of rest.entries()) {
    const row = n + 2;
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (quotes.has(n + 1)) problems.push({ what: 'quote', row });
    else if (cells.length !== head.length)
      problems.push({ what: 'cells', row, expected: head.length, got: cells.length });
    else rows.push({ row, cells });
  }
  return { columns: head.map((one) => one.trim()), rows, problems };
}

function fromJsonLines(text: string): Table {
  const problems: RowProblem[] = [];
  const found: { row: number; value: Readonly<Record<string, unknown>> }[] = [];
  for (const [n, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const value = objectIn(line);
    if (value) found.push({ row: n + 1, value });
    else problems.push({ what: 'json', row: n + 1 });
  }
  return fromObjects(found, problems);
}

function objectIn(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function fromJson(text: string): Table {
  const problems: RowProblem[] = [];
  const found: { row: number; value: Readonly<Record<string, unknown>> }[] = [];
  for (const [n, value] of (JSON.parse(text) as unknown[]).entries()) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      found.push({ row: n + 1, value: { ...value } });
    else problems.push({ what: 'json', row: n + 1 });
  }
  return fromObjects(found, problems);
}

/** A column for every key of the first rows; what a row does not have is empty. */
function fromObjects(
  found: readonly { readonly row: number; readonly value: Readonly<Record<string, unknown>> }[],
  problems: readonly RowProblem[],
): Table {
  const columns = [...new Set(found.slice(0, 100).flatMap(({ value }) => Object.keys(value)))];
  const cellOf = (value: unknown) => (value == null ? '' : typeof value === 'string' ? value : JSON.stringify(value));
  const rows = found.map(({ row, value }) => ({
    row,
    cells: columns.map((key) => cellOf(Object.hasOwn(value, key) ? value[key] : '')),
  }));
  return { columns, rows, problems };
}
