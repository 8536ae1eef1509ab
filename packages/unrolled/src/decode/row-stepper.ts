// What the searches need of a model: rows that each read a symbol and say how likely every next one is. A translator, a captioner and a language
// model all are such; a search does not know which it has.

/** A model as searches see it: rows that read a symbol each and return log-probabilities of the next, and that may be reordered. */
export interface RowStepper {
  readonly vocabularySize: number;
  /** Sequences to be written: the rows before the first step. */
  readonly rows: number;
  /** The symbol that each row reads first. */
  readonly first: Int32Array;
  /** Back to before the first step. */
  reset(): void;
  /**
   * Row i goes on from row from[i] of the last step (at first: from sequence from[i]) and reads symbols[i] → the logarithms of the next symbols'
   * probabilities, [rows, V] row by row. Rows may be left out, doubled and reordered.
   */
  step(symbols: Int32Array, from: Int32Array): Float32Array;
  /** Where each row looked in the last step, over the positions of its own source; null without attention. */
  readonly attention: readonly Float32Array[] | null;
}

/** A sequence that was written. */
export interface Decoded {
  /** Without start and end. */
  readonly ids: Int32Array;
  /** ln p(ids and the end), the sum over the steps. */
  readonly logProbability: number;
  /** What it was ranked by: logProbability under the penalties. */
  readonly score: number;
  /** Whether it came to its end, or was cut at the maximum length. */
  readonly ended: boolean;
  /** Where it looked for each of its symbols, and last for its end; null without attention. */
  readonly attention: readonly Float32Array[] | null;
}
