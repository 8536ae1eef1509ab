// Classification of number sequences: sensor readings, landmarks of a body, the rows of an image; one label for a sequence, or one for every step. The
// features, their scaling and what stands for a missing value are those of training, from features.json.

import { shown } from '../checks.ts';
import { FeatureScaler } from '../data/feature-scaler.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { classify } from '../inference/classify.ts';
import { tag } from '../inference/tag.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { SequenceTagger } from '../models/sequence-tagger.ts';
import type { TimeSeriesClassificationInput } from './contract/input.ts';
import { requireModel } from './require-model.ts';
import { RunError } from './run-error.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import { checkTopK, type LabelScore, type LabelSegment, ranked, segmentsOf } from './scores.ts';
import type { ClassificationOptions } from './text-classification.ts';

/**
 * A sequence of numbers: its steps, each a list of the features in their order, or the values of each feature by its name. NaN, null or an infinite
 * number is a missing value: the one before it stands in its place.
 */
export type NumberSequence = readonly ArrayLike<number | null>[] | Readonly<Record<string, ArrayLike<number | null>>>;

/** Notes on a sequence as the model read it. */
export interface SequenceNotes {
  /** Number of steps. */
  readonly steps: number;
  /** Number of missing values. */
  readonly missing: number;
  /** Whether it is longer than every training sequence. */
  readonly longerThanTrained: boolean;
  /** Whether it was truncated. */
  readonly truncated: boolean;
}

/** The predicted label of a sequence, and the most probable labels. */
export interface SequenceClassification extends LabelScore {
  /** The most probable labels, sorted by probability. */
  readonly scores: readonly LabelScore[];
  readonly notes: SequenceNotes;
}

/** The predicted label of a step. */
export interface StepLabel extends LabelScore {
  /** The step's index in the sequence, from 0. */
  readonly step: number;
  readonly scores: readonly LabelScore[];
}

/** The labels of a sequence step by step, and its segments. */
export interface StepClassification {
  readonly steps: readonly StepLabel[];
  /** The same labels as segments, steps [start, end): a timeline. */
  readonly segments: readonly LabelSegment[];
  readonly notes: SequenceNotes;
}

interface NumbersPipeline<Per extends 'sequence' | 'step', Model, Result> {
  readonly task: 'time-series-classification';
  readonly per: Per;
  readonly info: RunInfo;
  readonly input: TimeSeriesClassificationInput;
  /** The features and their scaling. */
  readonly features: FeatureScaler;
  readonly labels: readonly string[];
  readonly model: Model;
  /** Classifies sequences; results are in their order. Sequences of similar length are batched together. */
  predict(sequences: readonly NumberSequence[], options?: ClassificationOptions): Promise<Result[]>;
}

/** A model that labels whole sequences. */
export type SequenceClassificationPipeline = NumbersPipeline<'sequence', SequenceClassifier, SequenceClassification>;

/** A model that labels every step. */
export type StepClassificationPipeline = NumbersPipeline<'step', SequenceTagger, StepClassification>;

/** A union on `per`. */
export type TimeSeriesClassificationPipeline = SequenceClassificationPipeline | StepClassificationPipeline;

const who = 'time-series-classification';

export async function makeTimeSeriesClassification(run: OpenedRun): Promise<TimeSeriesClassificationPipeline> {
  const input = run.part.input as TimeSeriesClassificationInput;
  const model =
    input.per === 'sequence'
      ? run.restore((config) => new SequenceClassifier(config))
      : run.restore((config) => new SequenceTagger(config));
  const [json, source] = await run.json('features');
  const features = FeatureScaler.fromJSON(json, source);
  if (features.inputSize !== model.inputSize)
    throw new RunError(
      'mismatch',
      source,
      `has ${features.inputSize} numbers in a step, and the model reads ${model.inputSize ?? 'tokens'}`,
    );
  const labels = await run.texts('labels', model.config.classes);
  return timeSeriesClassificationOf(model, { features, labels, input }, run.info);
}

/** What such a pipeline is made of besides its model. */
export type TimeSeriesClassificationParts = Pick<SequenceClassificationPipeline, 'features' | 'labels' | 'input'>;

