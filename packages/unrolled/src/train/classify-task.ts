// Learning to classify: sequences and a label for each in, a model that names the class of new ones out.

import { type Kind, optional, requireKinds, requireOneEach, shown } from '../checks.ts';
import { BucketBatcher } from '../data/batches.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { type Classifier, placeRows } from '../inference/classify.ts';
import { indices } from '../tensor/create.ts';
import { crossEntropy } from '../tensor/ops/softmax.ts';
import { ExampleTask } from './example-task.ts';
import { type LabelScore, requireLabel, scoreLabels } from './label-scores.ts';
import {
  type Augment,
  augmented,
  type BatchOptions,
  labelTaskOptions,
  lengthsOf,
  readOnce,
  type Sequences,
  requireExamples,
} from './sequences.ts';
import {
  evaluateMultiLabel,
  type MultiLabeledSequences,
  type MultiLabelEvaluation,
  multiLabelTask,
  type MultiLabelTaskOptions,
} from './multi-label-task.ts';
import { probeOfClassifier } from './classifier-probe.ts';
import { validate } from './labeled-validation.ts';
import type { Evaluation } from './task.ts';

export { type Classifier, classify, type ClassifyOptions } from '../inference/classify.ts';

/** Sequences with a label each. */
export interface LabeledSequences {
  readonly sequences: Sequences;
  /** A class from 0 to C − 1 for each. */
  readonly labels: ArrayLike<number>;
}

const labeledKind: Kind = { sequences: 'lists', labels: 'list' };

/** Options of `classifyTask`. */
export interface ClassifyTaskOptions extends BatchOptions {
  readonly train: LabeledSequences;
  /** Default: none. */
  readonly validation?: LabeledSequences | null;
  /** The part of every label that is spread over all classes. Default 0. */
  readonly labelSmoothing?: number;
  /** Weight of each class in the loss; 'balanced' is N / (C · N_c), as in scikit-learn. Default: 1 for all. */
  readonly classWeights?: ArrayLike<number> | 'balanced' | null;
  /** Data augmentation of an example, applied anew in every epoch. Default: none. */
  readonly augment?: Augment | null;
  /** Criterion of the best model. Default 'accuracy'. */
  readonly best?: 'accuracy' | 'macroF1' | 'loss';
}

/**
 *     const model = new SequenceClassifier({ vocabularySize: tokenizer.size, classes: 2 });
 *     const task = classifyTask(model, { train: { sequences, labels }, validation, batchSize: 32, seed: 1 });
 *     await fit(task, { optimizer: new Adam(model.parameters()), steps: 5 * task.stepsPerEpoch, evaluateEvery: task.stepsPerEpoch, clipNorm: 1 });
 *
 * A validation has the loss and the metrics `accuracy` and `macroF1`. Throws an OptionError that names the first example that does not fit.
 *
 * With `multiLabel: true` an example has any number of labels, `labels: [[0, 3], [], [7]]`: each class is a yes or no of its own, p = σ(logit), and the loss of an
 * example is the sum of the binary cross-entropies. A validation then has, at the threshold .5, `microF1` (the default of `best`), `macroF1` and `exact`: the examples
 * whose labels are all right.
 */
export function classifyTask<M extends Classifier>(
  model: M,
  options: ClassifyTaskOptions | MultiLabelTaskOptions,
): ExampleTask<M> {
  if (isMultiLabel(options)) return multiLabelTask(model, options);
  requireKinds(
    'classifyTask',
    { model, options },
    {
      model: 'module',
      options: {
        train: labeledKind,
        validation: optional(labeledKind),
        labelSmoothing: 'number?',
        augment: 'function?|null',
        best: 'text?',
      },
    },
  );
  const who = 'classifyTask';
  checkOptions(who, options, [...labelTaskOptions, 'classWeights', 'augment']);
  const {
    train,
    validation = null,
    labelSmoothing = 0,
    classWeights = null,
    augment = null,
    best = 'accuracy',
    ...batching
  } = options;
  if (best !== 'accuracy' && best !== 'macroF1' && best !== 'loss')
    throw new OptionError(who, 'best', `expected accuracy, macroF1 or loss, got ${shown(best)}`);
  for (const data of validation ? [train, validation] : [train]) checkLabels(who, model, data);
  requireExamples(who, train.sequences.length, validation?.sequences.length);
  const { labels } = train;
  const { classes } = model.config;
  const weight = classWeights === 'balanced' ? balancedWeights(labels, classes) : classWeights;
  const batches = new BucketBatcher(lengthsOf(who, model, train.sequences), batching);
  const read = augmented(model, train.sequences, batches, augment, batching.seed);
  return new ExampleTask(model, {
    batches,
    loss: (rows, _, shard) => {
      const { input, lengths } = read(rows, shard);
      const target = indices(rows.map((n) => labels[n]));
      return {
        loss: model.loss(input, target, { lengths, labelSmoothing, weight }),
        targets: rows.length,
        perTarget: 1,
        ...(weight && { weight: sumOf(rows, (n) => weight[labels[n]]) }),
      };
    },
    evaluate: (part) => validate(validation, part, best, (data) => evaluateClassifier(model, data)),
    probe: (size) =>
      probeOfClassifier(model, train.sequences, size, {
        kindOf: (n) => labels[n],
        baseline: { loss: Math.log(classes), name: `ln ${classes}` },
        loss: (logits, rows) => crossEntropy(logits, indices(rows.map((n) => labels[n]))),
      }),
  });
}

