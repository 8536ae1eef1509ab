// Everything that captions are measured by, in one call.

import { requireKinds } from '../checks.ts';
import { bleu } from './bleu.ts';
import { ciderD } from './cider.ts';
import { exactMatch } from './edit-distance.ts';
import { meteorExact, rougeL } from './rouge.ts';
import type { References } from './check.ts';

/** The metrics of captions against their references. */
export interface CaptionScores {
  /** BLEU of one word to four, of the whole set, not smoothed: 0 to 1, as captions are reported. */
  readonly bleu1: number;
  readonly bleu2: number;
  readonly bleu3: number;
  readonly bleu4: number;
  readonly rougeL: number;
  /** CIDEr-D, 0 to 10. */
  readonly cider: number;
  /** The exact-match part of METEOR. */
  readonly meteorExact: number;
  /** The part that is one of its references, word for word. */
  readonly exact: number;
}

/** Captions and the references of each. Words are taken by white space: lower-case and take off punctuation before. */
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
