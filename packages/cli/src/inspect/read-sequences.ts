// The units of a model over many short sequences, one after the other, each read from a fresh state.

import { indices, type Module, tensor, type Tensor } from 'unrolled';
import { TraceRecorder } from 'unrolled/analysis';
import type { Reading } from './source.ts';

type Reader = Module & { forward(input: Tensor): unknown; readonly tokenSize?: number };

/** The same of number sequences, whose steps are `model.inputSize` numbers. */
export function readNumberSteps(
  model: Reader & { readonly inputSize: number | null },
  sequences: readonly Float32Array[],
  options: ReadingOptions,
): Reading {
  const I = model.inputSize as number;
  const steps = sequences.map(({ length }) => length / I);
  const input = (n: number) => tensor(sequences[n], [steps[n], 1, I]);
  return readEach(
    model,
    steps,
    { input, symbols: (n) => Array.from({ length: steps[n] }, (_, t) => String(t + 1)), isText: false },
    options,
  );
}

/** Reads about `length` steps; `symbols` are what the numbers of each sequence stand for. A line break, which no unit sees, stands behind each. */
export function readSequences(
  model: Reader,
  sequences: readonly Int32Array[],
  symbols: (n: number) => readonly string[],
  options: ReadingOptions,
): Reading {
  const { tokenSize = 1 } = model;
  const steps = sequences.map((ids) => ids.length / tokenSize);
  const input = (n: number) => indices(sequences[n], tokenSize === 1 ? [steps[n], 1] : [steps[n], 1, tokenSize]);
  return readEach(model, steps, { input, symbols, isText: true }, options);
}

interface ReadingOptions {
  readonly length: number;
  readonly source: string;
  readonly between: string;
}

interface EachSequence {
  input(n: number): Tensor;
  symbols(n: number): readonly string[];
  readonly isText: boolean;
}

function readEach(
  model: Reader,
  steps: readonly number[],
  { input, symbols, isText }: EachSequence,
  { length, source, between }: ReadingOptions,
): Reading {
  let [count, total] = [0, 0];
  while (count < steps.length && total < length) total += steps[count++] + 1;
  const recorder = new TraceRecorder(model, total);
  const read: string[] = [];
  for (let n = 0; n < count; n++) {
    if (steps[n] > 0) recorder.watch(read.length, () => model.forward(input(n)));
    read.push(...symbols(n), '\n');
  }
  return { source, isText, symbols: read, between, trace: recorder.trace(), language: null };
}
