// How good a saved classifier is: over all, label by label, what it takes for what, and whether it knows how sure it may be.

import { evaluateClassifier, type LabelScore } from 'unrolled';
import { type LabelResult, labelTable } from '../examples/label-table.ts';
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
  const confusion = confusionOf(target, predictions, labels.length);
  const result = {
    run: saved.path,
    step: saved.step,
    source,
    rows: rows.length,
    loss,
    ...metrics,
    calibrationError: calibrationError(logits, target, labels.length),
    perLabel: labels.map((label, c) => ({ label, ...scoresOf(confusion, c) })),
    labels,
    /** confusion[truth][said] */
    confusion,
  };
  return { result, lines: [...warnings, ...cutWarning('texts', cut, rows.length, maxLength), ...linesOf(result)] };
}

function confusionOf(target: readonly number[], predicted: ArrayLike<number>, C: number): number[][] {
  const counts = Array.from({ length: C }, () => new Array<number>(C).fill(0));
  for (const [n, t] of target.entries()) counts[t][predicted[n]]++;
  return counts;
}

function scoresOf(confusion: readonly (readonly number[])[], c: number): LabelScore {
  const count = confusion[c].reduce((a, b) => a + b, 0);
  const called = confusion.reduce((sum, row) => sum + row[c], 0);
  const right = confusion[c][c];
  const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);
  return { precision: ratio(right, called), recall: ratio(right, count), f1: ratio(2 * right, called + count), count };
}

const bins = 10;

/** The expected calibration error (Guo et al. 2017): how far confidence and accuracy are apart, over ten bins of confidence. */
export function calibrationError(logits: ArrayLike<number>, target: readonly number[], C: number): number {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (const [n, t] of target.entries()) {
    const row = Array.from({ length: C }, (_, c) => logits[n * C + c]);
    const most = Math.max(...row);
    const confidence = 1 / row.reduce((sum, x) => sum + Math.exp(x - most), 0);
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))];
    bin.count++;
    bin.confidence += confidence;
    if (row[t] === most) bin.right++;
  }
  return (
    sums.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0) / Math.max(1, target.length)
  );
}

interface ClassifyResult {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  readonly rows: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly calibrationError: number;
  readonly labels: readonly string[];
  readonly perLabel: readonly LabelResult[];
  readonly confusion: readonly (readonly number[])[];
}

const mostColumns = 10; // of a confusion matrix

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
  if (r.labels.length <= mostColumns) {
    const rows = r.confusion.map((row, c) => [r.labels[c], ...row]);
    lines.push(...table(rows, { header: ['is ↓  called →', ...r.labels] }));
    return lines;
  }
  const mistakes = r.confusion
    .flatMap((row, t) => row.map((count, s) => ({ count, t, s })))
    .filter(({ count, t, s }) => t !== s && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostColumns);
  const rows = mistakes.map(({ count, t, s }) => [r.labels[t], r.labels[s], count]);
  lines.push(...table(rows, { header: ['is', 'called', 'times'] }));
  return lines;
}
