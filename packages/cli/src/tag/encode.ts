// Tagged rows as numbers. Tags that occur once, and so cannot be learned, and tags that training does not have are ignored by the loss, and reported.

import { noLabel, type TaggedSequences } from 'unrolled';
import { type TokenCharacters, type TokenVocabulary, withCharacters } from 'unrolled/data';
import { cutWarning } from '../examples/say.ts';
import { grouped } from '../terminal/index.ts';
import { listOf, noTag, type Tagged } from './data.ts';
import { t } from '../language/index.ts';

export interface EncodedTags extends TaggedSequences {
  readonly sequences: readonly Int32Array[];
  readonly labels: readonly Int32Array[];
  readonly tokens: readonly (readonly string[])[];
  /** Said of what was left out. */
  readonly warnings: readonly string[];
  /** Share of the tokens that the vocabulary lacks. */
  readonly unknown: number;
  /** Steps of the longest, before any was cut. */
  readonly longest: number;
}

/** The tags that are learned, sorted, and the report on the others. */
export function tagsOf(rows: readonly Tagged[]): { tags: string[]; lonely: string[]; warnings: string[] } {
  const seen = new Map<string, { count: number; first: Tagged }>();
  for (const row of rows) {
    for (const tag of listOf(row.cells.tags)) {
      const one = seen.get(tag);
      if (one) one.count++;
      else if (tag !== noTag) seen.set(tag, { count: 1, first: row });
    }
  }
  const once = [...seen].filter(([, { count }]) => count === 1);
  const tags = [...seen.keys()].filter((tag) => !once.some(([other]) => other === tag)).sort();
  const shown = once.slice(0, 3).map(([tag, { first }]) => `${JSON.stringify(tag)} (${placeOf(first)})`);
  const more = once.length > 3 ? '; …' : '';
  const warnings =
    once.length === 0
      ? []
      : [
          once.length === 1
            ? t`1 tag is seen once and not learned: ${shown.join('; ')}${more}`
            : t`${grouped(once.length)} tags are seen once and not learned: ${shown.join('; ')}${more}`,
        ];
  return { tags, lonely: once.map(([tag]) => tag), warnings };
}

export function encodeTagged(
  rows: readonly Tagged[],
  vocabulary: TokenVocabulary,
  tags: readonly string[],
  { maxLength, lonely = [] }: { readonly maxLength: number; readonly lonely?: readonly string[] },
  characters: TokenCharacters | null = null,
): EncodedTags {
  const number = new Map(tags.map((tag, n) => [tag, n]));
  const strange = new Map<string, Tagged>();
  let [cut, longest, all, unknown] = [0, 0, 0, 0];
  const encoded = rows.map((row) => {
    const given = listOf(row.cells.tokens);
    longest = Math.max(longest, given.length);
    if (given.length > maxLength) cut++;
    const tokens = given.slice(0, maxLength);
    const ids = vocabulary.encode(tokens);
    all += ids.length;
    unknown += ids.filter((id) => id === vocabulary.unknown).length;
    const labels = listOf(row.cells.tags).slice(0, maxLength);
    for (const tag of labels) if (!number.has(tag) && tag !== noTag && !lonely.includes(tag)) strange.set(tag, row);
    return {
      tokens,
      sequence: characters ? withCharacters(ids, tokens, characters) : ids,
      labels: Int32Array.from(labels, (tag) => number.get(tag) ?? noLabel),
    };
  });
  const [first] = strange;
  const warnings = [
    ...cutWarning('sequences', cut, rows.length, maxLength),
    ...(first
      ? [
          t`${grouped(strange.size)} tags that training does not have count for nothing: ${JSON.stringify(first[0])} (${placeOf(first[1])})${strange.size > 1 ? '; …' : ''}`,
        ]
      : []),
  ];
  return {
    sequences: encoded.map(({ sequence }) => sequence),
    labels: encoded.map(({ labels }) => labels),
    tokens: encoded.map(({ tokens }) => tokens),
    warnings,
    unknown: unknown / Math.max(1, all),
    longest,
  };
}

function placeOf({ file, row, unit = 'row' }: Tagged): string {
  return `${file}, ${unit} ${row}`;
}
