// How good a saved classifier is: over all, label by label, what it takes for what, and whether it knows how sure it may be.

import { calibration, evaluateClassifier } from 'unrolled';
import { confusionTable, labelResults, type LabelResults, labelTable } from '../examples/label-table.ts';
import { rowsToMeasure } from '../examples/parts.ts';
import { cutWarning } from '../examples/say.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, table } from '../terminal/index.ts';
import type { ClassifyConfig } from './config.ts';
import { encodeAndCount, readLabeled, readOther } from './data.ts';
import { restoreClassifier } from './model.ts';

export async function evaluateClassify(saved: SavedRun<ClassifyConfig>, values: EvaluateValues): Promise<Report> {
  const { model, tokenizer, labels, config } = restoreClassifier(saved);
  const { rows, source, warnings } = await rowsToMeasure(config.data, values, {
    parts: readLabeled,
    other: (path, read) => readOther(path, read, labels),
  });
  const texts = rows.map(({ cells }) => cells.text);
  const target = rows.map(({ cells }) => labels.indexOf(cells.label));
  const { maxLength } = config.training;
  const { sequences, cut } = encodeAndCount(texts, tokenizer, maxLength);
  const { loss, metrics, predictions, logits } = await evaluateClassifier(model, { sequences, labels: target });
  const result = {
    run: saved.path,
    step: saved.step,
    source,
    rows: rows.length,
    loss,
    ...metrics,
    calibrationError: calibration(logits, target).error,
    ...labelResults(predictions, target, labels),
    labels,
  };
  return { result, lines: [...warnings, ...cutWarning('texts', cut, rows.length, maxLength), ...linesOf(result)] };
}

interface ClassifyResult extends LabelResults {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  readonly rows: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly calibrationError: number;
  readonly labels: readonly string[];
}

function linesOf(r: ClassifyResult): string[] {
  const lines = table([
    ['accuracy', r.accuracy.toFixed(4)],
    ['macro F1', r.macroF1.toFixed(4)],
    ['loss', `${r.loss.toFixed(4)} nats per text`],
    ['calibration error', `${r.calibrationError.toFixed(4)}   (how far confidence and accuracy are apart)`],
    ['measured on', `${grouped(r.rows)} texts of ${r.source}`],
    ['weights', `${r.run}, step ${r.step}`],
  ]);
  lines.push('', ...labelTable('label', r.perLabel), '');
  return [...lines, ...confusionTable(r.confusion, r.labels)];
}
