// The unit of texts for which none was given.

const looked = 1000; // texts

/**
 * Words, but characters for names and other single words, which are rarely seen twice, and in scripts whose words do not stand alone between spaces: a
 * Korean word carries its particles and endings, and Chinese and Japanese have no spaces.
 */
export function usualUnit(texts: readonly string[]): 'character' | 'word' {
  const single = texts.filter((text) => !/\s/.test(text.trim())).length;
  if (single > 0.9 * texts.length) return 'character';
  const letters = texts.slice(0, looked).flatMap((text) => text.match(/\p{L}/gu) ?? []);
  const joined = letters.filter((letter) => /[\p{sc=Hangul}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u.test(letter));
  return joined.length > letters.length / 2 ? 'character' : 'word';
}