/** The pipeline of a model in memory, as it is at every moment: also while it is trained. */
export function timeSeriesClassificationOf(
  model: SequenceClassifier | SequenceTagger,
  parts: TimeSeriesClassificationParts,
  info: RunInfo = unsaved,
): TimeSeriesClassificationPipeline {
  requireModel('timeSeriesClassificationOf', model, [SequenceClassifier, SequenceTagger], parts, {
    features: 'object',
    labels: 'texts',
    input: 'object',
  });
  const { features, labels, input } = parts;
  if (model.inputSize !== features.inputSize)
    throw new OptionError(
      'timeSeriesClassificationOf',
      'model',
      `expected a model that reads ${features.inputSize} numbers in a step, got ${model.inputSize ?? 'one of tokens'}`,
    );
  const C = labels.length;
  const shared = { task: who, info, input, features, labels } as const;
  const read = (sequences: readonly NumberSequence[], options: ClassificationOptions) => {
    checkOptions(who, options, ['topK', 'batchSize', 'signal']);
    const most = checkTopK(who, options.topK, C);
    const { batchSize, signal } = options;
    return { most, all: encodeAll(sequences, features, input), reading: { batchSize, signal } };
  };
  if (model instanceof SequenceTagger)
    return {
      ...shared,
      per: 'step',
      model,
      async predict(sequences, options = {}) {
        const { most, all, reading } = read(sequences, options);
        const values = all.map((one) => one.values);
        const found = await tag(model, values, reading);
        return all.map(({ notes }, n) => {
          const { scores: p } = found[n];
          const steps = Array.from({ length: p.length / C }, (_, step) => {
            const scores = ranked(labels, p, step * C, most);
            return { step, ...scores[0], scores };
          });
          return { steps, segments: segmentsOf(steps), notes };
        });
      },
    };
  return {
    ...shared,
    per: 'sequence',
    model,
    async predict(sequences, options = {}) {
      const { most, all, reading } = read(sequences, options);
      const values = all.map((one) => one.values);
      const p = await classify(model, values, reading);
      return all.map(({ notes }, n) => {
        const scores = ranked(labels, p, n * C, most);
        return { ...scores[0], scores, notes };
      });
    },
  };
}

function encodeAll(
  sequences: readonly NumberSequence[],
  features: FeatureScaler,
  { maxSteps, longestTrained }: TimeSeriesClassificationInput,
) {
  if (!Array.isArray(sequences))
    throw new OptionError(who, 'sequences', `expected a list of sequences, got ${shown(sequences)}`);
  return (sequences as readonly NumberSequence[]).map((sequence, n) => {
    const rows = rowsOf(sequence, features.names, n);
    const steps = rows.length / features.names.length;
    const { values, missing } = features.encode(rows.subarray(0, maxSteps * features.names.length));
    const longerThanTrained = longestTrained !== null && steps > longestTrained;
    return { values, notes: { steps, missing, longerThanTrained, truncated: steps > maxSteps } };
  });
}

/** [T, F] row by row, NaN where a value is missing. */
function rowsOf(sequence: NumberSequence, names: readonly string[], n: number): Float64Array {
  const what = `sequence ${n}`;
  const isSteps = Array.isArray(sequence);
  if (!isSteps && (typeof sequence !== 'object' || sequence === null || ArrayBuffer.isView(sequence)))
    throw new OptionError(who, what, `expected its steps, or an object of its features, got ${shown(sequence)}`);
  return isSteps
    ? fromSteps(sequence as readonly ArrayLike<number>[], names, what)
    : fromColumns(sequence as Readonly<Record<string, ArrayLike<number>>>, names, what);
}

function fromSteps(steps: readonly ArrayLike<number>[], names: readonly string[], what: string): Float64Array {
  const F = names.length;
  if (steps.length === 0) throw new OptionError(who, what, 'expected at least one step, got none');
  const rows = new Float64Array(steps.length * F);
  for (const [t, step] of steps.entries()) {
    if (Object(step)?.length !== F || typeof step === 'string')
      throw new OptionError(
        who,
        `${what}, step ${t}`,
        `expected ${F} numbers (${some(names)}), got ${typeof step === 'object' && step !== null ? step.length : shown(step)}`,
      );
    for (let c = 0; c < F; c++) rows[t * F + c] = numberOf(step[c], `${what}, step ${t}`);
  }
  return rows;
}

function fromColumns(
  columns: Readonly<Record<string, ArrayLike<number>>>,
  names: readonly string[],
  what: string,
): Float64Array {
  const unknown = Object.keys(columns).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new OptionError(who, what, `there is no feature ${shown(unknown)}; the model reads ${some(names)}`);
  const F = names.length;
  const lists = names.map((name) => {
    const list = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (typeof list !== 'object' || list === null || !(list.length > 0))
      throw new OptionError(who, what, `expected numbers of the feature ${shown(name)}, got ${shown(list)}`);
    return list;
  });
  const [{ length: T }] = lists;
  const odd = lists.findIndex(({ length }) => length !== T);
  if (odd >= 0)
    throw new OptionError(
      who,
      what,
      `features of one length expected: ${names[0]} has ${T} steps, ${names[odd]} ${lists[odd].length}`,
    );
  const rows = new Float64Array(T * F);
  for (const [c, list] of lists.entries())
    for (let t = 0; t < T; t++) rows[t * F + c] = numberOf(list[t], `${what}, feature ${names[c]}`);
  return rows;
}

function numberOf(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return Number.NaN;
  throw new OptionError(who, what, `expected a number, or null for a missing value, got ${shown(value)}`);
}

const some = (names: readonly string[]) => names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
