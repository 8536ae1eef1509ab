// The interface of models to `generate`: one symbol after the other, at batch 1.

/** A language model that reads symbol by symbol and keeps its state. */
export interface Stepper {
  readonly vocabularySize: number;
  /** Reads a symbol and returns the logits [V] of the next one: a view that the next call overwrites. */
  step(symbol: number): Float32Array;
  /** Resets the state. */
  reset(): void;
  /** Copies of the state, layer by layer; empty before the first symbol of a model without a packed form. */
  state(): Float32Array[];
  /** Restores a state. Throws an OptionError, and keeps the current state, unless sizes are the same and all numbers finite. */
  setState(state: readonly Float32Array[]): void;
  /** Frees its state; the weights stay. */
  dispose(): void;
}
