// Learning to tag: sequences with a label for every step in, a model that labels the steps of new ones out.

import { type Kind, optional, requireKinds, requireOneEach, shown } from '../checks.ts';
import { BucketBatcher } from '../data/batches.ts';
import { checkOptions, OptionError } from '../errors.ts';
import type { Tagger } from '../inference/tag.ts';
import { noLabel } from '../models/sequence-tagger.ts';
import { indices } from '../tensor/create.ts';
import { crossEntropy } from '../tensor/ops/softmax.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ExampleTask } from './example-task.ts';
import { type LabelScore, requireLabel, scoreLabels } from './label-scores.ts';
import {
  type Augment,
  augmented,
  type BatchOptions,
  collate,
  labelTaskOptions,
  lengthsOf,
  readOnce,
  type Sequences,
  shorten,
  requireExamples,
} from './sequences.ts';
import { chooseRows, type Probe, type ProbeSize, probeSize, rowOf } from './probe.ts';
import { validate } from './labeled-validation.ts';
import type { Evaluation } from './task.ts';

export { type Tagger, tag } from '../inference/tag.ts';

/** Sequences with a label at every token. */
export interface TaggedSequences {
  readonly sequences: Sequences;
  /** For each sequence a label for each of its steps: a class from 0 to C − 1, or −100 for none. */
  readonly labels: readonly ArrayLike<number>[];
}

const taggedKind: Kind = { sequences: 'lists', labels: 'lists' };

/** Options of `tagTask`. */
export interface TagTaskOptions extends BatchOptions {
  readonly train: TaggedSequences;
  /** Default: none. */
  readonly validation?: TaggedSequences | null;
  /** The part of every label that is spread over all labels. Default 0. */
  readonly labelSmoothing?: number;
  /** Weight of each label in the loss. Default: 1 for all. */
  readonly classWeights?: ArrayLike<number> | null;
  /** Data augmentation of an example, applied anew in every epoch; its labels stay. Default: none. */
  readonly augment?: Augment | null;
  /** Criterion of the best model. Default 'accuracy'. */
  readonly best?: 'accuracy' | 'macroF1' | 'exact' | 'loss';
}

const metrics = ['accuracy', 'macroF1', 'exact', 'loss'] as const;

/**
 *     const model = new SequenceTagger({ vocabularySize: 100, classes: 5, bidirectional: true });
 *     const task = tagTask(model, { train: { sequences, labels }, validation, seed: 1 });
 *
 * A validation has the loss per step and the metrics `accuracy` (of steps), `macroF1`, and `exact`: sequences with no mistake at all.
 */
export function tagTask<M extends Tagger>(model: M, options: TagTaskOptions): ExampleTask<M> {
  requireKinds(
    'tagTask',
    { model, options },
    {
      model: 'module',
      options: {
        train: taggedKind,
        validation: optional(taggedKind),
        labelSmoothing: 'number?',
        classWeights: 'numbers?|null',
        augment: 'function?|null',
        best: 'text?',
      },
    },
  );
  const who = 'tagTask';
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
  if (!metrics.includes(best))
    throw new OptionError(who, 'best', `expected one of ${metrics.join(', ')}, got ${shown(best)}`);
  for (const data of validation ? [train, validation] : [train]) checkLabels(who, model, data);
  requireExamples(who, train.sequences.length, validation?.sequences.length);
  const batches = new BucketBatcher(lengthsOf(who, model, train.sequences), batching);
  const read = augmented(model, train.sequences, batches, augment, batching.seed);
  return new ExampleTask(model, {
    batches,
    loss: (rows, _, shard) => {
      const { input, lengths } = read(rows, shard);
      const { target, count } = targetsOf(train.labels, rows, input);
      return {
        loss: model.loss(input, target, { lengths, labelSmoothing, weight: classWeights }),
        targets: count,
        perTarget: 1,
        ...(classWeights && { weight: weightOf(train.labels, rows, classWeights) }),
      };
    },
    evaluate: (part) => validate(validation, part, best, (data) => evaluateTagger(model, data)),
    probe: (size) => probeOf(model, train, size),
  });
}

