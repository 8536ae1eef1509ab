// Translations for a person: source → prediction (reference), and what one of them attends to.

import type { Screen, Shown } from '../runs/shown.ts';
import { heatmap, stringWidth, truncate } from '../terminal/index.ts';
import type { AttentionMap } from './attention.ts';

export interface Example {
  readonly source: string;
  readonly predicted: string;
  readonly target: string;
}

/** `✓ 135+62 → 197`, `✗ 4+9 → 12 (13)` */
export function exampleRows(examples: readonly Example[], { width: columns, style }: Screen): string[] {
  const { green, red, dim } = style;
  const width = columns - 12;
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const short = (text: string, room: number) => truncate(text, Math.max(12, room));
  return examples.map((example) => {
    const right = example.predicted === example.target;
    const target = right ? '' : short(plain(example.target), Math.floor(width / 3));
    const predicted = short(plain(example.predicted), Math.floor((width - stringWidth(target)) / 2));
    const source = short(plain(example.source), width - stringWidth(predicted) - stringWidth(target));
    const mark = right ? green('✓') : red('✗');
    return `${mark} ${source} ${dim('→')} ${predicted || dim('(nothing)')}${right ? '' : ` ${dim(`(${target})`)}`}`;
  });
}

export function translated(data: readonly Example[]): Shown {
  return { data, lines: (screen) => exampleRows(data, screen) };
}

/** An attention map that fits the screen. */
export function attended({ source, target, weights }: AttentionMap): Shown {
  return {
    data: { source, target, weights: weights.map((row) => Array.from(row)) },
    lines: ({ width }) => [
      '',
      'attention map (columns: source tokens, rows: target tokens):',
      '',
      ...heatmap(source, target, weights, { width: width - 4 }),
    ],
  };
}
