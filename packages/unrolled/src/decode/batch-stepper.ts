// The interface of models to many texts that are written at the same time: rows that come and go between two steps.

/**
 * Rows in slots, numbered from 0, each with a state of its own. A step is of rows whose slots follow one another, and gives each row the bits that
 * a `Stepper` alone would give it, whatever the other rows are.
 */
export interface BatchStepper {
  readonly vocabularySize: number;
  /** Puts a row into a slot, with a state as `save` and `Stepper.state` give it; null for the one before the first symbol. Room is made for it. */
  load(slot: number, state: readonly Float32Array[] | null): void;
  /** Copies of the state in a slot, tensor by tensor. */
  save(slot: number): Float32Array[];
  /** Exchanges the rows in two slots. */
  swap(a: number, b: number): void;
  /** The row in slot from + i reads symbols[i]. */
  read(symbols: Int32Array, from: number): void;
  /** The same; returns the logits of the next symbols, [rows, V] row by row: a view that the next call overwrites. */
  step(symbols: Int32Array, from: number): Float32Array;
  /** Frees the states; the weights stay. */
  dispose(): void;
}
