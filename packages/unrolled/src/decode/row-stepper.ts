// The interface of models to the searches: rows that each read a symbol and return the log-probabilities of the next one. Translators, captioners
// and language models implement it; a search does not know which it has.

import type { Kind } from '../checks.ts';

/** A model as searches see it: rows that read a symbol each and return log-probabilities of the next, and that may be reordered. */
export interface RowStepper {
  readonly vocabularySize: number;
  /** Number of sequences to decode: the rows before the first step. */
  readonly rows: number;
  /** First input symbol of each row. */
  readonly first: Int32Array;
  /** Resets to before the first step. */
  reset(): void;
  /**
   * Row i continues row from[i] of the last step (at first: sequence from[i]) and reads symbols[i]. Returns the next symbols' log-
   * probabilities, [rows, V] row by row. Rows may be dropped, duplicated and reordered.
   */
  step(symbols: Int32Array, from: Int32Array): Float32Array;
  /** Attention of each row in the last step, over the positions of its own source; null without attention. */
  readonly attention: readonly Float32Array[] | null;
}

/** What `requireKinds` checks of a RowStepper. */
export const rowStepperKind: Kind = {
  vocabularySize: 'number',
  rows: 'number',
  first: 'numbers',
  reset: 'function',
  step: 'function',
  attention: 'list|null',
};

/** A decoded sequence. */
export interface DecodedSequence {
  /** Symbols without start and end. */
  readonly ids: Int32Array;
  /** Log-probability of the symbols and the end, summed over the steps. */
  readonly logProbability: number;
  /** Score by which hypotheses are ranked: the log-probability under the penalties. */
  readonly score: number;
  /** Whether it ended with the end symbol; otherwise it was cut at the maximum length. */
  readonly ended: boolean;
  /** Attention for each symbol, the end included; null without attention. */
  readonly attention: readonly Float32Array[] | null;
}
