// Tags under their tokens, as a person reads them.

import { noLabel } from 'unrolled';
import type { Screen, Shown } from '../runs/shown.ts';
import { padEnd, stringWidth } from '../terminal/index.ts';

/** A sequence as it was tagged. */
export interface TaggedSequence {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
  /** The true tags; null where nobody knows. */
  readonly targets: readonly (string | null)[];
}

export function taggedSequence(
  tokens: readonly string[],
  predicted: ArrayLike<number>,
  target: ArrayLike<number>,
  names: readonly string[],
): TaggedSequence {
  return {
    tokens,
    tags: Array.from(predicted, (label) => names[label]),
    targets: Array.from(target, (label) => (label === noLabel ? null : names[label])),
  };
}

export function taggedSequences(data: readonly TaggedSequence[]): Shown {
  return { data, lines: (screen) => data.flatMap((one) => taggedLines(one, screen)) };
}

/**
 *     ✗ ( a ] b        a row of tokens, and one of tags; of a wrong one also what it is
 *       1 1 0 0
 *           1
 */
export function taggedLines({ tokens, tags, targets }: TaggedSequence, { width: columns, style }: Screen): string[] {
  const { green, red, dim } = style;
  const room = columns - 8;
  const wrong = tokens.map((_, t) => targets[t] !== null && tags[t] !== targets[t]);
  const target = (t: number) => (wrong[t] ? (targets[t] ?? '') : '');
  const widths = tokens.map((token, t) => Math.max(...[token, tags[t], target(t)].map(stringWidth)));
  const lines: string[] = [];
  for (let from = 0; from < tokens.length; ) {
    let [to, width] = [from, 0];
    while (to < tokens.length && (to === from || width + widths[to] + 1 <= room)) width += widths[to++] + 1;
    const line = (cell: (t: number) => string, paint: (text: string, t: number) => string = (text) => text) =>
      Array.from({ length: to - from }, (_, k) => paint(padEnd(cell(from + k), widths[from + k]), from + k))
        .join(' ')
        .trimEnd();
    const mark = from > 0 ? ' ' : wrong.includes(true) ? red('✗') : green('✓');
    lines.push(`${mark} ${line((t) => tokens[t])}`);
    lines.push(
      `  ${line(
        (t) => tags[t],
        (text, t) => (wrong[t] ? red(text) : dim(text)),
      )}`,
    );
    if (wrong.slice(from, to).includes(true)) lines.push(`  ${line(target)}`);
    from = to;
  }
  return lines;
}
