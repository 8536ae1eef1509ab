// How right predicted labels are: over all of them, and label by label.

import { OptionError } from '../errors.ts';

/** A label and its probability. */
export interface LabelScore {
  /** Of what was called this, the part that is. */
  readonly precision: number;
  /** Of what is this, the part that was called so. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f1: number;
  /** How often it is the true label. */
  readonly count: number;
}

export interface LabelScores {
  readonly accuracy: number;
  /** The mean F1 of the labels that occur, whether predicted or true. */
  readonly macroF1: number;
  readonly perLabel: readonly LabelScore[];
}

export function scoreLabels(predicted: ArrayLike<number>, actual: ArrayLike<number>, classes: number): LabelScores {
  const [right, called, count] = [0, 0, 0].map(() => new Array<number>(classes).fill(0));
  for (let n = 0; n < actual.length; n++) {
    count[actual[n]]++;
    called[predicted[n]]++;
    if (predicted[n] === actual[n]) right[actual[n]]++;
  }
  const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);
  const perLabel = right.map((r, c) => ({
    precision: ratio(r, called[c]),
    recall: ratio(r, count[c]),
    f1: ratio(2 * r, called[c] + count[c]),
    count: count[c],
  }));
  const seen = perLabel.filter((_, c) => count[c] + called[c] > 0);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return {
    accuracy: ratio(sum(right), actual.length),
    macroF1: ratio(sum(seen.map((s) => s.f1)), seen.length),
    perLabel,
  };
}

/** Throws an OptionError that says where, for a label outside 0 … C − 1. */
export function requireLabel(who: string, label: number, classes: number, where: string): void {
  if (!(Number.isInteger(label) && label >= 0 && label < classes))
    throw new OptionError(who, 'labels', `${where}: expected a class from 0 to ${classes - 1}, got ${label}`);
}
