// Labels that look the same are one: spaces around them and doubled ones within do not count, and Unicode's two ways of writing é are one way. Labels
// that were joined are reported.

import { t } from '../language/index.ts';
import { tidyLabel } from '../readers/index.ts';
import { grouped } from '../terminal/index.ts';
import type { Examples } from './read.ts';

/** The examples with tidy labels in `column`, and a notice of those that were another class before. */
export function withTidyLabels<K extends string>(examples: Examples<K>, column: NoInfer<K>): Examples<K> {
  return withTidy(examples, column, (cell) => [cell], tidyLabel);
}

/** The same, of cells with more than one label. `labelsIn` and `tidy`: of a cell. */
export function withTidy<K extends string>(
  examples: Examples<K>,
  column: NoInfer<K>,
  labelsIn: (cell: string) => readonly string[],
  tidy: (cell: string) => string,
): Examples<K> {
  const written = new Map<string, Set<string>>(); // by what they are now
  const rows = examples.rows.map((row) => {
    for (const label of labelsIn(row.cells[column])) {
      const now = tidyLabel(label);
      const ways = written.get(now);
      if (ways) ways.add(label);
      else written.set(now, new Set([label]));
    }
    const cell = tidy(row.cells[column]);
    return cell === row.cells[column] ? row : { ...row, cells: { ...row.cells, [column]: cell } };
  });
  const joined = [...written].filter(([, ways]) => ways.size > 1);
  if (joined.length === 0) return { ...examples, rows };
  const shown = joined.slice(0, 3).map(([label]) => JSON.stringify(label));
  const names = `${shown.join(', ')}${joined.length > 3 ? ', …' : ''}`;
  const notice =
    joined.length === 1
      ? t`1 label is written in more than one way, with other spaces or another Unicode form, and taken as one: ${names}`
      : t`${grouped(joined.length)} labels are written in more than one way, with other spaces or another Unicode form, and taken as one: ${names}`;
  return { ...examples, rows, notices: [...(examples.notices ?? []), notice] };
}
