// Whether the data of `unrolled train classify` or `train tag` are numbers: files of arrays, a folder of number files, or a table in which every column but those
// of labels, groups and times holds numbers. Options that are only for numbers, or only for texts, decide it beforehand.

import {
  expand,
  isArrayFile,
  isBrokenList,
  isTable,
  listIn,
  NumberColumn,
  Skipped,
  Table,
  usualNames,
} from '../readers/index.ts';
import { numberOptions, textOnly } from './options.ts';
import { isNumberFolder, numberDemos } from './read.ts';
import { labelNames, seriesNames, timeNames } from './source.ts';

const decisive = (Object.keys(numberOptions) as (keyof typeof numberOptions)[]).filter((key) => key !== 'standardize');
const others = new Set(usualNames([...labelNames, 'labels', 'tag', 'tags', ...seriesNames, ...timeNames]));

/** Whether these are number sequences, by the options that were given and the data that were named. */
export async function areNumbers(
  values: Readonly<Record<string, unknown>>,
  given: ReadonlySet<string>,
  paths: readonly string[],
): Promise<boolean> {
  if (typeof values.demo === 'string') return Object.values<string>(numberDemos).includes(values.demo);
  if (paths.length > 0 && paths.every(isArrayFile)) return true;
  if (paths.length === 0 || textOnly.some((key) => given.has(key))) return false;
  if (decisive.some((key) => given.has(key))) return true;
  if (paths.length === 1 && isNumberFolder(paths[0])) return true;
  const files = expand(paths);
  if (files.every(isArrayFile)) return true; // of a pattern
  if (!files.every(isTable)) return false;
  const named = ['label', 'tags', 'group'].map((key) => values[key]).filter((name) => typeof name === 'string');
  return holdsNumbers(files[0], values.header !== false, new Set(named));
}

/** Whether every other column of a table holds numbers, or lists of them. What cannot be read is left to those who will say so. */
async function holdsNumbers(file: string, header: boolean, named: ReadonlySet<string>): Promise<boolean> {
  try {
    const table = await Table.open([file], { header });
    const columns = table.columns.filter((name) => !named.has(name) && !others.has(name.toLowerCase()));
    if (columns.length === 0 || columns.length === table.columns.length) return false;
    for await (const rows of table.read(columns, new Skipped('skip'))) {
      return columns.every((name, c) => {
        const column = new NumberColumn(name);
        const cells = rows.map(({ cells: own }) => own[c] ?? '');
        for (const [n, cell] of cells.entries()) column.add(cell, file, n);
        return column.isNumeric || cells.every(isNumberList);
      });
    }
    return false;
  } catch {
    return false;
  }
}

function isNumberList(cell: string): boolean {
  if (!/^\s*\[/.test(cell) || isBrokenList(cell)) return false;
  const parts = listIn(cell);
  return parts !== null && parts.every((part) => /^\s*([[\]\d.,eE+\-\s]|null|NaN)+$/.test(part));
}
