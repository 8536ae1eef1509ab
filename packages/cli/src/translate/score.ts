// How near translations come to the truth. Both are text as the tokenizer writes it: what a model cannot write (capitals, where it reads them as
// lowercase; letters with their accents apart) is not asked of it, and the signatures say so.

import { type Tokenizer } from 'unrolled/data';
import { bleu, type BleuScore, chrf, exactMatch } from 'unrolled/metrics';

export type BleuTokens = '13a' | 'char' | 'none';

interface Scores {
  readonly bleu: BleuScore;
  readonly chrf: { readonly score: number; readonly signature: string };
  /** The part that is written as it should be. */
  readonly exactMatch: number;
}

/** `wanted`: texts as `tokenizer.normalize` gives them. */
export function scoresOf(
  predicted: readonly string[],
  wanted: readonly string[],
  tokenizer: Tokenizer,
  tokenize: BleuTokens,
): Scores {
  const { lowercase } = tokenizer;
  return {
    bleu: bleu(predicted, wanted, { tokenize, lowercase }),
    chrf: chrf(predicted, wanted, { lowercase }),
    exactMatch: exactMatch(predicted, wanted),
  };
}

/** BLEU with its usual tokens, as it is measured while a model learns. */
export function bleuOf(predicted: readonly string[], wanted: readonly string[], { lowercase }: Tokenizer): number {
  return bleu(predicted, wanted, { lowercase }).score;
}
