// The texts that `predict` is asked about: arguments, lines of a file or of standard input, or a column of a table. Every row of a file has an answer, or the
// reason why there is none, under its own number and in its own place.

import { FormatError, OptionError } from 'unrolled';
import { isTable, linesOf, readWholeText, Skipped, Table, usualColumn } from '../readers/index.ts';
import type { Prediction } from '../runs/kind.ts';
import type { InputNotices } from './notices.ts';

export interface TextInput {
  readonly file: string | null;
  readonly where: string | null;
}

/** How the run's own data were read. */
export interface Reading {
  /** What the column with the texts was called; null where they were in no table, or nobody knows. */
  readonly column: string | null;
  /** What it is mostly called. */
  readonly guesses: readonly string[];
  readonly header: boolean;
}

export interface InputText {
  /** From 1: of the file's rows, or of the arguments. */
  readonly row: number;
  readonly text: string;
  /** Why there is no text. */
  readonly problem: string | null;
}

export async function textsOf(
  inputs: readonly string[],
  { file, where }: TextInput,
  reading: Reading,
): Promise<InputText[]> {
  if (file === null && inputs.length === 0)
    throw new OptionError('predict', 'text', 'say a text, --file file, or - for lines from standard input');
  const texts =
    file === null
      ? numbered(inputs.flatMap((text) => (text === '-' ? linesOf(readWholeText('-')) : [text])))
      : await fromFile(file, where, reading);
  if (texts.length > 0) return texts;
  throw new FormatError(file === null || file === '-' ? 'standard input' : file, 'holds no texts');
}

/** `answer` is given some texts at a time, and what it says of them comes in the order of the rows. */
export async function* answerAll<T extends Prediction>(
  texts: readonly InputText[],
  together: number,
  notices: InputNotices,
  answer: (some: readonly InputText[]) => Promise<readonly T[]>,
): AsyncGenerator<Prediction, void> {
  for (let from = 0; from < texts.length; from += together) {
    const some = texts.slice(from, from + together);
    const answers = (await answer(some.filter(({ problem }) => problem === null))).values();
    for (const { row, problem } of some) {
      if (problem === null) {
        yield answers.next().value as T;
        continue;
      }
      notices.lack(row, problem);
      yield { result: { row, error: problem }, lines: () => [''] };
    }
  }
  notices.finish();
}

function numbered(texts: readonly string[]): InputText[] {
  return texts.map((text, i) => ({ row: i + 1, text, problem: null }));
}

async function fromFile(file: string, where: string | null, reading: Reading): Promise<InputText[]> {
  const table = file === '-' ? null : await tableOf(file, where, reading);
  if (table === null) {
    if (where !== null) throw new OptionError('predict', '--where', `is for tables; ${file} is read line by line`);
    return numbered(linesOf(readWholeText(file)));
  }
  const skipped = new Skipped('skip');
  const texts: InputText[] = [];
  const column = columnOf(table.columns, file, reading);
  for await (const rows of table.read([column], skipped))
    for (const { row, cells } of rows) texts.push({ row, text: cells[0] ?? '', problem: null });
  const without = skipped.all.map(({ row, why }) => ({ row, text: '', problem: why }));
  return [...texts, ...without].sort((a, b) => a.row - b.row);
}

/** A .txt is a table where the run's own were tables and it has their column; otherwise lines. */
async function tableOf(file: string, where: string | null, { column, header }: Reading): Promise<Table | null> {
  if (isTable(file)) return Table.open([file], { where, header });
  if (column === null || !/\.txt(\.gz)?$/i.test(file)) return null;
  const { columns } = await Table.open([file], { header });
  return columns.length > 1 && columns.includes(column) ? Table.open([file], { where, header }) : null;
}

function columnOf(columns: readonly string[], file: string, { column, guesses }: Reading): string {
  const names = column === null ? guesses : [column, ...guesses];
  const found = usualColumn(columns, names);
  if (found !== null) return found;
  if (columns.length === 1) return columns[0];
  const called = column === null ? guesses[0] : column;
  throw new FormatError(
    file,
    `which column has the texts? There are ${columns.join(', ')}, and the run looks for one that is called ${called}; rename it, or name a file with this column alone`,
  );
}
