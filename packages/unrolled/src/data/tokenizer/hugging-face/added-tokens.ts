// Tokens that a tokenizer.json matches before anything else: special ones, and words added to a finished vocabulary. The first match
// counts, of several the longest. Some are matched in the text as it is, others in the normalized text.

import { shown } from '../../../checks.ts';
import { isTokenNumber, mostTokens } from './model.ts';
import { Part } from './part.ts';
import { Trie } from './trie.ts';

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly normalized: boolean;
  /** Whether it matches only next to no letter or digit. */
  readonly singleWord: boolean;
  /** Whether white space before or after it belongs to it. */
  readonly left: boolean;
  readonly right: boolean;
}

export function readAddedTokens(file: Part): AddedToken[] {
  if (file.fields.added_tokens == null) return [];
  return file.parts('added_tokens').map((part) => {
    const [id, content] = [part.number('id'), part.text('content')];
    if (!isTokenNumber(id)) throw part.error(`id: expected a number below ${mostTokens}, got ${shown(id)}`);
    if (content === '') throw part.error('content: expected a text of at least one character');
    const [singleWord, left, right] = ['single_word', 'lstrip', 'rstrip'].map((name) => part.flag(name, false));
    const special = part.flag('special', false);
    return { id, content, special, normalized: part.flag('normalized', !special), singleWord, left, right };
  });
}

/** A stretch of text, or a token found. */
export type Stretch = { readonly text: string; readonly first: boolean } | { readonly id: number };

/** Returns a function that finds `tokens` in a text; `contentOf` gives the string to match. */
export function finder(
  tokens: readonly AddedToken[],
  contentOf: (token: AddedToken) => string,
  part: Part,
): (text: string) => Stretch[] {
  const known = new Map<string, AddedToken>();
  for (const token of tokens) if (!known.has(contentOf(token))) known.set(contentOf(token), token);
  known.delete('');
  if (known.size === 0) return (text) => [{ text, first: true }];
  const trie = new Trie();
  const list = [...known];
  for (const [k, [content]] of list.entries()) trie.add(content, k, part);
  const wordCharacter = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
  return (text) => {
    const stretches: Stretch[] = [];
    let done = 0;
    for (let at = 0; at < text.length; ) {
      let [start, end, which] = [at, at, -1];
      trie.walk(text, at, (to, k) => {
        if (!cutsPair(text, to)) [end, which] = [to, k]; // the longest comes last
      });
      at = which < 0 ? at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) : end;
      if (which < 0 || start < done) continue;
      const token = list[which][1];
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

/** Whether `at` lies between the halves of a surrogate pair. */
function cutsPair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
