// Learning to classify where an example has any number of labels: each class is a yes or no of its own, p_c = σ(y_c), and the loss of an example is
// the sum of the classes' binary cross-entropies. The model is a classifier as any other; what its logits mean is the task's.

import { type Kind, optional, requireKinds, requireNumber, requireOneEach, shown } from '../checks.ts';
import { BucketBatcher } from '../data/batches.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { type Classifier, placeRows } from '../inference/classify.ts';
import { classScore } from '../metrics/classification.ts';
import { bceWithLogits } from '../nn/loss.ts';
import { tensor } from '../tensor/create.ts';
import { requireProbability } from '../tensor/ops/operands.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ExampleTask } from './example-task.ts';
import { type LabelScore, requireLabel } from './label-scores.ts';
import { validate } from './labeled-validation.ts';
import { probeOfClassifier } from './classifier-probe.ts';
import {
  type BatchOptions,
  collate,
  labelTaskOptions,
  lengthsOf,
  readOnce,
  requireExamples,
  type Sequences,
} from './sequences.ts';
import type { Evaluation } from './task.ts';

/** Sequences with any number of labels each. */
export interface MultiLabeledSequences {
  readonly sequences: Sequences;
  /** The classes of each, from 0 to C − 1; none for an empty list. */
  readonly labels: readonly ArrayLike<number>[];
}

const labeledKind: Kind = { sequences: 'lists', labels: 'lists' };

/** Options of `classifyTask` where an example has any number of labels. */
export interface MultiLabelTaskOptions extends BatchOptions {
  readonly multiLabel: true;
  readonly train: MultiLabeledSequences;
  /** Default: none. */
  readonly validation?: MultiLabeledSequences | null;
  /** Targets of ε/2 and 1 − ε/2 in place of 0 and 1, in training. Default 0. */
  readonly labelSmoothing?: number;
  /** Criterion of the best model. Default 'microF1'. */
  readonly best?: 'microF1' | 'macroF1' | 'exact' | 'loss';
}

const criteria = ['microF1', 'macroF1', 'exact', 'loss'] as const;

/** `classifyTask` with `multiLabel`. */
export function multiLabelTask<M extends Classifier>(model: M, options: MultiLabelTaskOptions): ExampleTask<M> {
  const who = 'classifyTask';
  requireKinds(
    who,
    { model, options },
    { model: 'module', options: { train: labeledKind, validation: optional(labeledKind), best: 'text?' } },
  );
  checkOptions(who, options, ['multiLabel', ...labelTaskOptions]);
  const { multiLabel: _, train, validation = null, labelSmoothing = 0, best = 'microF1', ...batching } = options;
  requireProbability(who, 'labelSmoothing', labelSmoothing);
  if (!criteria.includes(best))
    throw new OptionError(who, 'best', `expected one of ${criteria.join(', ')}, got ${shown(best)}`);
  for (const data of validation ? [train, validation] : [train]) checkLabels(who, model, data);
  requireExamples(who, train.sequences.length, validation?.sequences.length);
  const { classes } = model.config;
  const batches = new BucketBatcher(lengthsOf(who, model, train.sequences), batching);
  return new ExampleTask(model, {
    batches,
    loss: (rows) => {
      const { input, lengths } = collate(model, train.sequences, rows);
      const [logits] = model.forward(input, { lengths });
      return {
        loss: lossOf(logits, train.labels, rows, labelSmoothing).div(rows.length),
        targets: rows.length,
        perTarget: 1,
      };
    },
    evaluate: (part) => validate(validation, part, best, (data) => evaluateMultiLabel(model, data)),
    probe: (size) =>
      probeOfClassifier(model, train.sequences, size, {
        kindOf: (n) => Array.from(train.labels[n]).join(' '),
        baseline: { loss: classes * Math.LN2, name: `${classes} · ln 2` },
        loss: (logits, rows) => lossOf(logits, train.labels, rows).div(rows.length),
      }),
  });
}

