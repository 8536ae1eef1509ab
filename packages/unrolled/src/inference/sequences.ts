// Batches of sequences for a model: rows of different lengths, padded, time first, with their lengths; and reading many sequences once.

import { requireKinds } from '../checks.ts';
import { BucketBatcher, padSequences } from '../data/batches.ts';
import { OptionError } from '../errors.ts';
import { inEvaluation } from '../nn/in-evaluation.ts';
import type { Module } from '../nn/module.ts';
import { empty, full, indices } from '../tensor/create.ts';
import { valuesFor, writeValues } from '../tensor/host-values.ts';
import { cat } from '../tensor/ops/shaping.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { type SignalLike, throwIfAborted } from '../abort.ts';
import { computeValues, type Tensors, type ValuesOf } from './compute.ts';

/** A sequence model: the input size of a step, or null for token ids. */
export type SequenceReader = Module & { readonly inputSize: number | null };

/** Token ids, one list for each sequence; or the values of all its steps one after the other, for a model with `inputSize`: x[t · I + i]. */
export type Sequences = readonly ArrayLike<number>[];

/** Length of each sequence. Throws an OptionError that names the first whose values do not make whole steps. */
export function lengthsOf(who: string, { inputSize }: SequenceReader, sequences: Sequences): Int32Array {
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

/** Some of the sequences as model input: int32 [T, B] or float [T, B, I], followed by `more` steps of ones, and lengths int32 [B]. */
export function collate(
  { inputSize }: SequenceReader,
  sequences: Sequences,
  rows: ArrayLike<number>,
  more = 0,
): { input: Tensor; lengths: Tensor } {
  const { input, lengths } = collateRows(inputSize, sequences, rows);
  if (more === 0) return { input, lengths };
  const [, ...step] = input.shape;
  const behind = full([more, ...step], 1, { dtype: input.dtype, backend: input.backend });
  return { input: cat([input, behind], 0), lengths };
}

function collateRows(
  inputSize: number | null,
  sequences: Sequences,
  rows: ArrayLike<number>,
): { input: Tensor; lengths: Tensor } {
  const chosen = Array.from(rows, (n) => sequences[n]);
  if (inputSize !== null) return collateNumbers(chosen, inputSize);
  const { ids, lengths, T, B } = padSequences(chosen);
  return { input: indices(ids, [T, B]), lengths: indices(lengths) };
}

function collateNumbers(rows: Sequences, I: number): { input: Tensor; lengths: Tensor } {
  const B = rows.length;
  const lengths = Int32Array.from(rows, (row) => row.length / I);
  const T = lengths.reduce((longest, n) => Math.max(longest, n), 0);
  const input = empty([T, B, I]);
  const x = valuesFor(input);
  for (const [b, row] of rows.entries()) {
    for (let t = 0; t < lengths[b]; t++) for (let i = 0; i < I; i++) x[(t * B + b) * I + i] = row[t * I + i];
  }
  writeValues(input, x);
  return { input, lengths: indices(lengths) };
}

const rowsRead = 128; // sequences of similar length

export interface ReadOptions {
  /** Batch size. Default 128. */
  readonly batchSize?: number;
  /** Stops between two batches with an AbortError. */
  readonly signal?: SignalLike | null;
}

/**
 * Reads every sequence once, in batches, longest first: in eval mode, without recording gradients, and in a scope of their own. `read` computes
 * the tensors of a batch, and `take` receives their values.
 */
export async function readOnce<T extends Tensors>(
  who: string,
  model: SequenceReader,
  sequences: Sequences,
  read: (rows: Int32Array, input: Tensor, lengths: Tensor) => T,
  take: (rows: Int32Array, values: ValuesOf<T>) => void,
  options: ReadOptions = {},
): Promise<void> {
  requireKinds(who, { options }, { options: 'object' });
  const { batchSize = rowsRead, signal } = options;
  const all = lengthsOf(who, model, sequences);
  if (all.length === 0) return;
  await inEvaluation(model, async () => {
    for (const rows of new BucketBatcher(all, { batchSize, shuffle: false }).epoch()) {
      throwIfAborted(who, signal);
      const values = await computeValues(model, () => {
        const { input, lengths } = collate(model, sequences, rows);
        return read(rows, input, lengths);
      });
      take(rows, values);
      await yieldToEventLoop();
    }
  });
}
