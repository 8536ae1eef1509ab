// From the columns of a table to what a task learns from. Rows that do not fit are left out and told by their numbers.

import { parseDecimal, usualUnit } from 'unrolled/data';
import type { Dataset } from '../data/dataset.ts';
import { limits, type Picked, type PreparedData, type RowProblem, Unusable } from './given.ts';
import { mixed } from './mixed.ts';
import type { Table } from './table.ts';

const names = {
  text: ['text', 'sentence', 'document', 'review', 'name', 'content', 'message', 'title'],
  label: ['label', 'class', 'category', 'target', 'sentiment', 'stars', 'intent'],
  tokens: ['tokens', 'words', 'characters'],
  tags: ['tags', 'labels', 'ner_tags', 'pos_tags', 'ner', 'pos'],
  source: ['source', 'src', 'input', 'question', 'from', 'en', 'english'],
  target: ['target', 'tgt', 'output', 'answer', 'to', 'ko', 'de', 'fr', 'translation'],
} as const;

/** Columns that say when, or which row it is: nobody forecasts them. */
const times =
  /^(no|index|idx|id|row|year|month|day|hour|minute|second|date|time|datetime|timestamp|weekday|week|quarter|연도?|년|월|일|시|분|초|날짜|시간|시각|일시)$/i;

/** What stands where a number is missing. */
const missing = /^(na|n\/a|nan|null|none|-|\?)?$/i;

/** What a table is likely to be for: by the names of its columns, then by what stands in them. */
export function guessOf(table: Table): Picked {
  const { columns, rows } = table;
  const find = (of: keyof typeof names) =>
    columns.findIndex((one) => (names[of] as readonly string[]).includes(one.toLowerCase()));
  const pair = (kind: Picked['kind'], a: number, b: number): Picked | null =>
    a >= 0 && b >= 0 && a !== b ? { kind, columns: [a, b] } : null;
  const some = rows.slice(0, 500);
  const isNumeric = (c: number) => {
    const there = some.filter(({ cells }) => !missing.test(cells[c].trim()));
    return there.filter(({ cells }) => Number.isFinite(parseDecimal(cells[c]))).length > 0.8 * there.length;
  };
  const numeric = columns.flatMap((_, c) => (isNumeric(c) ? [c] : []));
  const different = (c: number) => new Set(some.map(({ cells }) => cells[c])).size;
  const named =
    pair('tagged', find('tokens'), find('tags')) ??
    pair('labeled', find('text'), find('label')) ??
    pair('pairs', find('source'), find('target'));
  if (named) return named;
  const words = columns.flatMap((_, c) => (numeric.includes(c) ? [] : [c]));
  if (words.length < 2) {
    const values = numeric.filter((c) => !(columns.length > 1 && (times.test(columns[c].trim()) || risesByOne(c))));
    return { kind: 'series', columns: (values.length > 0 ? values : numeric).slice(0, 8) };
  }
  const [a, b] = words;
  const label = different(a) < different(b) ? a : b;
  if (different(label) >= some.length / 4) return { kind: 'pairs', columns: [a, b] };
  return { kind: 'labeled', columns: [label === a ? b : a, label] };

  /** A column that counts rows is no series. */
  function risesByOne(c: number): boolean {
    return some.every(({ cells }, n) => n === 0 || parseDecimal(cells[c]) - parseDecimal(some[n - 1].cells[c]) === 1);
  }
}

/** The data of a table, as picked. Throws an Unusable where too few rows are left, or there is nothing to tell apart. */
export function prepared(table: Table, { kind, columns }: Picked): PreparedData {
  const problems: RowProblem[] = [...table.problems];
  const [a, b] = columns;
  const nameOf = (c: number) => table.columns[c];
  const filled = (cells: readonly string[], row: number): boolean => {
    const none = [a, b].find((c) => cells[c].trim() === '');
    if (none === undefined) return true;
    problems.push({ what: 'empty', row, column: nameOf(none) });
    return false;
  };
  const rows = table.rows;
  const done = (data: Dataset, usable: number): PreparedData => {
    const leftOut = problems.sort((p, q) => rowOf(p) - rowOf(q)).slice(0, limits.shownProblems);
    if (usable < limits.leastRows) throw new Unusable({ what: 'few', usable, least: limits.leastRows, leftOut });
    return { data, leftOut, leftOutCount: problems.length };
  };
  switch (kind) {
    case 'labeled': {
      const used = rows.filter(({ row, cells }) => filled(cells, row));
      const made = used.map(({ cells }) => ({ text: cells[a], label: cells[b].trim() }));
      if (made.length > 1) requireDifferent(made.map(({ label }) => label));
      return done({ kind, rows: mixed(made), unit: usualUnit(made.map(({ text }) => text)) }, made.length);
    }
    case 'pairs': {
      const used = rows.filter(({ row, cells }) => filled(cells, row));
      const made = used.map(({ cells }) => ({ source: cells[a], target: cells[b] }));
      return done({ kind, rows: mixed(made) }, made.length);
    }
    case 'tagged': {
      const used = rows.filter(({ row, cells }) => filled(cells, row));
      const characters = used.length > 0 && used.every(({ cells }) => isByCharacter(cells[a], cells[b]));
      const made = used.flatMap(({ row, cells }) => {
        const tokens = characters ? Array.from(cells[a]) : listIn(cells[a]);
        const tags = listIn(cells[b]);
        if (tokens.length === tags.length) return [{ tokens, tags }];
        problems.push({ what: 'lengths', row, tokens: tokens.length, tags: tags.length });
        return [];
      });
      if (made.length > 1) requireDifferent(made.flatMap(({ tags }) => tags));
      return done({ kind, rows: mixed(made), split: characters ? 'characters' : 'spaces' }, made.length);
    }
    case 'series': {
      const values: number[] = [];
      for (const { row, cells } of rows) {
        const numbers = columns.map((c) => parseDecimal(cells[c]));
        const wrong = columns.find((c, k) => Number.isNaN(numbers[k]) && cells[c].trim() !== '');
        if (wrong !== undefined) problems.push({ what: 'number', row, column: nameOf(wrong), got: cells[wrong] });
        // A series has a row for every step: what is missing is filled from the rows before it.
        for (const number of numbers) values.push(number);
      }
      const usable = rows.length - problems.filter(({ what }) => what === 'number').length;
      return done({ kind, series: { names: columns.map(nameOf), values: Float64Array.from(values) } }, usable);
    }
    default:
      return kind satisfies never;
  }
}

const rowOf = (problem: RowProblem): number => ('row' in problem ? problem.row : 0);

function requireDifferent(labels: readonly string[]): void {
  if (new Set(labels).size === 1) throw new Unusable({ what: 'one-label', label: labels[0] });
}

/** The elements of a JSON list, or what spaces part. */
function listIn(cell: string): string[] {
  try {
    const list: unknown = JSON.parse(cell);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // not JSON: parted by spaces
  }
  return cell.split(/\s+/).filter((one) => one !== '');
}

/** Whether a text has as many characters as tags, and is no list of tokens. */
function isByCharacter(text: string, tags: string): boolean {
  const count = listIn(tags).length;
  return Array.from(text).length === count && listIn(text).length !== count;
}