function isMultiLabel(options: ClassifyTaskOptions | MultiLabelTaskOptions): options is MultiLabelTaskOptions {
  return typeof options === 'object' && options !== null && 'multiLabel' in options && options.multiLabel === true;
}

/** The metrics of a classifier on labeled sequences. */
export interface ClassifierEvaluation extends Evaluation {
  readonly metrics: { readonly accuracy: number; readonly macroF1: number };
  /** Precision, recall and F1 of every class. */
  readonly perLabel: readonly LabelScore[];
  /** The most probable class of each sequence. */
  readonly predictions: Int32Array;
  /** Before the softmax: `logits[n · C + c]`. */
  readonly logits: Float32Array;
}

/**
 * Reads everything once, dropout off: the loss in nats per sequence, accuracy, and F1 averaged over the classes that occur. With `multiLabel` a class is
 * predicted where its probability is at least `threshold` (.5), and there are `microF1`, `macroF1`, `exact` and the probabilities.
 */
export async function evaluateClassifier(model: Classifier, data: LabeledSequences): Promise<ClassifierEvaluation>;
export async function evaluateClassifier(
  model: Classifier,
  data: MultiLabeledSequences,
  options: { readonly multiLabel: true; readonly threshold?: number },
): Promise<MultiLabelEvaluation>;
export async function evaluateClassifier(
  model: Classifier,
  data: LabeledSequences | MultiLabeledSequences,
  options: { readonly multiLabel?: boolean; readonly threshold?: number } = {},
): Promise<ClassifierEvaluation | MultiLabelEvaluation> {
  checkOptions('evaluateClassifier', options, ['multiLabel', 'threshold']);
  if (options.multiLabel) return evaluateMultiLabel(model, data as MultiLabeledSequences, options.threshold);
  return evaluateSingleLabel(model, data as LabeledSequences);
}

async function evaluateSingleLabel(model: Classifier, data: LabeledSequences): Promise<ClassifierEvaluation> {
  requireKinds('evaluateClassifier', { model, data }, { model: 'module', data: labeledKind });
  checkLabels('evaluateClassifier', model, data);
  const C = model.config.classes;
  const logits = new Float32Array(data.sequences.length * C);
  let sum = 0;
  await readOnce(
    'evaluateClassifier',
    model,
    data.sequences,
    (rows, input, lengths) => {
      const [y] = model.forward(input, { lengths });
      const target = indices(rows.map((n) => data.labels[n]));
      return { y, loss: crossEntropy(y, target, { reduction: 'sum' }) };
    },
    (rows, { y, loss }) => {
      sum += loss[0];
      placeRows(logits, rows, y, C);
    },
  );
  const predictions = argmax(logits, C);
  const { accuracy, macroF1, perLabel } = scoreLabels(predictions, data.labels, C);
  const targets = data.sequences.length;
  return { loss: sum / Math.max(1, targets), targets, metrics: { accuracy, macroF1 }, perLabel, predictions, logits };
}

function argmax(logits: Float32Array, C: number): Int32Array {
  return Int32Array.from({ length: logits.length / C }, (_, n) => {
    let best = n * C;
    for (let k = best; k < (n + 1) * C; k++) if (logits[k] > logits[best]) best = k;
    return best - n * C;
  });
}

function checkLabels(who: string, model: Classifier, { sequences, labels }: LabeledSequences): void {
  requireOneEach(who, 'labels', labels, `${sequences.length} sequences`, sequences.length);
  for (let n = 0; n < labels.length; n++) requireLabel(who, labels[n], model.config.classes, `sequence ${n}`);
}

function sumOf(rows: Int32Array, of: (n: number) => number): number {
  return rows.reduce((sum, n) => sum + of(n), 0);
}

/** N / (C · N_c): a class half as frequent counts twice. A class that does not occur counts nothing. */
function balancedWeights(labels: ArrayLike<number>, C: number): number[] {
  const counts = new Array<number>(C).fill(0);
  for (let n = 0; n < labels.length; n++) counts[labels[n]]++;
  return counts.map((count) => (count === 0 ? 0 : labels.length / (C * count)));
}
