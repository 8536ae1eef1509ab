// How good a saved classifier of number sequences is: over all, label by label, and what it takes for what.

import {
  calibration,
  evaluateClassifier,
  evaluateTagger,
  type LabelScore,
  noLabel,
  type SequenceClassifier,
  type SequenceTagger,
} from 'unrolled';
import { confusionMatrix } from 'unrolled/metrics';
import { timeSeriesClassification } from 'unrolled/pipelines';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import type { SeriesConfig } from './config.ts';
import { numbersToMeasure } from './data.ts';
import { type EncodedNumbers, encodeNumbers } from './encode.ts';
import type { Per } from './source.ts';
import { resultLines, type SeriesResult } from './view.ts';

export async function evaluateSeries(saved: SavedRun<SeriesConfig>, values: EvaluateValues, per: Per): Promise<Report> {
  const { model, features, labels, input } = await saved.open(timeSeriesClassification);
  const known = features.names;
  const { examples, source, warnings } = await numbersToMeasure(saved.config.data, values, { per, known });
  const data = encodeNumbers(examples, features, labels, input.maxSteps);
  const measured =
    per === 'sequence'
      ? await sequenceScores(model as SequenceClassifier, data)
      : await stepScores(model as SequenceTagger, data);
  const { perLabel, predicted, target, ...scores } = measured;
  const result: SeriesResult = {
    run: saved.path,
    step: saved.step,
    source,
    ...scores,
    perLabel: labels.map((label, c) => ({ label, ...perLabel[c] })),
    labels,
    /** confusion[label][prediction] */
    confusion: confusionMatrix(predicted, target, { classes: labels.length }),
  };
  return { result, warnings: [...warnings, ...data.warnings], lines: () => resultLines(result, per) };
}

interface Measured
  extends Pick<SeriesResult, 'sequences' | 'loss' | 'accuracy' | 'macroF1' | 'calibrationError' | 'exact' | 'steps'> {
  readonly perLabel: readonly LabelScore[];
  readonly predicted: ArrayLike<number>;
  readonly target: ArrayLike<number>;
}

/** Sequences with a label that the model does not know are left out. */
async function sequenceScores(model: SequenceClassifier, data: EncodedNumbers): Promise<Measured> {
  const kept = data.classes.flatMap((label, n) => (label === noLabel ? [] : [n]));
  const target = kept.map((n) => data.classes[n]);
  const sequences = kept.map((n) => data.sequences[n]);
  const { loss, metrics, perLabel, predictions, logits } = await evaluateClassifier(model, {
    sequences,
    labels: target,
  });
  const calibrationError = calibration(logits, target).error;
  return { sequences: kept.length, loss, ...metrics, calibrationError, perLabel, predicted: predictions, target };
}

async function stepScores(model: SequenceTagger, data: EncodedNumbers): Promise<Measured> {
  const { sequences, stepClasses: labels } = data;
  const { loss, targets, metrics, perLabel, predictions } = await evaluateTagger(model, { sequences, labels });
  const pairs = labels.flatMap((own, n) => Array.from(own, (label, t) => [label, predictions[n][t]]));
  const counted = pairs.filter(([label]) => label !== noLabel);
  const [target, predicted] = [counted.map(([label]) => label), counted.map(([, found]) => found)];
  return { sequences: sequences.length, loss, ...metrics, steps: targets, perLabel, predicted, target };
}
