// Rows under a header, columns as wide as they need to be.

import type { Style } from './style.ts';
import { padEnd, padStart, stringWidth, truncate } from './width.ts';

export interface TableOptions {
  readonly header?: readonly string[];
  /** Columns of the terminal: the last column gives way. Default: as wide as the content. */
  readonly width?: number;
  readonly style?: Style;
  /** How numbers are written. Default: as they are. */
  readonly number?: (n: number) => string;
}

const gap = '  ';

/** Lines without a line break at the end. Numbers stand on the right of their column, words on its left. */
export function table(rows: readonly (readonly (string | number)[])[], options: TableOptions = {}): string[] {
  const { header, style, number = String } = options;
  const textOf = (cell: string | number) => (typeof cell === 'number' ? number(cell) : cell.replace(/\r?\n/g, '⏎'));
  const body = rows.map((row) => row.map(textOf));
  const all = header ? [[...header], ...body] : body;
  const count = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, j) => Math.max(...all.map((row) => stringWidth(row[j] ?? ''))));
  const onRight = widths.map((_, j) => rows.length > 0 && rows.every((row) => typeof row[j] === 'number'));
  if (options.width !== undefined && count > 0) {
    const others = widths.slice(0, -1).reduce((a, b) => a + b + gap.length, 0);
    widths[count - 1] = Math.max(1, Math.min(widths[count - 1], options.width - others));
  }
  const line = (row: readonly string[]) =>
    widths
      .map((w, j) => {
        const cell = truncate(row[j] ?? '', w);
        return onRight[j] ? padStart(cell, w) : padEnd(cell, w);
      })
      .join(gap)
      .trimEnd();
  const lines = body.map(line);
  if (!header) return lines;
  const top = line([...header]);
  return [style ? style.bold(top) : top, widths.map((w) => '─'.repeat(w)).join(gap), ...lines];
}
