// How many columns a text takes on a terminal: Korean, Chinese, Japanese and emoji take two, marks that combine take none.

import { stripVTControlCharacters } from 'node:util';

import { visible } from './visible.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const plain = /^[\x20-\x7e]*$/;
const invisible = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u;
const emoji = /\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator}{2}/u;

/** First and last code points of what Unicode calls wide and full-width, apart from emoji. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18d08],
  [0x1aff0, 0x1b2fb],
  [0x20000, 0x3fffd],
];

/** Columns of `text` as it is printed: what is hidden is written out, our colors count for nothing. */
export function stringWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(shownAs(text)))) width += graphemeWidth(segment);
  return width;
}

/** `text` in at most `width` columns, with an ellipsis where something was cut off. Color codes are dropped from a text that is cut. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  if (width < 1) return '';
  let [kept, used] = ['', 0];
  for (const { segment } of graphemes.segment(stripVTControlCharacters(shownAs(text)))) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const shownAs = (text: string) => visible(text, { colors: true });

/** `text` filled with spaces on its right. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** `text` filled with spaces on its left. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** Lines of at most `width` columns, broken between words; a word that is too long for a line keeps one of its own. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    for (const word of paragraph.split(' ')) {
      const last = lines.at(-1);
      if (last !== undefined && stringWidth(last) + 1 + stringWidth(word) <= width)
        lines[lines.length - 1] += ` ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}

function graphemeWidth(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  if (emoji.test(grapheme)) return 2;
  const code = grapheme.codePointAt(0) as number;
  return wide.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
