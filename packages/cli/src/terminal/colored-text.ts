// Text colored by a unit's activation, for the terminal: red backgrounds above 0, blue below, in the 256 colors that terminals have.

import { stringWidth } from './width.ts';

// From the 6 × 6 × 6 cube: towards red 16 + 36 r, towards blue 16 + b.
const reds = [52, 88, 124, 160, 196];
const blues = [17, 18, 19, 20, 21];

export interface ColoredTextOptions {
  readonly width: number;
  readonly lines: number;
  /** Returns nothing without colors: the text alone carries no information. */
  readonly colors: boolean;
}

/** The first lines of `symbols`, each colored by its value from −1 to 1. */
export function coloredText(
  symbols: readonly string[],
  values: ArrayLike<number>,
  { width, lines: most, colors }: ColoredTextOptions,
): string[] {
  if (!colors) return [];
  const lines: string[] = [];
  let [line, used] = ['', 0];
  const end = () => {
    lines.push(line);
    [line, used] = ['', 0];
  };
  for (const [n, symbol] of symbols.entries()) {
    if (lines.length >= most) return lines;
    const shown = symbol === '\n' ? '⏎' : symbol === '\t' ? ' ' : symbol;
    if (used + stringWidth(shown) > width) end();
    line += paint(shown, values[n]);
    used += stringWidth(shown);
    if (symbol === '\n') end();
  }
  if (used > 0 && lines.length < most) end();
  return lines;
}

function paint(text: string, value: number): string {
  const depth = Math.min(reds.length, Math.floor(Math.abs(value) * (reds.length + 1)));
  if (depth === 0) return text;
  const color = (value > 0 ? reds : blues)[depth - 1];
  return `\x1b[48;5;${color}m\x1b[97m${text}\x1b[0m`;
}
