// What is reached without learning anything from the inputs: shown before training, and again at the end where the best model is not better.

import { t } from '../language/index.ts';
/** A trivial predictor and how good it is on the validation data. */
export interface Baseline {
  /** The metric of the task that `value` is one of; higher is better. */
  readonly metric: string;
  readonly value: number;
  /** What it predicts, after "predicting". */
  readonly what: string;
  /** What to look at where a trained model is no better. */
  readonly hint: string;
}

/** Its row among the first lines of a run. */
export function baselineRow(baseline: Baseline | null): (readonly [what: string, text: string])[] {
  if (!baseline) return [];
  return [[t('baseline'), t`${baseline.value.toFixed(3)} ${baseline.metric} of predicting ${t(baseline.what)}`]];
}

/** A warning where the metrics are no better than the baseline; null where they are. */
export function baselineWarning(
  baseline: Baseline | null | undefined,
  metrics: Readonly<Record<string, number>> | undefined,
): string | null {
  if (!baseline) return null;
  const reached = metrics?.[baseline.metric];
  if (reached === undefined || reached > baseline.value) return null;
  return t`the model has learned nothing from its inputs: ${baseline.metric} ${reached.toFixed(3)}, where predicting ${t(baseline.what)} has ${baseline.value.toFixed(3)}; ${t(baseline.hint)}`;
}

/** Predicting the most frequent training label for all of the validation labels; null where there are none of either. */
export function majorityBaseline(
  train: readonly string[],
  validation: readonly string[],
  hint: string,
): Baseline | null {
  if (train.length === 0 || validation.length === 0) return null;
  const label = mostFrequent(train);
  const right = validation.filter((other) => other === label).length;
  return {
    metric: 'accuracy',
    value: right / validation.length,
    what: t`always ${JSON.stringify(label)}, the most frequent label`,
    hint,
  };
}

/** The most frequent of some labels, the first of equally frequent ones. */
function mostFrequent(labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0] as [string, number])[0];
}
