// A model and a small batch of its own, as the suites that loop over all models ask for it.

import { indices, type Module, type Tensor, tensor } from 'unrolled';
import { padSequences } from 'unrolled/data';

export interface ModelSample {
  /** New weights, drawn as `manualSeed` says; dropout off. */
  readonly make: () => Module;
  /** A model of the same form, from its config after it was JSON. */
  /** Another model of the same form; null where `modelOf` makes it, from the type in its config. */
  readonly remake: ((config: never) => Module) | null;
  /** How many rows the batch has. */
  readonly rows: number;
  /** Σ of the loss over these rows, a scalar. */
  readonly loss: (model: never, rows: readonly number[], padding: number) => Tensor;
  /** What the model says about each of these rows. */
  readonly outputs: (model: never, rows: readonly number[], padding: number) => number[][];
}

/** The types of one model agree; the table holds models of all kinds. */
export function sample<M extends Module & { readonly config: object }>(entry: {
  readonly make: () => M;
  readonly remake?: (config: M['config']) => M;
  readonly rows: number;
  readonly loss: (model: M, rows: readonly number[], padding: number) => Tensor;
  readonly outputs: (model: M, rows: readonly number[], padding: number) => number[][];
}): ModelSample {
  return { remake: null, ...entry };
}

export const sentences = [
  [1, 4, 2, 3, 1],
  [2, 0],
  [3, 1, 1, 4],
];
export const vocabularySize = 5;
export const inputSize = 2;

/** int32 [T, B] */
export function tokens(rows: readonly number[], padding: number): { input: Tensor; lengths: Int32Array } {
  const { ids, lengths, T, B } = padSequences(rows.map((r) => sentences[r]));
  return { input: indices([...ids, ...new Array<number>(padding * B).fill(4)], [T + padding, B]), lengths };
}

/** The characters of each symbol of `sentences`: one is a word of none, two are spelled alike. */
const spellings = [[2], [3, 2, 4], [], [4, 3], [3, 2, 4]];
export const characterSizes = { vocabularySize: 5, longest: 3, embeddingDim: 2, hiddenSize: 2 };

/** int32 [T, B, 1 + W], with rubbish past each row's length. */
export function spelledTokens(rows: readonly number[], padding: number): { input: Tensor; lengths: Int32Array } {
  const { input, lengths } = tokens(rows, padding);
  const W = characterSizes.longest;
  const ids = Array.from(input.dataSync());
  const values = ids.flatMap((id) => [id, ...Array.from({ length: W }, (_, k) => spellings[id][k] ?? 0)]);
  return { input: indices(values, [...input.shape, 1 + W]), lengths };
}

/** float [T, B, I], with rubbish past each row's length. */
export function numbers(rows: readonly number[], padding: number): { input: Tensor; lengths: Int32Array } {
  const lengths = Int32Array.from(rows, (r) => sentences[r].length);
  const [T, B] = [Math.max(0, ...lengths) + padding, rows.length];
  const values = Float64Array.from({ length: T * B * inputSize }, (_, k) => {
    const [t, b] = [Math.floor(k / (B * inputSize)), Math.floor(k / inputSize) % B];
    return t < lengths[b] ? Math.sin(1.3 * t + 2.1 * rows[b] + 0.7 * (k % inputSize)) : 1e3;
  });
  return { input: tensor(values, [T, B, inputSize]), lengths };
}
