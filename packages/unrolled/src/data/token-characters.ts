// Tokens with their characters, for a tagger that reads both.

import { requireKinds, requireOneEach, requireWhole } from '../checks.ts';
import type { TokenVocabulary } from './token-vocabulary.ts';

/** The characters of tokens as a model reads them. */
export interface TokenCharacters {
  /** Characters and their ids. */
  readonly vocabulary: TokenVocabulary;
  /** Characters in the input of a token: W. */
  readonly longest: number;
}

/**
 * The ids of tokens, each followed by those of its characters (code points): [id, c₁ … c_W] for each token, 0 behind the last character. Of a token
 * of more than W characters the first and the last half are read: beginnings and endings of words are what tells.
 *
 *     const characters = TokenVocabulary.of(rows.flat().map((token) => Array.from(token)), { size: null, minCount: 2, lowercase: false });
 *     withCharacters(vocabulary.encode(tokens), tokens, { vocabulary: characters, longest: 20 });   // [T · 21]
 */
export function withCharacters(
  ids: ArrayLike<number>,
  tokens: readonly string[],
  characters: TokenCharacters,
): Int32Array {
  const who = 'withCharacters';
  const kinds = { ids: 'numbers', tokens: 'texts', characters: { vocabulary: { encode: 'function' }, longest: 'number' } } as const; // biome-ignore format: one line
  requireKinds(who, { ids, tokens, characters }, kinds);
  const { vocabulary, longest } = characters;
  requireWhole(who, 'longest', longest, 1);
  requireOneEach(who, 'ids', ids, `${tokens.length} tokens`, tokens.length);
  const size = 1 + longest;
  const all = new Int32Array(tokens.length * size);
  for (const [t, token] of tokens.entries()) {
    all[t * size] = ids[t];
    all.set(vocabulary.encode(shortened(Array.from(token), longest)), t * size + 1);
  }
  return all;
}

function shortened(characters: string[], longest: number): string[] {
  const over = characters.length - longest;
  if (over > 0) characters.splice(Math.ceil(longest / 2), over);
  return characters;
}