/** Σ over rows and classes of −t ln σ(y) − (1 − t) ln(1 − σ(y)), t = 1 where the example has the class. */
function lossOf(
  logits: Tensor,
  labels: MultiLabeledSequences['labels'],
  rows: ArrayLike<number>,
  smoothing = 0,
): Tensor {
  const [B, C] = logits.shape;
  const targets = new Float32Array(B * C).fill(smoothing / 2);
  for (let b = 0; b < B; b++) for (const c of Array.from(labels[rows[b]])) targets[b * C + c] = 1 - smoothing / 2;
  return bceWithLogits(logits, tensor(targets, [B, C], { dtype: logits.dtype, backend: logits.backend }), 'sum');
}

/** The metrics of a classifier on sequences with any number of labels. */
export interface MultiLabelEvaluation extends Evaluation {
  readonly metrics: { readonly microF1: number; readonly macroF1: number; readonly exact: number };
  /** Precision, recall and F1 of every class at the threshold. */
  readonly perLabel: readonly LabelScore[];
  /** Probability of each class for each sequence: `probabilities[n · C + c]`. */
  readonly probabilities: Float32Array;
}

/** `evaluateClassifier` with `multiLabel`. */
export async function evaluateMultiLabel(
  model: Classifier,
  data: MultiLabeledSequences,
  threshold = 0.5,
): Promise<MultiLabelEvaluation> {
  const who = 'evaluateClassifier';
  requireKinds(who, { model, data }, { model: 'module', data: labeledKind });
  requireNumber(who, 'threshold', threshold, { low: 0, high: 1 });
  checkLabels(who, model, data);
  const C = model.config.classes;
  const probabilities = new Float32Array(data.sequences.length * C);
  let sum = 0;
  await readOnce(
    who,
    model,
    data.sequences,
    (rows, input, lengths) => {
      const [logits] = model.forward(input, { lengths });
      return { p: logits.sigmoid(), loss: lossOf(logits, data.labels, rows) };
    },
    (rows, { p, loss }) => {
      sum += loss[0];
      placeRows(probabilities, rows, p, C);
    },
  );
  const targets = data.sequences.length;
  const { metrics, perLabel } = scoreMany(probabilities, data.labels, C, threshold);
  return { loss: sum / Math.max(1, targets), targets, metrics, perLabel, probabilities };
}

function scoreMany(p: Float32Array, labels: MultiLabeledSequences['labels'], C: number, threshold: number) {
  const [right, called, count] = [0, 0, 0].map(() => new Array<number>(C).fill(0));
  let exact = 0;
  for (const [n, list] of labels.entries()) {
    const own = new Set(Array.from(list));
    let wrong = false;
    for (let c = 0; c < C; c++) {
      const predicted = p[n * C + c] >= threshold;
      if (predicted) called[c]++;
      if (own.has(c)) count[c]++;
      if (predicted && own.has(c)) right[c]++;
      if (predicted !== own.has(c)) wrong = true;
    }
    if (!wrong) exact++;
  }
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const perLabel = right.map((r, c): LabelScore => {
    const { support, ...score } = classScore(r, called[c], count[c]);
    return { ...score, count: support };
  });
  const occurring = perLabel.filter((_, c) => count[c] + called[c] > 0);
  return {
    perLabel,
    metrics: {
      microF1: classScore(sum(right), sum(called), sum(count)).f1,
      macroF1: sum(occurring.map(({ f1 }) => f1)) / Math.max(1, occurring.length),
      exact: exact / Math.max(1, labels.length),
    },
  };
}

function checkLabels(who: string, model: Classifier, { sequences, labels }: MultiLabeledSequences): void {
  requireOneEach(who, 'labels', labels, `${sequences.length} sequences`, sequences.length);
  for (const [n, list] of labels.entries())
    for (const c of Array.from(list)) requireLabel(who, c, model.config.classes, `sequence ${n}`);
}
