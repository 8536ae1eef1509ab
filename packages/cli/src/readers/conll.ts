// Reads CoNLL files: a token per line with its annotations in columns, an empty line after each sequence.
//
//   Peter   NNP  B-PER        the tag is in the last column, the token in the first, unless others are asked for
//   sleeps  VBZ  O
//
// Columns stand between tabs or between spaces, whichever gives all lines the same number of columns. A line that begins with # and has as many
// columns is a token (#Oslo2024), unless a space follows and its tag is nobody else's; otherwise it is a comment. -DOCSTART- parts documents (CoNLL-2003). CoNLL-U's lines
// for words of several tokens (1-2) and for words that are not written (1.1) are left out.

import { FormatError, OptionError } from 'unrolled';
import { parseDecimal } from 'unrolled/data';
import { linesOf, readWholeText } from './lines.ts';
import type { Row } from './table.ts';

export interface ConllOptions {
  /** Numbers of the columns, from 1. */
  readonly tokens: string | null;
  readonly tags: string | null;
}

/** A row for each sequence: its tokens and its tags as JSON, and its first line. A line without a tag leaves one too few. */
export function readConll(path: string, { tokens, tags }: ConllOptions): Row[] {
  const lines = linesOf(readWholeText(path));
  const { cut, width } = layoutOf(lines);
  if (width < 2)
    throw new FormatError(path, 'has one column; expected tokens and tags, as a CoNLL file with both or a table');
  const [token, tag] = [columnNumber('--tokens', tokens, width, 1), columnNumber('--tags', tags, width, width)];
  const known = tagsOf(lines, cut, width, tag);
  const rows: Row[] = [];
  let [first, words, labels]: [number, string[], string[]] = [0, [], []];
  const finish = () => {
    if (words.length > 0)
      rows.push({ file: path, row: first, unit: 'line', cells: [JSON.stringify(words), JSON.stringify(labels)] });
    [words, labels] = [[], []];
  };
  for (const [n, line] of lines.entries()) {
    if (isBetween(line)) {
      finish();
      continue;
    }
    const cells = cut(line);
    if (line.startsWith('#') && !isToken(line, cells, { width, tag, known, inside: words.length > 0 })) continue;
    if (cells.length === 10 && /^\d+[-.]\d+$/.test(cells[0])) continue;
    if (words.length === 0) first = n + 1;
    words.push(cells[token - 1] ?? '');
    if (cells.length >= Math.max(2, tag) && cells[tag - 1] !== '') labels.push(cells[tag - 1]);
  }
  finish();
  return rows;
}

/**
 * The tokens of each sequence of a CoNLL file, whatever else its columns hold: a file to be tagged has no tags, or tokens alone, one on a line. Null for a text that
 * is no CoNLL: one without empty lines between sequences, or with lines of different widths.
 */
export function readConllTokens(path: string, tokens: string | null): string[][] | null {
  const lines = linesOf(readWholeText(path));
  if (!looksLikeConll(lines.join('\n')) && !isTokenALine(lines)) return null;
  const { cut, width } = layoutOf(lines);
  const token = columnNumber('--tokens', tokens, width, 1);
  const sequences: string[][] = [[]];
  for (const line of lines) {
    if (isBetween(line)) {
      sequences.push([]);
      continue;
    }
    const cells = width === 1 ? [line.trim()] : cut(line);
    const comment = line.startsWith('#') && (cells.length !== width || line.startsWith('# '));
    if (comment || (cells.length === 10 && /^\d+[-.]\d+$/.test(cells[0]))) continue;
    sequences[sequences.length - 1].push(cells[token - 1] ?? '');
  }
  return sequences.filter((sequence) => sequence.length > 0);
}

/** Tokens alone: no line has white space within, and empty lines stand between. */
function isTokenALine(lines: readonly string[]): boolean {
  const between = lines.some((line, n) => n > 0 && n < lines.length - 1 && line.trim() === '');
  return between && lines.every((line) => line.startsWith('#') || !/\s/.test(line.trim()));
}

/** Whether a text looks like CoNLL and not like a table: empty lines separate its rows of at least two columns. For files that may be either (.tsv). */
export function looksLikeConll(text: string): boolean {
  const lines = linesOf(text);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (!lines.some((line, n) => n > 0 && line.trim() === '') && !lines[0]?.startsWith('-DOCSTART-')) return false;
  const { width, share } = layoutOf(lines);
  return width >= 2 && share > 0.9;
}

type Cut = (line: string) => string[];

const cuts: readonly Cut[] = [
  (line) => line.replace(/[ \t]+$/, '').split('\t'),
  (line) => line.replace(/^ +|[ \t]+$/g, '').split(/ +/),
  (line) => line.replace(/^[ \t]+|[ \t]+$/g, '').split(/[ \t]+/),
];

/** The delimiter that gives the most lines the same number of columns, at least two. */
function layoutOf(lines: readonly string[]): { readonly cut: Cut; readonly width: number; readonly share: number } {
  const counted = lines.filter((line) => !isBetween(line) && !line.startsWith('#'));
  const all = counted.length > 0 ? counted : lines.filter((line) => !isBetween(line));
  const layouts = cuts.map((cut) => {
    const widths = new Map<number, number>();
    for (const line of all) widths.set(cut(line).length, (widths.get(cut(line).length) ?? 0) + 1);
    const wide = [...widths].filter(([width]) => width >= 2);
    const [width, lines] = wide.reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0]);
    return { cut, width, share: lines / Math.max(1, all.length) };
  });
  return layouts.reduce((a, b) => (b.share > a.share ? b : a));
}

function isBetween(line: string): boolean {
  return line.trim() === '' || line.startsWith('-DOCSTART-');
}

/** The tags of the lines that do not begin with #. */
function tagsOf(lines: readonly string[], cut: Cut, width: number, tag: number): ReadonlySet<string> {
  const tags = new Set<string>();
  for (const line of lines) {
    if (isBetween(line) || line.startsWith('#')) continue;
    const cells = cut(line);
    if (cells.length === width) tags.add(cells[tag - 1]);
  }
  return tags;
}

interface Known {
  readonly width: number;
  readonly tag: number;
  readonly known: ReadonlySet<string>;
  /** Whether tokens of the sequence precede it: comments stand before the first. */
  readonly inside: boolean;
}

/** Of a line that begins with #. */
function isToken(line: string, cells: readonly string[], { width, tag, known, inside }: Known): boolean {
  if (/^#\s*(?:newdoc|newpar|sent_id|text)\b/.test(line) && cells.length !== width) return false;
  if (cells.length === width && (known.has(cells[tag - 1]) || line.includes('\t') || /^#\S/.test(line))) return true;
  return inside && (cells.length === width || cells.length === 1);
}

function columnNumber(flag: string, given: string | null, widest: number, otherwise: number): number {
  if (given === null) return otherwise;
  const n = parseDecimal(given);
  if (Number.isInteger(n) && n >= 1 && n <= widest) return n;
  throw new OptionError('train tag', flag, `of a CoNLL file: expected a column from 1 to ${widest}, got ${given}`);
}
