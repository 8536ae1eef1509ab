// A few examples of a task that never change, to ask questions of a network with: does padding change what is said, do rows mix, can it learn
// these memorized? A task that offers a probe can be checked before it is trained (analysis/check-network.ts) and sampled while it is.

import type { Tensor } from '../tensor/tensor.ts';

/** A few examples that never change, for checks and inspection. */
export interface Probe {
  /** How many examples there are. */
  readonly rows: number;
  /** Steps of the longest. */
  readonly steps: number;
  /**
   * What is put behind a row when `outputs` is asked for more steps: padding past its end, or the symbols that come next, which a model that
   * predicts them must not see. Null where every row has the same steps, always.
   */
  readonly behind: 'padding' | 'future' | null;
  /** The loss of an answer that knows nothing, ln V, and how to write it: 'ln 65'. Null where there is no such. */
  readonly baseline: { readonly loss: number; readonly name: string } | null;
  /** The mean loss on these examples. */
  loss(rows: readonly number[]): Tensor;
  /** What the model says about each of these, and `more` steps put behind them. */
  outputs(rows: readonly number[], more: number): ArrayLike<number>[];
  /** The same, read in two pieces with the state carried over; null where no state is carried. */
  readonly inPieces: ((rows: readonly number[]) => ArrayLike<number>[]) | null;
}

/** How large a probe is, where a task can choose. The defaults are so few that a check takes no time. */
export interface ProbeSize {
  /** Most examples. Default 4. */
  readonly rows?: number;
  /** Most steps of an example; longer ones are cut. Default 16. */
  readonly steps?: number;
}

export const probeSize = { rows: 4, steps: 16 } as const;

/** Example numbers for a probe: of different labels as far as there are, so that telling them apart has to be learnt. */
export function chooseRows(count: number, rows: number, labelOf: (n: number) => unknown): number[] {
  const [chosen, seen] = [new Set<number>(), new Set<unknown>()];
  for (let n = 0; n < count && chosen.size < rows; n++) {
    if (seen.has(labelOf(n))) continue;
    seen.add(labelOf(n));
    chosen.add(n);
  }
  for (let n = 0; n < count && chosen.size < rows; n++) chosen.add(n);
  return [...chosen];
}

/** Values of row b of a tensor [T, B, ..], for its first steps. */
export function rowOf(y: Tensor, b: number, steps: number): Float32Array {
  return Float32Array.from(y.select(1, b).slice(0, 0, steps).dataSync());
}
