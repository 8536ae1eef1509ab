// Labels with their scores: what a classifier's probabilities are to a program.

import { OptionError } from '../errors.ts';

/** A label and its probability. */
export interface LabelScore {
  readonly label: string;
  /** Its probability. */
  readonly score: number;
}

/** The most probable of C labels, sorted by probability; of equals the first. `p` [.., C] from `offset`. */
export function ranked(labels: readonly string[], p: Float32Array, offset: number, topK: number): LabelScore[] {
  const C = labels.length;
  if (topK === 1) {
    let best = 0;
    for (let c = 1; c < C; c++) if (p[offset + c] > p[offset + best]) best = c;
    return [{ label: labels[best], score: p[offset + best] }];
  }
  const all = labels.map((label, c) => ({ label, score: p[offset + c] }));
  return all.sort((a, b) => b.score - a.score).slice(0, topK);
}

/** `topK`, or all of them. Throws an OptionError for a number that is none. */
export function checkTopK(who: string, topK: number | undefined, labels: number): number {
  if (topK === undefined) return labels;
  if (Number.isInteger(topK) && topK >= 1) return Math.min(topK, labels);
  throw new OptionError(who, 'topK', `expected a whole number from 1, got ${topK}`);
}

/** One input or a list of them, as a list. Throws an OptionError for what is not a text. */
export function textsOf(who: string, texts: string | readonly string[]): readonly string[] {
  const list = typeof texts === 'string' ? [texts] : texts;
  const wrong = Array.isArray(list) ? list.findIndex((text) => typeof text !== 'string') : 0;
  if (wrong < 0) return list;
  throw new OptionError(
    who,
    'texts',
    `text ${wrong}: expected a string, got ${typeof (Array.isArray(list) ? list[wrong] : list)}`,
  );
}
