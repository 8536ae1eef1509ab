// The translations of many sources.

import { requireKinds } from '../checks.ts';
import { BucketBatcher } from '../data/batches.ts';
import type { DecodedSequence } from '../decode/row-stepper.ts';
import type { Seq2Seq, TranslateOptions } from '../models/seq2seq/seq2seq.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { throwIfAborted } from './abort.ts';
import { compute } from './compute.ts';
import type { ReadOptions, Sequences } from './sequences.ts';

/** `model.translate` of many sources, in batches of about one length, in the order of the sources. Lets the event loop take turns. */
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
    const some = compute(model, () => model.translate(chosen, options));
    for (const [k, n] of rows.entries()) predicted[n] = some[k];
    await yieldToEventLoop();
  }
  return predicted;
}

const rowsRead = 64;

/** All rows once, longest first. */
export function readingOrder(lengths: Int32Array, batchSize = rowsRead): Iterable<Int32Array> {
  return lengths.length === 0 ? [] : new BucketBatcher(lengths, { batchSize, shuffle: false }).epoch();
}
