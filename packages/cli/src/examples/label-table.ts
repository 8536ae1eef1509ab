// Labels with what was found of each. They are lists, never objects by label: an object puts keys that look like numbers first, in their own order.

import type { LabelScore } from 'unrolled';
import { bar, padEnd, stringWidth, type Style, table } from '../terminal/index.ts';
import { t } from '../language/index.ts';

/** How likely a label is. */
export interface Scored {
  readonly label: string;
  readonly score: number;
}

/** How good a model is at one label. */
export type LabelResult = LabelScore & { readonly label: string };

/** A score as it is printed for programs. */
export function rounded({ label, score }: Scored): Scored {
  return { label, score: Number(score.toPrecision(6)) };
}

const mostBars = 10;

/** A bar a label, in the order they come in. */
export function scoreBars(scored: readonly Scored[], style: Style): string[] {
  const shown = scored.slice(0, mostBars);
  const rows = table(shown.map(({ label }) => [label]));
  const width = Math.max(...rows.map(stringWidth));
  return shown.map(({ score }, n) => `${padEnd(rows[n], width)}  ${bar(score, 24, style)}  ${score.toFixed(3)}`);
}

/** `what` they are called: 'label'. */
export function labelTable(what: string, results: readonly LabelResult[]): string[] {
  const rows = results.map(({ label, precision, recall, f1, count }) => [
    label,
    precision.toFixed(3),
    recall.toFixed(3),
    f1.toFixed(3),
    count,
  ]);
  return table(rows, { header: [t(what), t('precision'), t('recall'), 'f1', t('count')] });
}

/** How good a model is at every label, and how often each was predicted for each. */
export interface LabelResults {
  readonly perLabel: readonly LabelResult[];
  /** confusion[target][predicted] */
  readonly confusion: readonly (readonly number[])[];
}

const mostColumns = 10; // of a confusion matrix

/** The confusion matrix; of many labels the most frequent mistakes. */
export function confusionTable(confusion: readonly (readonly number[])[], labels: readonly string[]): string[] {
  if (labels.length <= mostColumns) {
    const rows = confusion.map((row, c) => [labels[c], ...row]);
    return table(rows, { header: [t('target ↓  predicted →'), ...labels] });
  }
  const mistakes = confusion
    .flatMap((row, t) => row.map((count, p) => ({ count, t, p })))
    .filter(({ count, t, p }) => t !== p && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostColumns)
    .map(({ count, t, p }) => [labels[t], labels[p], count]);
  return table(mistakes, { header: [t('target'), t('predicted'), t('times')] });
}
