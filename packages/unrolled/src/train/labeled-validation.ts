// The validation of tasks whose data are sequences and labels.

import { inPart } from './part.ts';
import type { Sequences } from './sequences.ts';
import type { Evaluation } from './task.ts';

interface Labeled<L> {
  readonly sequences: Sequences;
  readonly labels: L;
}

/** Evaluates on a part of the data, by the criterion `best`: 'loss', or a metric of which more is better. Null without data. */
export async function validate<L extends readonly unknown[] | ArrayLike<number>, M extends string>(
  data: Labeled<L> | null,
  part: number,
  best: M | 'loss',
  evaluate: (data: Labeled<L>) => Promise<Evaluation & { readonly metrics: Readonly<Record<M, number>> }>,
): Promise<Evaluation | null> {
  if (!data) return null;
  const { sequences, labels } = data;
  const { loss, targets, metrics } = await evaluate(inPart({ sequences, labels }, part));
  return { loss, targets, metrics, ...(best === 'loss' ? {} : { score: 1 - metrics[best] }) };
}
