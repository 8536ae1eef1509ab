// How a table in text is written: what stands between its columns, and what they are called. Found from its first line, so that a broken
// line further down is a broken line and not another dialect.

import { FormatError } from 'unrolled';

export interface Dialect {
  readonly delimiter: string;
  /** Empty where quotes are ordinary characters, as they are between tabs. */
  readonly quote: string;
  readonly names: readonly string[];
}

const delimiters = [',', ';', '\t', '|'];

/** `header: false` numbers the columns from 1. */
export function dialectOf(head: string, source: string, header: boolean): Dialect {
  const delimiter = source.replace(/\.gz$/, '').endsWith('.tsv') ? '\t' : likeliest(head);
  const quote = delimiter === '\t' ? '' : '"';
  const first = firstRecord(head, delimiter, quote);
  if (first.every((name) => name.trim() === '')) throw new FormatError(source, 'its first line is empty');
  const names = header ? first.map((name) => name.trim()) : first.map((_, i) => String(i + 1));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return { delimiter, quote, names: names.map((name, i) => name || String(i + 1)) };
  throw new FormatError(
    source,
    `two columns are called ${JSON.stringify(twice)}; if the first line is data and no header, add --no-header`,
  );
}

/** What the first line has most of, outside of quotes. */
function likeliest(head: string): string {
  const line = head.slice(0, /\r?\n|$/.exec(head)?.index).replace(/"(?:[^"]|"")*"/g, '');
  const counts = delimiters.map((d) => line.split(d).length);
  return delimiters[counts.indexOf(Math.max(...counts))];
}

/** The cells of the first record; a quoted cell may hold delimiters, line breaks and doubled quotes. */
export function firstRecord(text: string, delimiter: string, quote: string): string[] {
  const cells: string[] = [];
  for (let i = 0; ; ) {
    let cell = '';
    if (quote && text[i] === quote) {
      for (i++; i < text.length; i++) {
        if (text[i] === quote && text[++i] !== quote) break;
        cell += text[i];
      }
    }
    while (i < text.length && text[i] !== delimiter && text[i] !== '\n') cell += text[i++];
    cells.push(cell.replace(/\r$/, ''));
    if (text[i++] !== delimiter) return cells;
  }
}
