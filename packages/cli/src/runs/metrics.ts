// Metrics in a line.

import type { EvaluationEvent } from 'unrolled';

export type EvaluationMetrics = (EvaluationEvent & { readonly metrics?: Readonly<Record<string, number>> })['metrics'];

/** `accuracy 0.912  f1 0.907` */
export function describeMetrics(metrics: EvaluationMetrics): string {
  return Object.entries(metrics ?? {})
    .map(([name, value]) => `${name} ${formatMetric(value)}`)
    .join('  ');
}

/** Four digits after the point for what is below ten, fewer above. */
export function formatMetric(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(4) : value.toFixed(2);
}
