// Classifies many sequences.

import type { TypedArray } from '../backend/backend.ts';
import { requireKinds, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import type { SequenceClassifier } from '../models/sequence-classifier.ts';
import { type ReadOptions, readOnce, type SequenceReader, type Sequences } from './sequences.ts';

/** A model that classifies sequences: `SequenceClassifier`, `VideoClassifier`, or one of your own. */
export type Classifier = SequenceReader &
  Pick<SequenceClassifier, 'forward' | 'loss' | 'predict'> & {
    readonly config: { readonly classes: number };
  };

export interface ClassifyOptions extends ReadOptions {
  /** Softmax temperature: above 1 lowers the confidence, below 1 raises it. Default 1. */
  readonly temperature?: number;
}

/** Class probabilities of every sequence, in order: `p[n · C + c]`. A temperature above 1 lowers the confidence. */
export async function classify(
  model: Classifier,
  sequences: Sequences,
  options: ClassifyOptions = {},
): Promise<Float32Array> {
  requireKinds('classify', { model, sequences, options }, { model: 'module', sequences: 'lists', options: 'object' });
  checkOptions('classify', options, ['temperature', 'batchSize', 'signal']);
  const { temperature = 1, ...reading } = options;
  if (!(typeof temperature === 'number' && temperature > 0))
    throw new OptionError('classify', 'temperature', `expected a number above 0, got ${shown(temperature)}`);
  const p = new Float32Array(sequences.length * model.config.classes);
  await readOnce(
    'classify',
    model,
    sequences,
    (_, input, lengths) => ({ p: model.predict(input, { lengths, temperature }) }),
    (rows, batch) => placeRows(p, rows, batch.p, model.config.classes),
    reading,
  );
  return p;
}

/** Probabilities of every class for every sequence, each class a yes or no of its own: `p[n · C + c]` = σ(logit). */
export async function classifyEach(
  model: Classifier,
  sequences: Sequences,
  options: ReadOptions = {},
): Promise<Float32Array> {
  const p = new Float32Array(sequences.length * model.config.classes);
  await readOnce(
    'classify',
    model,
    sequences,
    (_, input, lengths) => ({ p: model.forward(input, { lengths })[0].sigmoid() }),
    (rows, batch) => placeRows(p, rows, batch.p, model.config.classes),
    options,
  );
  return p;
}

/** Copies row b of `values` [B, C] to row rows[b] of the result. */
export function placeRows(all: Float32Array, rows: Int32Array, values: TypedArray, C: number): void {
  for (const [b, n] of rows.entries()) all.set(values.subarray(b * C, (b + 1) * C), n * C);
}
