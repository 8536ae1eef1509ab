// The table of operators in docs/convert.md: how many of the cases (onnx-cases.ts) each of them stands in, and how many of those pass.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operatorFamilies } from '../packages/convert/src/formats/onnx/operator-list.ts';
import { root } from './snippets.ts';

export const operatorPage = join(root, 'docs/convert.md');

const [begin, end] = ['<!-- operators: npm run onnx-operators -- --write -->', '<!-- end of operators -->'];

/** Cases with an operator, and those of them that pass. */
export interface Count {
  readonly cases: number;
  readonly passed: number;
}

/** The table in Markdown, between its marks. */
export function operatorTable(counts: ReadonlyMap<string, Count>): string {
  const rows = operatorFamilies.map(({ family, names, note }) => {
    const shown = names.map((name) => {
      const { cases, passed } = counts.get(name) ?? { cases: 0, passed: 0 };
      return `\`${name}\` ${passed === cases ? cases : `${passed} of ${cases}`}`;
    });
    return `| ${family} | ${shown.join(', ')}${note === undefined ? '' : `; ${note}`} |`;
  });
  return [begin, '', '| operators | and cases in which they pass |', '|---|---|', ...rows, '', end].join('\n');
}

/** The table that the page has. Throws where its marks are missing. */
export function tableOfPage(page = readFileSync(operatorPage, 'utf8')): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/convert.md: expected a table between ${begin} and ${end}`);
  return page.slice(from, to + end.length);
}

/** The numbers of a table, by operator. */
export function countsOf(table: string): Map<string, Count> {
  const found = table.matchAll(/`(\w+)` (?:(\d+) of )?(\d+)/g);
  return new Map(
    Array.from(found, ([, name, passed, cases]) => [name, { cases: Number(cases), passed: Number(passed ?? cases) }]),
  );
}
