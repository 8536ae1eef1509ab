// How right predicted labels are: over all of them, and label by label.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { classScore } from '../metrics/classification.ts';

/** A label and its probability. */
export interface LabelScore {
  /** Precision: the fraction of predictions of this label that are correct. */
  readonly precision: number;
  /** Recall: the fraction of examples of this label that are predicted. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f1: number;
  /** Examples with this label. */
  readonly count: number;
}

export interface LabelScores {
  readonly accuracy: number;
  /** The mean F1 of the labels that occur, in predictions or targets. */
  readonly macroF1: number;
  readonly perLabel: readonly LabelScore[];
}

/** Accuracy and the scores of each of `classes` labels. */
export function scoreLabels(predicted: ArrayLike<number>, actual: ArrayLike<number>, classes: number): LabelScores {
  const [right, called, count] = [0, 0, 0].map(() => new Array<number>(classes).fill(0));
  for (let n = 0; n < actual.length; n++) {
    count[actual[n]]++;
    called[predicted[n]]++;
    if (predicted[n] === actual[n]) right[actual[n]]++;
  }
  const perLabel = right.map((r, c): LabelScore => {
    const { support, ...score } = classScore(r, called[c], count[c]);
    return { ...score, count: support };
  });
  const occurring = perLabel.filter((_, c) => count[c] + called[c] > 0);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return {
    accuracy: classScore(sum(right), 0, actual.length).recall,
    macroF1: sum(occurring.map((s) => s.f1)) / Math.max(1, occurring.length),
    perLabel,
  };
}

/** Throws an OptionError that says where, for a label outside 0 … C − 1. */
export function requireLabel(who: string, label: number, classes: number, where: string): void {
  if (!(Number.isInteger(label) && label >= 0 && label < classes))
    throw new OptionError(who, 'labels', `${where}: expected a class from 0 to ${classes - 1}, got ${shown(label)}`);
}
