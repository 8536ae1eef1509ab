// CoNLL files: a token on a line with what is known of it in columns, an empty line after each sequence.
//
//   Peter   NNP  B-PER        the tag is in the last column, the token in the first, unless others are asked for
//   sleeps  VBZ  O
//
// Lines that begin with # are comments where a line has tabs (CoNLL-U), and -DOCSTART- parts documents (CoNLL-2003). CoNLL-U's lines for words
// of several tokens (1-2) and for words that are not written (1.1) are left out.

import { FormatError, OptionError } from 'unrolled';
import { linesOf, readWholeText } from './lines.ts';
import type { Row } from './table.ts';

export interface ConllOptions {
  /** Numbers of the columns, from 1. */
  readonly tokens: string | null;
  readonly tags: string | null;
}

/** A row for each sequence: its tokens and its tags as JSON, and the line it begins on. A line without a tag leaves one too few. */
export function readConll(path: string, { tokens, tags }: ConllOptions): Row[] {
  const lines = linesOf(readWholeText(path));
  const parted = lines.some((line) => line.includes('\t'));
  const rows: Row[] = [];
  let [first, words, labels]: [number, string[], string[]] = [0, [], []];
  const finish = () => {
    if (words.length > 0)
      rows.push({ file: path, row: first, unit: 'line', cells: [JSON.stringify(words), JSON.stringify(labels)] });
    [words, labels] = [[], []];
  };
  const widest = lines.reduce((most, line) => Math.max(most, columnsOf(line, parted).length), 0);
  const [token, tag] = [columnNumber('--tokens', tokens, widest, 1), columnNumber('--tags', tags, widest, widest)];
  if (widest < 2)
    throw new FormatError(path, 'has one column; expected tokens and tags, as a CoNLL file with both or a table');
  for (const [n, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('-DOCSTART-')) {
      finish();
      continue;
    }
    const cells = columnsOf(line, parted);
    if ((parted && line.startsWith('#')) || (cells.length === 10 && /^\d+[-.]\d+$/.test(cells[0]))) continue;
    if (words.length === 0) first = n + 1;
    words.push(cells[token - 1] ?? '');
    if (cells.length >= Math.max(2, tag) && cells[tag - 1] !== '') labels.push(cells[tag - 1]);
  }
  finish();
  return rows;
}

function columnsOf(line: string, parted: boolean): string[] {
  if (parted && line.startsWith('#')) return [];
  return parted ? line.split('\t') : line.split(/ +/);
}

function columnNumber(flag: string, given: string | null, widest: number, otherwise: number): number {
  if (given === null) return otherwise;
  const n = Number(given);
  if (Number.isInteger(n) && n >= 1 && n <= widest) return n;
  throw new OptionError('train tag', flag, `of a CoNLL file: expected a column from 1 to ${widest}, got ${given}`);
}
