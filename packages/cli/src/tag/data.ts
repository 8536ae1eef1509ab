// Tokens and a tag for each: from two columns of a table, a CoNLL file, or synthetic.

import { FormatError } from 'unrolled';
import { syntheticData } from 'unrolled/data';
import { type ExampleSource, type Parts, partsOf } from '../examples/parts.ts';
import { withTidy } from '../examples/labels.ts';
import { type Example, type Examples, nothingNamed, readTable, takeRows, wishOf } from '../examples/read.ts';
import {
  expand,
  isBrokenList,
  isTable,
  listIn,
  looksLikeConll,
  readConll,
  readWholeText,
  tidyLabel,
} from '../readers/index.ts';
import { tagDemos, tokenDemos } from './options.ts';

export interface TaggedSource extends ExampleSource {
  readonly tokens: string | null;
  readonly tags: string | null;
}

type Column = 'tokens' | 'tags' | 'group';
export type Tagged = Example<Column>;

const columns = ['tokens', 'tags', 'group'] as const;
/** What the column of tokens is mostly called. */
export const tokenNames = ['tokens', 'words', 'text', 'sentence', 'characters'];

const demoExamples = 6000;

/** A tag that says that nobody knows it, as CoNLL-U has it. */
export const noTag = '_';

/** Reads and splits; the same source gives the same parts. */
export async function readTagged(source: TaggedSource): Promise<Parts<Column>> {
  if (source.paths.length === 0 && !source.demo)
    throw nothingNamed('tag', 'a table with tokens and tags, or a CoNLL file', tagDemos);
  const all = withTidyTags(await rowsOf(source.paths, source));
  const tags = new Set(all.rows.flatMap(({ cells }) => listOf(cells.tags)));
  if (all.rows.length > 0 && tags.size === 1)
    throw new FormatError(all.source, `every tag is ${JSON.stringify([...tags][0])}; there is nothing to tell apart`);
  const other = source.validation === null ? null : await readOtherTagged(source.validation, source);
  return partsOf('tag', all, other, source);
}

export async function readOtherTagged(path: string, source: TaggedSource): Promise<Examples<Column>> {
  return withTidyTags(await rowsOf([path], { ...source, demo: null }));
}

function withTidyTags(examples: Examples<Column>): Examples<Column> {
  return withTidy(examples, 'tags', listOf, (cell) => {
    const tags = listOf(cell);
    const tidy = tags.map(tidyLabel);
    return tags.every((tag, n) => tag === tidy[n]) ? cell : JSON.stringify(tidy);
  });
}

/** The elements of a list as JSON, Python or numpy writes it, or what spaces part. */
export function listOf(cell: string): string[] {
  return listIn(cell) ?? cell.split(/\s+/).filter((token) => token !== '');
}

async function rowsOf(paths: readonly string[], source: TaggedSource): Promise<Examples<Column>> {
  if (source.demo) {
    const { make, about } = syntheticData[source.demo as (typeof tokenDemos)[number]];
    const rows = make(demoExamples, 1).map(({ text, tags }, i) => ({
      file: 'demo',
      row: i + 1,
      cells: [JSON.stringify(Array.from(text)), JSON.stringify(tags)],
    }));
    return takeRows(about, rows, columns, source, unusable);
  }
  const files = expand(paths);
  if (files.every((file) => isConll(file, source))) {
    const rows = files.flatMap((file) => readConll(file, source));
    return takeRows(files.join(', '), rows, columns, source, unusable);
  }
  const wishes = {
    tokens: wishOf('--tokens', source.tokens, tokenNames, source),
    tags: wishOf('--tags', source.tags, ['tags', 'labels', 'ner_tags', 'pos_tags', 'upos', 'ner', 'pos'], source),
    group: { flag: '--group', given: source.group, guesses: [], optional: true },
  };
  return readTable(paths, wishes, source, unusable);
}

/** A .tsv may be a table with a sequence in a row, or CoNLL with a token in a row. */
function isConll(file: string, { tokens, tags, header }: TaggedSource): boolean {
  if (!isTable(file)) return true;
  const number = (column: string | null) => column === null || /^\d+$/.test(column);
  if (!header || !number(tokens) || !number(tags) || !/\.(tsv|tab)(\.gz)?$/i.test(file)) return false;
  return looksLikeConll(readWholeText(file));
}

function unusable(cells: Readonly<Record<Column, string>>): string | null {
  if (isBrokenList(cells.tokens) || isBrokenList(cells.tags)) return 'with a list that cannot be read';
  const [tokens, tags] = [listOf(cells.tokens), listOf(cells.tags)];
  if (tokens.length === 0) return 'without tokens';
  if (tags.length === 0) return 'without tags';
  if (tokens.length !== tags.length) return 'with tokens and tags of different lengths';
  return tags.every((tag) => tag === noTag) ? 'without a tag that is known' : null;
}
