// Translates many sources.

import { requireKinds } from '../checks.ts';
import { BucketBatcher } from '../data/batches.ts';
import type { DecodedSequence } from '../decode/row-stepper.ts';
import type { Seq2Seq, TranslateOptions } from '../models/seq2seq/seq2seq.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { throwIfAborted } from '../abort.ts';
import { compute } from './compute.ts';
import type { ReadOptions, Sequences } from './sequences.ts';

/** Calls `model.translate` on many sources, in batches of similar length; results are in the order of the sources. Yields to the event loop. */
export async function translateAll(
  model: Seq2Seq,
  sources: Sequences,
  options: TranslateOptions = {},
  { batchSize = rowsRead, signal }: ReadOptions = {},
): Promise<DecodedSequence[][]> {
  requireKinds('translateAll', { model, sources, options }, { model: 'module', sources: 'lists', options: 'object' });
  const predicted = new Array<DecodedSequence[]>(sources.length);
  for (const rows of readingOrder(
    Int32Array.from(sources, (row) => row.length),
    batchSize,
  )) {
    throwIfAborted('translate', signal);
    const chosen = Array.from(rows, (n) => sources[n]);
    const some = compute(model, () => model.translate(chosen, { ...options, signal }));
    for (const [k, n] of rows.entries()) predicted[n] = some[k];
    await yieldToEventLoop();
  }
  return predicted;
}

const rowsRead = 64;

/** Batches of all rows, longest first. */
export function readingOrder(lengths: Int32Array, batchSize = rowsRead): Iterable<Int32Array> {
  return lengths.length === 0 ? [] : new BucketBatcher(lengths, { batchSize, shuffle: false }).epoch();
}
