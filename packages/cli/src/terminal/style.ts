// Colors, and whether there should be any: on a terminal, unless NO_COLOR is set (https://no-color.org); FORCE_COLOR asks for them anyway.

import { styleText } from 'node:util';

type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** One function a style; they return the text unchanged where there are no colors. */
export type Style = Readonly<Record<Format, (text: string) => string>>;

/** What is needed of a stream to write to it as a terminal or as a file. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  /** Writes a line over the one the cursor is in. Default: with control codes, through `write`. */
  rewrite?(line: string): unknown;
}

export function hasColors(output: Output, environment: NodeJS.ProcessEnv = process.env): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: terminal } = environment;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return !no && output.isTTY === true && terminal !== 'dumb';
}

/** The styles for `output`. */
export function styleFor(output: Output, environment: NodeJS.ProcessEnv = process.env): Style {
  const on = hasColors(output, environment);
  const paint = (format: Format) => (text: string) => (on ? styleText(format, text, { validateStream: false }) : text);
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    blue: paint('blue'),
    magenta: paint('magenta'),
    cyan: paint('cyan'),
  };
}
