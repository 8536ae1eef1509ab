// Text in the colours of a unit, for the terminal: red backgrounds above 0, blue below, in the 256 colours that terminals have.

import { stringWidth } from './width.ts';

// From the 6 × 6 × 6 cube: towards red 16 + 36 r, towards blue 16 + b.
const reds = [52, 88, 124, 160, 196];
const blues = [17, 18, 19, 20, 21];

export interface ColouredTextOptions {
  readonly width: number;
  readonly lines: number;
  /** Without them there is no text: it would say nothing. */
  readonly colours: boolean;
}

/** The first lines of `symbols`, each on a colour by its number from −1 to 1. */
export function colouredText(
  symbols: readonly string[],
  values: ArrayLike<number>,
  { width, lines: most, colours }: ColouredTextOptions,
): string[] {
  if (!colours) return [];
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
  const colour = (value > 0 ? reds : blues)[depth - 1];
  return `\x1b[48;5;${colour}m\x1b[97m${text}\x1b[0m`;
}
