// Labels, names, samples and file names come from data, and data may hold terminal control sequences: one that sets its title or clipboard, hidden
// text, or another reading order. All that is printed goes through `visible`, into pipes as well: whoever shows
// the pipe's content later has the same terminal.

/** What `style.ts` and `colored-text.ts` write, and nothing else: bold, dim, eight colors, backgrounds of the color cube under white. */
const ours = String.raw`\x1b\[(?:0|1|2|22|3[1-9]|97|48;5;\d{1,3})m`;
/** England's flag and the like: tags that belong to a flag. */
const flags = String.raw`\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{2,6}\u{E007F}`;
/**
 * Controls but \n and \t, and what takes no room and is not part of a letter: marks, overrides and isolates of the direction, tags, fillers,
 * line separators. Joiners (emoji, Persian), combining marks and the signs before Arabic numbers stay; so do variants of an ideograph.
 */
const hidden = String.raw`\r(?!\n)|[\p{Cc}--[\n\t\r]]|[\p{Cf}--[\u200c\u200d\u00ad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]]|[\u2028\u2029\u2065\u3164\uffa0\ufff0-\ufff8\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]|(?<!\p{Ideographic})[\u{E0100}-\u{E01EF}]`;

const plain = /^[\x20-\x7e\n\t]*$/;
const styled = new RegExp(`(${ours}|${flags})|${hidden}`, 'gv');
const unstyled = new RegExp(`(${flags})|${hidden}`, 'gv');

/** `text` with every hidden character escaped: `\x1b`, `\u202e`. `colors`: our own styling passes. */
export function visible(text: string, { colors = false }: { readonly colors?: boolean } = {}): string {
  if (plain.test(text)) return text;
  return text.replace(colors ? styled : unstyled, (found, kept: string | undefined) => kept ?? written(found));
}

/** JSON for one line, in which what is hidden is escaped as JSON escapes it: a program reads the very text that was there. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (plain.test(text)) return text;
  const units = (found: string) =>
    Array.from({ length: found.length }, (_, k) => `\\u${found.charCodeAt(k).toString(16).padStart(4, '0')}`).join('');
  return text.replace(unstyled, (found, kept: string | undefined) => kept ?? units(found));
}

/** A cell of a CSV file. A text that a spreadsheet would evaluate gets an apostrophe before it; numbers are numbers. */
export function csvCell(cell: string | number): string {
  const predicted = String(cell);
  const computed = typeof cell === 'string' && /^[=+\-@\t\r]/.test(predicted) && !isNumber(predicted);
  const text = computed ? `'${predicted}` : predicted;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const isNumber = (text: string) => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);

function written(character: string): string {
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16);
  if (character === '\r') return '\\r';
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
