// The units of a model over many short sequences, one after the other, each read from a fresh state.

import { indices, type Module, type Tensor } from 'unrolled';
import { TraceRecorder } from 'unrolled/analysis';
import type { Reading } from './source.ts';

type Reader = Module & { forward(input: Tensor): unknown };

/** Reads about `length` steps; `symbols` are what the numbers of each sequence stand for. A line break, which no unit sees, stands behind each. */
export function readSequences(
  model: Reader,
  sequences: readonly Int32Array[],
  symbols: (n: number) => readonly string[],
  { length, source, between }: { readonly length: number; readonly source: string; readonly between: string },
): Reading {
  let [count, total] = [0, 0];
  while (count < sequences.length && total < length) total += sequences[count++].length + 1;
  const recorder = new TraceRecorder(model, total);
  const read: string[] = [];
  for (const [n, ids] of sequences.slice(0, count).entries()) {
    if (ids.length > 0) recorder.watch(read.length, () => model.forward(indices(ids, [ids.length, 1])));
    read.push(...symbols(n), '\n');
  }
  return { source, symbols: read, between, trace: recorder.trace(), language: null };
}
