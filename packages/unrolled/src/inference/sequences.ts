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

/** A sequence model: the input size of a step, or null for token ids; and how many ids a token has, with its characters. Default: 1. */
export type SequenceReader = Module & { readonly inputSize: number | null; readonly tokenSize?: number };

/** Token ids, one list for each sequence; or the values of all its steps one after the other, for a model with `inputSize` or `tokenSize`: x[t · I + i]. */
export type Sequences = readonly ArrayLike<number>[];

/** Values in a step of a sequence. */
export function stepSize({ inputSize, tokenSize = 1 }: SequenceReader): number {
  return inputSize ?? tokenSize;
}

/** Length of each sequence. Throws an OptionError that names the first whose values do not make whole steps. */
export function lengthsOf(who: string, model: SequenceReader, sequences: Sequences): Int32Array {
  const size = stepSize(model);
  return Int32Array.from(sequences, (row, n) => {
    if (row.length % size !== 0) {
      throw new OptionError(
        who,
        'sequences',
        `sequence ${n} has ${row.length} numbers, which are not whole steps of ${size}`,
      );
    }
    return row.length / size;
  });
}

/** Some of the sequences as model input: int32 [T, B] or [T, B, 1 + W], or float [T, B, I], followed by `more` steps of ones, and lengths int32 [B]. */
export function collate(
  model: SequenceReader,
  sequences: Sequences,
  rows: ArrayLike<number>,
  more = 0,
): { input: Tensor; lengths: Tensor } {
  const { input, lengths } = collateRows(model, sequences, rows);
  if (more === 0) return { input, lengths };
  const [, ...step] = input.shape;
  const behind = full([more, ...step], 1, { dtype: input.dtype, backend: input.backend });
  return { input: cat([input, behind], 0), lengths };
}

function collateRows(
  model: SequenceReader,
  sequences: Sequences,
  rows: ArrayLike<number>,
): { input: Tensor; lengths: Tensor } {
  const chosen = Array.from(rows, (n) => sequences[n]);
  const size = stepSize(model);
  if (model.inputSize === null && size === 1) {
    const { ids, lengths, T, B } = padSequences(chosen);
    return { input: indices(ids, [T, B]), lengths: indices(lengths) };
  }
  const B = chosen.length;
  const lengths = Int32Array.from(chosen, (row) => row.length / size);
  const T = lengths.reduce((longest, n) => Math.max(longest, n), 0);
  if (model.inputSize === null) {
    const ids = stepsOf(chosen, size, new Int32Array(T * B * size));
    return { input: indices(ids, [T, B, size]), lengths: indices(lengths) };
  }
  const input = empty([T, B, size]);
  writeValues(input, stepsOf(chosen, size, valuesFor(input)));
  return { input, lengths: indices(lengths) };
}

/** Sequences of steps of I values, written into x [T, B, I]. */
function stepsOf<X extends Int32Array | Float32Array | Float64Array>(rows: Sequences, I: number, x: X): X {
  const B = rows.length;
  for (const [b, row] of rows.entries()) {
    for (let t = 0; t < row.length / I; t++) for (let i = 0; i < I; i++) x[(t * B + b) * I + i] = row[t * I + i];
  }
  return x;
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
