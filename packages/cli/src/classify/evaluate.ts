// How good a saved classifier is: over all, label by label, what it takes for what, and whether its confidence is its accuracy.

import { calibration, evaluateClassifier, OptionError } from 'unrolled';
import { confusionMatrix, precisionRecallAtK } from 'unrolled/metrics';
import { textClassification } from 'unrolled/pipelines';
import { encodeAndCount } from '../examples/encode.ts';
import { rowsToMeasure } from '../examples/parts.ts';
import { cutWarning } from '../examples/say.ts';
import { requireOwnModel } from '../runs/own-model.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import type { ClassifyConfig } from './config.ts';
import { readLabeled, readOther } from './data.ts';
import { labelsOfRow } from './labels.ts';
import { type AtK, multiLabelLines, resultLines } from './view.ts';

export async function evaluateClassify(saved: SavedRun<ClassifyConfig>, values: EvaluateValues): Promise<Report> {
  const { model: opened, tokenizer, labels, input } = await saved.open(textClassification);
  const model = requireOwnModel(saved.path, opened, 'eval');
  const { rows, source, warnings } = await rowsToMeasure(saved.config.data, values, {
    parts: readLabeled,
    other: (path, read) => readOther(path, read, labels),
  });
  const { multiLabel = false } = input;
  const texts = rows.map(({ cells }) => cells.text);
  const targets = rows.map(({ cells }) => labelsOfRow(cells.label, multiLabel).map((label) => labels.indexOf(label)));
  const { sequences, cut } = encodeAndCount(texts, tokenizer, input.maxTokens);
  const data = { sequences, labels: targets };
  const about = { run: saved.path, step: saved.step, source, rows: rows.length };
  const told = [...warnings, ...cutWarning('texts', cut, rows.length, input.maxTokens)];
  if (multiLabel) {
    const { loss, metrics, perLabel, probabilities } = await evaluateClassifier(model, data, { multiLabel });
    const result = {
      ...about,
      loss,
      ...metrics,
      atK: atKOf(probabilities, targets, values.atK ?? '1,3,5'),
      perLabel: labels.map((label, c) => ({ label, ...perLabel[c] })),
      labels,
    };
    return { result, warnings: told, lines: () => multiLabelLines(result) };
  }
  const target = targets.map(([label]) => label);
  const { loss, metrics, perLabel, predictions, logits } = await evaluateClassifier(model, {
    sequences,
    labels: target,
  });
  const result = {
    ...about,
    loss,
    ...metrics,
    calibrationError: calibration(logits, target).error,
    atK: values.atK === null ? [] : atKOf(logits, targets, values.atK),
    perLabel: labels.map((label, c) => ({ label, ...perLabel[c] })),
    labels,
    /** confusion[label][prediction] */
    confusion: confusionMatrix(predictions, target, { classes: labels.length }),
  };
  return { result, warnings: told, lines: () => resultLines(result) };
}

/** `1,5` → precision and recall of the most probable label, and of the five most probable ones. */
function atKOf(scores: ArrayLike<number>, targets: readonly (readonly number[])[], list: string): AtK[] {
  return list.split(',').map((text) => {
    const k = Number(text);
    if (!(Number.isInteger(k) && k >= 1 && k <= 1000))
      throw new OptionError('eval', '--at-k', `expected whole numbers from 1 to 1000 as 1,5, got ${list}`);
    return { k, ...precisionRecallAtK(scores, targets, k) };
  });
}
