// Metrics of predicted labels. For class c: tp were predicted c and are c, fp were predicted c and are not, fn are c and were not predicted.
//
//   precision = tp / (tp + fp)     recall = tp / (tp + fn)     F1 = 2 tp / (2 tp + fp + fn)
//
// Averages over classes: macro is the plain mean, weighted the mean by class frequency, micro pools all classes, which for one label
// per example is the accuracy. 0/0 counts as 0, as in scikit-learn.

import { shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { checkCount, checkPairs } from './check.ts';

/** Options of the metrics of labels. */
export interface LabelOptions {
  /** Number of classes. Default: one more than the highest label. */
  readonly classes?: number;
  /** Target of examples that are ignored. Default −100, as for crossEntropy. */
  readonly ignoreIndex?: number;
}

/** Precision, recall and F1 of one class. */
export interface ClassScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Number of examples of the class. */
  readonly support: number;
}

/** Limit of the size of the confusion matrix. */
const mostClasses = 2 ** 13;

/** Confusion matrix: how many examples of class `row` were predicted as class `column`. */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: LabelOptions = {},
): number[][] {
  const who = 'confusionMatrix';
  checkOptions(who, options, ['classes', 'ignoreIndex']);
  checkPairs(who, predicted, targets, 'targets');
  const { ignoreIndex = -100 } = options;
  if (options.classes !== undefined) checkCount(who, 'classes', options.classes, mostClasses);
  let most = -1;
  for (let n = 0; n < targets.length; n++) {
    if (targets[n] === ignoreIndex) continue;
    for (const [name, label] of [['predicted', predicted[n]] as const, ['targets', targets[n]] as const]) {
      if (!(Number.isInteger(label) && label >= 0 && label < (options.classes ?? Infinity)))
        throw new OptionError(
          who,
          name,
          `example ${n}: ${shown(label)} is not a class from 0 to ${(options.classes ?? Infinity) - 1}`,
        );
      most = Math.max(most, label);
    }
  }
  const classes = options.classes ?? most + 1;
  if (classes > mostClasses)
    throw new OptionError(who, 'classes', `${classes} × ${classes} are too many to count; at most ${mostClasses}`);
  const matrix = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let n = 0; n < targets.length; n++) if (targets[n] !== ignoreIndex) matrix[targets[n]][predicted[n]]++;
  return matrix;
}

/** Fraction of correct labels, 0 to 1. NaN where none counts. */
export function accuracy(predicted: ArrayLike<number>, targets: ArrayLike<number>, ignoreIndex = -100): number {
  checkPairs('accuracy', predicted, targets, 'targets');
  let [right, all] = [0, 0];
  for (let n = 0; n < targets.length; n++) {
    if (targets[n] === ignoreIndex) continue;
    all++;
    if (predicted[n] === targets[n]) right++;
  }
  return right / all;
}

/**
 * Precision, recall and F1 of every class, and their averages.
 *
 *     f1([0, 1, 1], [0, 1, 0]).macro.f1      // (2/3 + 2/3) / 2
 */
export function f1(predicted: ArrayLike<number>, targets: ArrayLike<number>, options: LabelOptions = {}) {
  const matrix = confusionMatrix(predicted, targets, options);
  const columns = matrix.map((_, c) => matrix.reduce((sum, row) => sum + row[c], 0));
  const support = matrix.map((row) => row.reduce((sum, n) => sum + n, 0));
  const perClass = matrix.map((row, c): ClassScore => classScore(row[c], columns[c], support[c]));
  const all = support.reduce((sum, n) => sum + n, 0);
  const right = matrix.reduce((sum, row, c) => sum + row[c], 0);
  return {
    perClass,
    macro: average(
      perClass,
      perClass.map(() => 1),
      all,
    ),
    weighted: average(perClass, support, all),
    micro: classScore(right, all, all),
  };
}

/** The scores of a class: how many of it were found, how often it was predicted, how many there are. */
export function classScore(right: number, predicted: number, are: number): ClassScore {
  return {
    precision: ratio(right, predicted),
    recall: ratio(right, are),
    f1: ratio(2 * right, predicted + are),
    support: are,
  };
}

function average(scores: readonly ClassScore[], weights: readonly number[], support: number): ClassScore {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = (of: (score: ClassScore) => number) =>
    ratio(
      scores.reduce((sum, s, c) => sum + weights[c] * of(s), 0),
      total,
    );
  return { precision: mean((s) => s.precision), recall: mean((s) => s.recall), f1: mean((s) => s.f1), support };
}

function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
