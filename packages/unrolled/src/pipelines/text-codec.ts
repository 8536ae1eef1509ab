// What converts texts of a language model to ids of symbols, and back.

import { requireKinds, shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** A Vocabulary or a Tokenizer. */
export interface TextCodec {
  readonly size: number;
  encode(text: string): Int32Array;
  decode(ids: Iterable<number>): string;
}

/** Ids that no text is written with: the padding, the unknown token and the start of a Tokenizer. */
export function neverWritten(vocabulary: object): readonly number[] {
  const { pad, unknown, start } = vocabulary as Partial<Record<'pad' | 'unknown' | 'start', unknown>>;
  return [pad, unknown, start].filter((id) => typeof id === 'number');
}

/** The ids of a text; or those that were given, if there are such. */
export function idsOf(
  who: string,
  option: string,
  vocabulary: TextCodec,
  text: string | ArrayLike<number>,
): Int32Array {
  if (typeof text === 'string') return vocabulary.encode(text);
  requireKinds(who, { [option]: text }, { [option]: 'numbers' });
  for (let i = 0; i < text.length; i++)
    if (!(Number.isInteger(text[i]) && text[i] >= 0 && text[i] < vocabulary.size))
      throw new OptionError(who, option, `symbol ${i}: expected 0 to ${vocabulary.size - 1}, got ${shown(text[i])}`);
  return Int32Array.from(text);
}
