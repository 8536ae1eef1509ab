// Small things that several tasks say.

import { grouped } from '../terminal/index.ts';
import { t } from '../language/index.ts';

/** A text that can stand between quotes on one line of any shell. */
export function typeable(texts: Iterable<string>): string {
  for (const text of texts) if (text.length <= 40 && !/^-|["$`\\!%\p{Cc}]/u.test(text)) return text;
  return 'a text';
}

/** `3.2% of the tokens of the validation sources the vocabulary lacks`, where there are any. */
export function unknownWarning(what: string, share: number): string[] {
  if (share === 0) return [];
  const percent = (100 * share).toFixed(share < 0.001 ? 3 : 1);
  return [t`${percent}% of the tokens of ${what} are not in the vocabulary`];
}

/** `3 of 200 texts were cut to 400 tokens`, where any were. */
export function cutWarning(what: string, cut: number, of: number, maxLength: number): string[] {
  if (cut === 0) return [];
  return [t`${grouped(cut)} of ${grouped(of)} ${what} were cut to ${grouped(maxLength)} tokens; see --max-length`];
}
