// All caption metrics in one call.

import { requireKinds } from '../checks.ts';
import { bleu } from './bleu.ts';
import { ciderD } from './cider.ts';
import { exactMatch } from './edit-distance.ts';
import { meteorExact, rougeL } from './rouge.ts';
import type { References } from './check.ts';

/** The metrics of captions against their references. */
export interface CaptionScores {
  /** BLEU-1 to BLEU-4 over the whole set, without smoothing: 0 to 1, as captions are reported. */
  readonly bleu1: number;
  readonly bleu2: number;
  readonly bleu3: number;
  readonly bleu4: number;
  readonly rougeL: number;
  /** CIDEr-D, 0 to 10. */
  readonly cider: number;
  /** METEOR restricted to exact matches. */
  readonly meteorExact: number;
  /** Fraction of captions equal to one of their references. */
  readonly exact: number;
}

/** Scores captions against their references. Words are split at white space: lowercase and remove punctuation before. */
export function captionScores(predicted: readonly string[], references: References): CaptionScores {
  requireKinds('captionScores', { predicted, references }, { predicted: 'texts', references: 'list' });
  const order = (maxOrder: number) =>
    bleu(predicted, references, { tokenize: 'none', smoothing: 'none', maxOrder }).score / 100;
  return {
    bleu1: order(1),
    bleu2: order(2),
    bleu3: order(3),
    bleu4: order(4),
    rougeL: rougeL(predicted, references),
    cider: ciderD(predicted, references).score,
    meteorExact: meteorExact(predicted, references),
    exact: exactMatch(predicted, references),
  };
}
