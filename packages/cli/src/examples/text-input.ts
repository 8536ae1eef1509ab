// The texts that `predict` is asked about: arguments, lines of a file or of standard input, or a column of a table.

import { FormatError, OptionError } from 'unrolled';
import { chooseColumns, isTable, linesOf, readWholeText, Skipped, Table } from '../readers/index.ts';

export interface TextInput {
  readonly file: string | null;
  readonly where: string | null;
}

/** `column`: what the column with the texts was called in training. */
export async function textsOf(
  inputs: readonly string[],
  { file, where }: TextInput,
  column: { readonly name: string; readonly flag: string } | null,
): Promise<string[]> {
  if (file === null && inputs.length === 0)
    throw new OptionError('predict', 'text', 'say a text, --file file, or - for lines from standard input');
  const texts =
    file === null
      ? inputs.flatMap((text) => (text === '-' ? linesOf(readWholeText('-')) : [text]))
      : await fromFile(file, where, column);
  if (texts.length > 0) return texts;
  throw new FormatError(file === null || file === '-' ? 'standard input' : file, 'holds no texts');
}

async function fromFile(
  file: string,
  where: string | null,
  column: { readonly name: string; readonly flag: string } | null,
): Promise<string[]> {
  if (file === '-' || !isTable(file)) return linesOf(readWholeText(file));
  const table = await Table.open([file], { where });
  const wish = { flag: column?.flag ?? '--file', given: null, guesses: [column?.name ?? 'text', 'text', 'source'] };
  const { text } = chooseColumns({ text: wish }, table.columns, file);
  const texts: string[] = [];
  for await (const rows of table.read([text as string], new Skipped('skip')))
    texts.push(...rows.map(({ cells }) => cells[0] ?? ''));
  return texts;
}
