// Several series in one table, one below the other or in turns: `unique_id, ds, y`. Read as one series, a window would cross from one into the
// next, and nothing would say so: such a table is recognized, and refused until the column is named.

import { FormatError } from 'unrolled';
import { shellWord } from '../shell.ts';
import { grouped } from '../terminal/index.ts';
import type { TimeAxis } from './time.ts';

const names = ['unique_id', 'series_id', 'item_id', 'ts_id', 'series', 'item'];

interface Question {
  /** What --series said. */
  readonly given: string | null;
  /** Columns that may say it. */
  readonly columns: readonly string[];
  cellsOf(column: string): readonly string[];
  readonly axis: TimeAxis | null;
  readonly name: string;
  place(t: number): string;
}

/** The column that says which series a row is of, as it was named; null for a table that is one series. Throws for one that is several. */
export function seriesColumn({ given, columns, cellsOf, axis, name, place }: Question): string | null {
  if (given !== null) {
    const empty = cellsOf(given).findIndex((cell) => cell.trim() === '');
    if (empty < 0) return given;
    throw new FormatError(`${place(empty)}, column ${given}`, 'is empty; each row has to say which series it is of');
  }
  const column = columns.find((c) => {
    const called = names.includes(c.toLowerCase());
    if (!called && (axis === null || axis.restarts === 0)) return false;
    const members = membersOf(cellsOf(c));
    const most = [...members.values()].reduce((n, rows) => Math.max(n, rows.length), 0);
    if (members.size < 2 || most < 2) return false;
    if (axis === null || called) return true;
    // As many series begin anew, or more; and each is in order by itself.
    if (axis.restarts < members.size - 1) return false;
    return [...members.values()].map((rows) => axis.of(rows)).every((time) => time.rises || time.falls);
  });
  if (column === undefined) return null;
  const ids = [...membersOf(cellsOf(column)).keys()];
  const some = `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''}`;
  throw new FormatError(
    name,
    `holds ${grouped(ids.length)} series, one for each ${column} (${some}); learn them as such with --series ${shellWord(column)}, or one of them with --where`,
  );
}

/** The rows of each series. */
export function membersOf(cells: readonly string[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const [t, cell] of cells.entries()) {
    const own = members.get(cell);
    if (own) own.push(t);
    else members.set(cell, [t]);
  }
  return members;
}
