// Labels with their scores, from a classifier's probabilities.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** A label and its probability. */
export interface LabelScore {
  readonly label: string;
  /** Probability of the label. */
  readonly score: number;
}

/** The most probable of C labels, sorted by probability; ties in order. `p` [.., C] from `offset`. */
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

/** `topK`, or all of them. Throws an OptionError for an invalid number. */
export function checkTopK(who: string, topK: number | undefined, labels: number): number {
  if (topK === undefined) return labels;
  if (Number.isInteger(topK) && topK >= 1) return Math.min(topK, labels);
  throw new OptionError(who, 'topK', `expected a whole number from 1, got ${shown(topK)}`);
}

/** One input or a list of them, as a list. Throws an OptionError for anything but strings. */
export function textsOf(who: string, texts: string | readonly string[]): readonly string[] {
  const list = typeof texts === 'string' ? [texts] : texts;
  const wrong = Array.isArray(list) ? list.findIndex((text) => typeof text !== 'string') : 0;
  if (wrong < 0) return list;
  throw new OptionError(
    who,
    'texts',
    `text ${wrong}: expected a string, got ${shown(Array.isArray(list) ? list[wrong] : list)}`,
  );
}

/** Frames or steps [start, end) of one label. */
export interface LabelSegment {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** Labels one after the other as segments. */
export function segmentsOf(frames: readonly LabelScore[]): LabelSegment[] {
  const segments: LabelSegment[] = [];
  for (let start = 0; start < frames.length; ) {
    let end = start + 1;
    while (end < frames.length && frames[end].label === frames[start].label) end++;
    segments.push({ label: frames[start].label, start, end });
    start = end;
  }
  return segments;
}
