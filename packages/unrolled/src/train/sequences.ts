// Sequences as a model's batch: rows of different lengths side by side, time first, with their lengths.

import { BucketBatcher, type BucketOptions, padRows } from '../data/batches.ts';
import { OptionError } from '../errors.ts';
import type { SequenceModel } from '../models/sequence-model.ts';
import { noGrad } from '../tensor/autograd.ts';
import { empty, indices } from '../tensor/create.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { takeTurn } from '../tensor/turn.ts';

/** Token ids, one list a sequence; or the numbers of all its steps one after the other, for a model with `inputSize`: x[t · I + i]. */
export type Sequences = readonly ArrayLike<number>[];

/** How training examples are drawn: rows in a batch, or a budget of tokens, and the seed of their order. */
export type BatchOptions = Pick<BucketOptions, 'batchSize' | 'tokens' | 'seed'>;

/** Steps of each sequence. Throws an OptionError that names the first whose numbers do not make whole steps. */
export function lengthsOf(who: string, { inputSize }: SequenceModel, sequences: Sequences): Int32Array {
  return Int32Array.from(sequences, (row, n) => {
    if (inputSize !== null && row.length % inputSize !== 0) {
      throw new OptionError(
        who,
        'sequences',
        `sequence ${n} has ${row.length} numbers, which are not whole steps of ${inputSize}`,
      );
    }
    return row.length / (inputSize ?? 1);
  });
}

/** Some of the sequences as the model reads them: int32 [T, B] or float [T, B, I], and lengths int32 [B]. */
export function collate(
  { inputSize }: SequenceModel,
  sequences: Sequences,
  rows: Int32Array,
): { input: Tensor; lengths: Tensor } {
  const chosen = Array.from(rows, (n) => sequences[n]);
  if (inputSize !== null) return collateNumbers(chosen, inputSize);
  const { ids, lengths, T, B } = padRows(chosen);
  return { input: indices(ids, [T, B]), lengths: indices(lengths) };
}

function collateNumbers(rows: Sequences, I: number): { input: Tensor; lengths: Tensor } {
  const B = rows.length;
  const lengths = Int32Array.from(rows, (row) => row.length / I);
  const T = lengths.reduce((longest, n) => Math.max(longest, n), 0);
  const input = empty([T, B, I]);
  const x = input.storage.array.fill(0);
  for (const [b, row] of rows.entries()) {
    for (let t = 0; t < lengths[b]; t++) for (let i = 0; i < I; i++) x[(t * B + b) * I + i] = row[t * I + i];
  }
  return { input, lengths: indices(lengths) };
}

const rowsRead = 128; // of sequences about as long as each other

/** Hands every sequence to `take` once, in batches, longest first: in evaluation, without a record, and in a scope of their own. */
export async function readOnce(
  who: string,
  model: SequenceModel,
  sequences: Sequences,
  take: (rows: Int32Array, input: Tensor, lengths: Tensor) => void,
): Promise<void> {
  const all = lengthsOf(who, model, sequences);
  if (all.length === 0) return;
  const wasTraining = model.training;
  model.eval();
  try {
    for (const rows of new BucketBatcher(all, { batchSize: rowsRead, shuffle: false }).epoch()) {
      scope(() =>
        noGrad(() => {
          const { input, lengths } = collate(model, sequences, rows);
          take(rows, input, lengths);
        }),
      );
      await takeTurn();
    }
  } finally {
    model.train(wasTraining);
  }
}
