// Class weights of labels that stand at steps.

import { noLabel } from 'unrolled';

/** N / (C · N_c): a label half as frequent counts twice. */
export function balancedWeights(labels: readonly ArrayLike<number>[], C: number): number[] {
  const counts = new Array<number>(C).fill(0);
  for (const row of labels) for (const label of Array.from(row)) if (label !== noLabel) counts[label]++;
  const all = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => (count === 0 ? 0 : all / (C * count)));
}
