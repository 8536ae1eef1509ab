// Prompts as ids. What a vocabulary of characters does not know is left out and listed; a tokenizer has an id for it, which is read as in training.

import { Tokenizer, Vocabulary } from 'unrolled/data';
import type { TextCodec } from 'unrolled/pipelines';

/** At most so many unknown characters are listed. */
const mostListed = 100;

export interface Encoded {
  readonly ids: Int32Array;
  /** What the model does not know, each once. */
  readonly unknown: readonly string[];
}

export function encodeKnown(codec: TextCodec, prompt: string | readonly number[]): Encoded {
  if (typeof prompt !== 'string') return { ids: Int32Array.from(prompt), unknown: [] };
  if (codec instanceof Vocabulary) {
    const { ids, unknown } = codec.encodeKnown(prompt);
    return { ids, unknown: unknown.slice(0, mostListed) };
  }
  const ids = codec.encode(prompt);
  const isKnown = !(codec instanceof Tokenizer) || !ids.includes(codec.unknown);
  return { ids, unknown: isKnown ? [] : unknownWords(codec as Tokenizer, prompt) };
}

/** The characters, or else the words, that alone have an unknown token. */
function unknownWords(tokenizer: Tokenizer, prompt: string): string[] {
  const has = (text: string) => tokenizer.encode(text).includes(tokenizer.unknown);
  const found = new Set<string>();
  for (const word of new Set(prompt.split(/\s+/))) {
    if (word === '' || !has(word)) continue;
    const characters = Array.from(word).filter(has);
    const known = characters.length > 0 && characters.length < word.length ? characters : [word];
    for (const text of known) found.add(text);
    if (found.size >= mostListed) break;
  }
  return [...found].slice(0, mostListed);
}
