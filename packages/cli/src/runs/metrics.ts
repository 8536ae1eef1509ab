// Metrics in a line.

import type { EvaluationEvent } from 'unrolled';

export type EvaluationMetrics = (EvaluationEvent & { readonly metrics?: Readonly<Record<string, number>> })['metrics'];

/** `accuracy 0.912  f1 0.907` */
export function describeMetrics(metrics: EvaluationMetrics): string {
  return Object.entries(metrics ?? {})
    .map(([name, value]) => `${name} ${formatMetric(value)}`)
    .join('  ');
}

/** Four digits after the point for what is below ten, fewer above, and a power of ten for what is out of all proportion. */
export function formatMetric(value: number): string {
  if (Math.abs(value) >= 1e9) return value.toExponential(2);
  return Math.abs(value) < 10 ? value.toFixed(4) : value.toFixed(2);
}
