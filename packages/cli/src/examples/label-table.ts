// How good a model is, label by label.

import type { LabelScore } from 'unrolled';
import { table } from '../terminal/index.ts';

/** `what` they are called: 'label'. */
export function labelTable(what: string, scores: Readonly<Record<string, LabelScore>>): string[] {
  const rows = Object.entries(scores).map(([label, { precision, recall, f1, count }]) => [
    label,
    precision.toFixed(3),
    recall.toFixed(3),
    f1.toFixed(3),
    count,
  ]);
  return table(rows, { header: [what, 'precision', 'recall', 'f1', 'count'] });
}
