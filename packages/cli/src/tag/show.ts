// Tags under their tokens, as a person reads them.

import { noLabel } from 'unrolled';
import { padEnd, stringWidth, styleFor } from '../terminal/index.ts';

/**
 *     ✗ ( a ] b        a row of tokens, and one of tags; of a wrong one also what it is
 *       1 1 0 0
 *           1
 */
export function taggedRows(
  tokens: readonly string[],
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  tags: readonly string[],
): string[] {
  const { green, red, dim } = styleFor(process.stderr);
  const room = (process.stderr.columns || 80) - 8;
  const name = (label: number) => (label === noLabel ? '' : tags[label]);
  const wrong = tokens.map((_, t) => target[t] !== noLabel && predicted[t] !== target[t]);
  const widths = tokens.map((token, t) =>
    Math.max(...[token, name(predicted[t]), wrong[t] ? name(target[t]) : ''].map(stringWidth)),
  );
  const lines: string[] = [];
  for (let from = 0; from < tokens.length; ) {
    let [to, width] = [from, 0];
    while (to < tokens.length && (to === from || width + widths[to] + 1 <= room)) width += widths[to++] + 1;
    const line = (cell: (t: number) => string, style: (text: string, t: number) => string = (text) => text) =>
      Array.from({ length: to - from }, (_, k) => style(padEnd(cell(from + k), widths[from + k]), from + k))
        .join(' ')
        .trimEnd();
    const mark = from > 0 ? ' ' : wrong.includes(true) ? red('✗') : green('✓');
    lines.push(`${mark} ${line((t) => tokens[t])}`);
    lines.push(
      `  ${line(
        (t) => name(predicted[t]),
        (text, t) => (wrong[t] ? red(text) : dim(text)),
      )}`,
    );
    if (wrong.slice(from, to).includes(true)) lines.push(`  ${line((t) => (wrong[t] ? name(target[t]) : ''))}`);
    from = to;
  }
  return lines;
}