/** The first steps of a few examples, tagged differently as far as they are. */
function probeOf(model: Tagger, { sequences, labels }: TaggedSequences, size: ProbeSize = {}): Probe {
  const { rows: most, steps } = { ...probeSize, ...size };
  const chosen = chooseRows(sequences.length, most, (n) => Array.from(labels[n]).slice(0, steps).join(' '));
  const some = chosen.map((n) => shorten(model, sequences[n], steps));
  const lengths = lengthsOf('tagTask', model, some);
  const { classes } = model.config;
  return {
    rows: chosen.length,
    steps: Math.max(...lengths),
    behind: 'padding',
    baseline: { loss: Math.log(classes), name: `ln ${classes}` },
    loss(rows) {
      const batch = collate(model, some, rows);
      const tags = chosen.map((n, r) => Array.from(labels[n]).slice(0, lengths[r]));
      const { target } = targetsOf(tags, Int32Array.from(rows), batch.input);
      return model.loss(batch.input, target, { lengths: batch.lengths });
    },
    outputs(rows, more) {
      const batch = collate(model, some, rows, more);
      const logits = model.forward(batch.input, { lengths: batch.lengths });
      return rows.map((r, b) => rowOf(logits, b, lengths[r]));
    },
    inPieces: null,
  };
}

/** The metrics of a tagger on labeled sequences. */
export interface TaggerEvaluation extends Evaluation {
  readonly metrics: { readonly accuracy: number; readonly macroF1: number; readonly exact: number };
  /** Precision, recall and F1 of each label. */
  readonly perLabel: readonly LabelScore[];
  /** The most probable label of every step of each sequence. */
  readonly predictions: readonly Int32Array[];
}

/** Reads everything once, dropout off. Steps without a label count for nothing. */
export async function evaluateTagger(model: Tagger, data: TaggedSequences): Promise<TaggerEvaluation> {
  requireKinds('evaluateTagger', { model, data }, { model: 'module', data: taggedKind });
  checkLabels('evaluateTagger', model, data);
  const predictions: Int32Array[] = data.sequences.map(() => new Int32Array(0));
  let [sum, targets] = [0, 0];
  await readOnce(
    'evaluateTagger',
    model,
    data.sequences,
    (rows, input, lengths) => {
      const logits = model.forward(input, { lengths });
      const { target, count } = targetsOf(data.labels, rows, input);
      targets += count;
      return {
        loss: crossEntropy(logits, target, { reduction: 'sum', ignoreIndex: noLabel }),
        best: logits.argmax(2),
      };
    },
    (rows, { loss, best }) => {
      sum += loss[0];
      const B = rows.length;
      for (const [b, n] of rows.entries())
        predictions[n] = Int32Array.from(data.labels[n], (_: number, t: number) => best[t * B + b]);
    },
  );
  const predicted: number[] = [];
  const actual: number[] = [];
  let exact = 0;
  for (const [n, labels] of data.labels.entries()) {
    let wrong = 0;
    for (let t = 0; t < labels.length; t++) {
      if (labels[t] === noLabel) continue;
      predicted.push(predictions[n][t]);
      actual.push(labels[t]);
      if (predictions[n][t] !== labels[t]) wrong++;
    }
    if (wrong === 0) exact++;
  }
  const { accuracy, macroF1, perLabel } = scoreLabels(predicted, actual, model.config.classes);
  return {
    loss: sum / Math.max(1, targets),
    targets,
    metrics: { accuracy, macroF1, exact: exact / Math.max(1, data.sequences.length) },
    perLabel,
    predictions,
  };
}

/** Labels int32 [T, B], −100 past each row's length, and how many there are. */
function targetsOf(
  labels: TaggedSequences['labels'],
  rows: Int32Array,
  input: Tensor,
): { target: Tensor; count: number } {
  const [T, B] = input.shape;
  const target = new Int32Array(T * B).fill(noLabel);
  let count = 0;
  for (const [b, n] of rows.entries()) {
    for (let t = 0; t < labels[n].length; t++) {
      target[t * B + b] = labels[n][t];
      if (labels[n][t] !== noLabel) count++;
    }
  }
  return { target: indices(target, [T, B]), count };
}

/** What the mean over the labels of these rows divides by. */
function weightOf(labels: TaggedSequences['labels'], rows: Int32Array, classWeights: ArrayLike<number>): number {
  let sum = 0;
  for (const n of rows)
    for (let t = 0; t < labels[n].length; t++) if (labels[n][t] !== noLabel) sum += classWeights[labels[n][t]];
  return sum;
}

function checkLabels(who: string, model: Tagger, { sequences, labels }: TaggedSequences): void {
  requireOneEach(who, 'labels', labels, `${sequences.length} sequences`, sequences.length);
  const lengths = lengthsOf(who, model, sequences);
  for (const [n, row] of labels.entries()) {
    requireOneEach(who, 'labels', row, `${lengths[n]} steps`, lengths[n], `sequence ${n}: `);
    for (let t = 0; t < row.length; t++)
      if (row[t] !== noLabel) requireLabel(who, row[t], model.config.classes, `sequence ${n}, step ${t}`);
  }
}
