// The labels of a cell: one, or with --multi-label any number, as a list or with |, ; or a comma between them.

import { listIn, tidyLabel } from '../readers/index.ts';

/** The labels in a cell as it is read; each once. */
export function labelsIn(cell: string): string[] {
  const list = listIn(cell) ?? cell.split(/[|;,]/);
  return [...new Set(list.map(tidyLabel).filter((label) => label !== ''))];
}

/** The labels of a row, which are kept as JSON where there may be any number. */
export function labelsOfRow(label: string, multiLabel: boolean): readonly string[] {
  return multiLabel ? (JSON.parse(label) as string[]) : [label];
}

/** For a person. */
export function shownLabels(labels: readonly string[]): string {
  return labels.length === 0 ? '(none)' : labels.join(', ');
}
