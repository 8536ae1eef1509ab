// An attention map in block characters: a row for every output token, two columns for every source token. Source
// tokens stand upright above their columns, letter under letter; a Korean letter is two columns wide.
//
//        e h
//        i u
//        n n
//          d
//      a ██░░
//    dog ░░▓▓

import { padEnd, padStart, stringWidth, truncate } from './width.ts';

export interface HeatmapOptions {
  /** Columns of the terminal. A source that does not fit is continued below. Default 80. */
  readonly width?: number;
  /** Most letters of a label. Default 16. */
  readonly label?: number;
}

/** Smallest weight of each shade. */
const shades: readonly (readonly [from: number, block: string])[] = [
  [0.7, '██'],
  [0.45, '▓▓'],
  [0.2, '▒▒'],
  [0.05, '░░'],
];

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Lines of text: `weights[t][s]` from 0 to 1. */
export function heatmap(
  source: readonly string[],
  target: readonly string[],
  weights: readonly ArrayLike<number>[],
  { width = 80, label = 16 }: HeatmapOptions = {},
): string[] {
  const rows = target.map((token) => truncate(visible(token), label));
  const margin = Math.max(0, ...rows.map(stringWidth)) + 1;
  const most = Math.max(1, Math.floor((width - margin - 1) / 2));
  const lines: string[] = [];
  for (let from = 0; from < source.length; from += most) {
    const to = Math.min(source.length, from + most);
    if (from > 0) lines.push('');
    lines.push(...upright(source.slice(from, to), label).map((line) => ' '.repeat(margin) + line));
    for (const [t, token] of rows.entries()) {
      const cells = Array.from({ length: to - from }, (_, s) => shade(weights[t][from + s]));
      lines.push(`${padStart(token, margin - 1)} ${cells.join('')}`.trimEnd());
    }
  }
  return lines;
}

/** Vertical labels that end on one line. */
function upright(labels: readonly string[], most: number): string[] {
  const columns = labels.map((text) => {
    const letters = Array.from(graphemes.segment(visible(text)), ({ segment }) => segment);
    return letters.length > most ? [...letters.slice(0, most - 1), '…'] : letters;
  });
  const height = Math.max(0, ...columns.map((letters) => letters.length));
  return Array.from({ length: height }, (_, row) =>
    columns
      .map((letters) => padEnd(letters[row - (height - letters.length)] ?? '', 2))
      .join('')
      .trimEnd(),
  );
}

function shade(weight: number): string {
  return shades.find(([from]) => weight >= from)?.[1] ?? ' ·';
}

/** Makes white space visible. */
function visible(token: string): string {
  return token === '' ? '∅' : token.replaceAll(' ', '␣').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}
