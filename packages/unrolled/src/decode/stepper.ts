// What `generate` needs of a model: one symbol after the other, at batch 1.

/** A language model that reads symbol by symbol and remembers. */
export interface Stepper {
  readonly vocabularySize: number;
  /** Reads a symbol → the logits [V] of the next one: a live view, overwritten by the next call. */
  step(symbol: number): Float32Array;
  /** Forgets everything read. */
  reset(): void;
  /** Copies of what it remembers, layer by layer; none before the first symbol of a model without a packed form. */
  state(): Float32Array[];
  /** Remembers what `state` gave. Throws an OptionError, and remembers what it did, unless sizes are the same and all numbers finite. */
  setState(state: readonly Float32Array[]): void;
  /** Gives its own memory back; the weights stay. */
  dispose(): void;
}
