// Texts as numbers, as a model of sequences reads them.

import type { Tokenizer } from 'unrolled/data';

/** Texts as numbers, cut to `maxLength`; an empty one is the unknown token, since a sequence has a step. */
export function encodeTexts(texts: readonly string[], tokenizer: Tokenizer, maxLength: number): Int32Array[] {
  return encodeAndCount(texts, tokenizer, maxLength).sequences;
}

/** The same, and how many were cut. */
export function encodeAndCount(
  texts: readonly string[],
  tokenizer: Tokenizer,
  maxLength: number,
): { readonly sequences: Int32Array[]; readonly cut: number } {
  let cut = 0;
  const sequences = texts.map((text) => {
    const ids = tokenizer.encode(text);
    if (ids.length > maxLength) cut++;
    return ids.length > 0 ? ids.subarray(0, maxLength) : Int32Array.of(tokenizer.unknown);
  });
  return { sequences, cut };
}

/** Texts for a sample: others at every `seed`, and the same at the same. */
export function sampledRows(count: number, of: number, seed: number): number[] {
  return Array.from({ length: count }, (_, k) => (seed * 7919 + k * 104_729) % of);
}

/** `count` rows of all, evenly. */
export function evenRows(count: number, of: number): number[] {
  const some = Math.min(count, of);
  return Array.from({ length: some }, (_, k) => Math.floor((k * of) / some));
}
