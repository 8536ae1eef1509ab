// The rows of a table in the order in which a network reads them: series by series, each from its oldest row to its newest.

import type { TimeAxis } from './time.ts';
import { t } from '../language/index.ts';

export interface RawRow {
  readonly file: string;
  readonly row: number;
  readonly cells: readonly (string | null)[];
}

export interface Ordered {
  /** Numbers of the table's rows. */
  readonly rows: readonly number[];
  /** Each series: what it is called, and where it lies in `rows`. */
  readonly groups: readonly Group[];
  readonly warnings: readonly string[];
}

interface Group {
  readonly name: string | null;
  readonly from: number;
  readonly to: number;
  readonly time: TimeAxis | null;
}

/** `ids`: of each row, which series it is of. A file's rows that are the newest first are turned; throws for any other disorder. */
export function orderRows(rows: readonly RawRow[], axis: TimeAxis | null, ids: readonly string[] | null): Ordered {
  const members = new Map<string | null, number[]>();
  for (const t of rows.keys()) {
    const id = ids?.[t] ?? null;
    const own = members.get(id);
    if (own) own.push(t);
    else members.set(id, [t]);
  }
  const order: number[] = [];
  const turned = new Set<string>();
  const groups = [...members].map(([name, own]) => {
    const sorted = axis === null ? own : byFile(rows, own).flatMap((part) => oldestFirst(part, axis, rows, turned));
    const time = axis?.of(sorted) ?? null;
    time?.checkOrder((t) => `${rows[sorted[t]].file}, row ${rows[sorted[t]].row}`);
    const from = order.length;
    for (const t of sorted) order.push(t);
    return { name, from, to: order.length, time };
  });
  const warnings = [...turned].map(
    (file) => t`${file}: its rows are the newest first, and are read from the last to the first`,
  );
  return { rows: order, groups, warnings };
}

function byFile(rows: readonly RawRow[], own: readonly number[]): number[][] {
  const files = new Map<string, number[]>();
  for (const t of own) {
    const part = files.get(rows[t].file);
    if (part) part.push(t);
    else files.set(rows[t].file, [t]);
  }
  return [...files.values()];
}

function oldestFirst(part: number[], axis: TimeAxis, rows: readonly RawRow[], turned: Set<string>): number[] {
  if (!axis.of(part).falls) return part;
  turned.add(rows[part[0]].file);
  return part.toReversed();
}
