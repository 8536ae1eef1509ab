// Training examples: rows in a form of their own every epoch, and in part for a probe. How they become a batch is in ../inference/sequences.ts.

import type { BucketOptions, Position } from '../data/batches.ts';
import { OptionError } from '../errors.ts';
import { collate, type SequenceReader, type Sequences, stepSize } from '../inference/sequences.ts';
import { Random } from '../random.ts';
import type { Tensor } from '../tensor/tensor.ts';

export { collate, lengthsOf, readOnce, type SequenceReader, type Sequences } from '../inference/sequences.ts';

/** Batching of training examples: a batch size, or a budget of tokens, and the seed of their order. */
export type BatchOptions = Pick<BucketOptions, 'batchSize' | 'tokens' | 'seed'>;

/** Names of the options of every task that learns labels of sequences. */
export const labelTaskOptions = [
  'train',
  'validation',
  'batchSize',
  'tokens',
  'seed',
  'labelSmoothing',
  'best',
] as const;

/** Refuses to learn from nothing, and to measure on nothing: a loss of 0 would be the best there is. */
export function requireExamples(who: string, train: number, validation?: number): void {
  if (train === 0) throw new OptionError(who, 'train', 'there are no examples');
  if (validation === 0) throw new OptionError(who, 'validation', 'there are no examples; leave it out, or give some');
}

/** Gives another form of a sequence, as long as it is, by what it draws from `random`. */
export type Augment = (sequence: ArrayLike<number>, random: Random, example: number) => ArrayLike<number>;

/** Reads training rows as `collate` does, each in a form drawn by the seed, the position in the data, the shard and the example alone. */
export function augmented(
  model: SequenceReader,
  sequences: Sequences,
  batches: { readonly position: Position },
  augment: Augment | null,
  seed = 0,
): (rows: Int32Array, shard?: number) => { input: Tensor; lengths: Tensor } {
  if (!augment) return (rows) => collate(model, sequences, rows);
  return (rows, shard) => {
    const { epoch, batch } = batches.position;
    const random = new Random(seed).fork(`augment ${epoch} ${batch}${shard === undefined ? '' : ` ${shard}`}`);
    const forms = Array.from(rows, (n) => {
      const form = augment(sequences[n], random, n);
      if (form.length === sequences[n].length) return form;
      throw new OptionError('augment', 'length', `example ${n}: expected ${sequences[n].length}, got ${form.length}`);
    });
    return collate(
      model,
      forms,
      Int32Array.from(rows, (_, k) => k),
    );
  };
}

/** The first steps of a sequence. */
export function shorten(model: SequenceReader, sequence: ArrayLike<number>, steps: number): ArrayLike<number> {
  return Array.from({ length: Math.min(sequence.length, steps * stepSize(model)) }, (_, k) => sequence[k]);
}
