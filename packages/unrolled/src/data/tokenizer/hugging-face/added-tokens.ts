// Tokens that a tokenizer.json finds in a text before anything else: special ones, and words added to a finished vocabulary. The first to begin
// counts, of those the longest. Some are looked for in the text as it is, others in the normalised text.

import { Part } from './part.ts';
import { escape } from './patterns.ts';

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly normalized: boolean;
  /** Only where no letter or digit stands beside it. */
  readonly singleWord: boolean;
  /** Whether white space before or after it belongs to it. */
  readonly left: boolean;
  readonly right: boolean;
}

export function readAddedTokens(file: Part): AddedToken[] {
  if (file.fields.added_tokens == null) return [];
  return file.parts('added_tokens').map((part) => {
    const [id, content] = [part.number('id'), part.text('content')];
    if (!(Number.isInteger(id) && id >= 0 && id < 2 ** 22))
      throw part.error(`id: expected a number below ${2 ** 22}, got ${id}`);
    if (content === '') throw part.error('content: expected a text of at least one character');
    const [singleWord, left, right] = ['single_word', 'lstrip', 'rstrip'].map((name) => part.flag(name, false));
    const special = part.flag('special', false);
    return { id, content, special, normalized: part.flag('normalized', !special), singleWord, left, right };
  });
}

/** A stretch of text, or a token found. */
export type Stretch = { readonly text: string; readonly first: boolean } | { readonly id: number };

/** A function that finds `tokens` in a text; `contentOf` says what to look for. */
export function finder(
  tokens: readonly AddedToken[],
  contentOf: (token: AddedToken) => string,
): (text: string) => Stretch[] {
  const known = new Map<string, AddedToken>();
  for (const token of tokens) if (!known.has(contentOf(token))) known.set(contentOf(token), token);
  known.delete('');
  if (known.size === 0) return (text) => [{ text, first: true }];
  const longestFirst = [...known.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(escape).join('|'), 'gu');
  const wordCharacter = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
  return (text) => {
    const stretches: Stretch[] = [];
    let done = 0;
    for (const found of text.matchAll(pattern)) {
      const token = known.get(found[0]);
      let [start, end] = [found.index, found.index + found[0].length];
      if (!token || start < done) continue;
      const beside = [
        ...Array.from(text.slice(Math.max(0, start - 2), start)).slice(-1),
        ...Array.from(text.slice(end, end + 2)).slice(0, 1),
      ];
      if (token.singleWord && beside.some((character) => wordCharacter.test(character))) continue;
      if (token.left) while (start > done && /\p{White_Space}/u.test(text[start - 1])) start--;
      if (token.right) while (end < text.length && /\p{White_Space}/u.test(text[end])) end++;
      if (start > done) stretches.push({ text: text.slice(done, start), first: done === 0 });
      stretches.push({ id: token.id });
      done = end;
    }
    if (done < text.length) stretches.push({ text: text.slice(done), first: done === 0 });
    return stretches;
  };
}
