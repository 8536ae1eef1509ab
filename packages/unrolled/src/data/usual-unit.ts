// The unit of texts for which none was given.

import { requireKinds } from '../checks.ts';

const looked = 1000; // texts

/**
 * The unit in which a classifier of these texts usually reads best. Words, but characters for names and other single words, which are rarely seen twice, and in scripts whose words do not stand alone between spaces: a
 * Korean word carries its particles and endings, and Chinese and Japanese have no spaces.
 *
 *     const tokenizer = Tokenizer.train(texts, { unit: usualUnit(texts) });
 */
export function usualUnit(texts: readonly string[]): 'character' | 'word' {
  requireKinds('usualUnit', { texts }, { texts: ['text'] });
  const single = texts.filter((text) => !/\s/.test(text.trim())).length;
  if (single > 0.9 * texts.length) return 'character';
  const letters = texts.slice(0, looked).flatMap((text) => text.match(/\p{L}/gu) ?? []);
  const joined = letters.filter((letter) => /[\p{sc=Hangul}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u.test(letter));
  return joined.length > letters.length / 2 ? 'character' : 'word';
}
