// The part of a text that is read where nothing else is given.

import { mostSymbols } from './language-reading.ts';

/** The rest of a line that is begun, or of a word where the line is long. */
const begun = /^(?:.{0,120}\n|\S{0,40}\s+)/;

/**
 * The end of a text is what validates: the model has not been trained on it, where there is enough of it. It begins with a whole line, or with a whole
 * word where the line is long.
 */
export function validating(text: string, part: number): string {
  const start = Math.max(0, Math.min(text.length - mostSymbols, Math.ceil(text.length * (1 - part))));
  const read = text.slice(start, start + 2 * mostSymbols);
  return start === 0 || text[start - 1] === '\n' ? read : read.replace(begun, '');
}
