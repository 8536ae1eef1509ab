// The table of a page that a benchmark writes: between `<!-- npm run bench:… -->` and the next `<!-- end -->`. A run that measures some of the rows keeps the others.

import { readFileSync, writeFileSync } from 'node:fs';

const end = '<!-- end -->';

export interface PageTable {
  /** In docs/. */
  readonly page: string;
  /** The command that writes it. */
  readonly command: string;
  /** A line above the table: on what it was measured. */
  readonly machine: string;
  readonly header: readonly string[];
  /** The first cells of all rows, in their order. */
  readonly keys: readonly string[];
}

/** Writes these rows, each with its first cell in front, into the page; those that are missing stay as they are. */
export function writeRows(
  { page, command, machine, header, keys }: PageTable,
  measured: ReadonlyMap<string, readonly string[]>,
): void {
  const path = new URL(`../../docs/${page}`, import.meta.url);
  const old = readFileSync(path, 'utf8');
  const begin = `<!-- ${command} -->`;
  const from = old.indexOf(begin) + begin.length;
  const to = old.indexOf(end, from);
  if (from < begin.length || to < 0) throw new Error(`${page} has no ${begin} … ${end}`);
  const lines = old.slice(from, to).split('\n');
  const before = new Map(lines.filter((row) => row.startsWith('| ')).map((row) => [row.split(' | ')[0].slice(2), row]));
  const rows = keys.flatMap((key) => {
    const cells = measured.get(key);
    return cells ? `| ${[key, ...cells].join(' | ')} |` : (before.get(key) ?? []);
  });
  const table = [machine, '', `| ${header.join(' | ')} |`, `|${'---|'.repeat(header.length)}`, ...rows];
  writeFileSync(path, `${old.slice(0, from)}\n\n${table.join('\n')}\n\n${old.slice(to)}`);
}
