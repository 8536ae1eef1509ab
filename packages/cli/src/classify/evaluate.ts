// How good a saved classifier is: over all, label by label, what it takes for what, and whether its confidence is its accuracy.

import { calibration, evaluateClassifier } from 'unrolled';
import { confusionMatrix } from 'unrolled/metrics';
import { textClassification } from 'unrolled/pipelines';
import { encodeAndCount } from '../examples/encode.ts';
import { rowsToMeasure } from '../examples/parts.ts';
import { cutWarning } from '../examples/say.ts';
import { requireOwnModel } from '../runs/own-model.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import type { ClassifyConfig } from './config.ts';
import { readLabeled, readOther } from './data.ts';
import { resultLines } from './view.ts';

export async function evaluateClassify(saved: SavedRun<ClassifyConfig>, values: EvaluateValues): Promise<Report> {
  const { model: opened, tokenizer, labels, input } = await saved.open(textClassification);
  const model = requireOwnModel(saved.path, opened, 'eval');
  const { rows, source, warnings } = await rowsToMeasure(saved.config.data, values, {
    parts: readLabeled,
    other: (path, read) => readOther(path, read, labels),
  });
  const texts = rows.map(({ cells }) => cells.text);
  const target = rows.map(({ cells }) => labels.indexOf(cells.label));
  const { sequences, cut } = encodeAndCount(texts, tokenizer, input.maxTokens);
  const { loss, metrics, perLabel, predictions, logits } = await evaluateClassifier(model, {
    sequences,
    labels: target,
  });
  const result = {
    run: saved.path,
    step: saved.step,
    source,
    rows: rows.length,
    loss,
    ...metrics,
    calibrationError: calibration(logits, target).error,
    perLabel: labels.map((label, c) => ({ label, ...perLabel[c] })),
    labels,
    /** confusion[label][prediction] */
    confusion: confusionMatrix(predictions, target, { classes: labels.length }),
  };
  return {
    result,
    warnings: [...warnings, ...cutWarning('texts', cut, rows.length, input.maxTokens)],
    lines: () => resultLines(result),
  };
}
