// A run that is read again with changed weights, and what it read with none of them changed.

import type { Module } from 'unrolled';
import { ChangedWeights } from './changed-weights.ts';
import type { BlockAsked, NextCompared, Reread, WeightBlock, WeightChange } from './protocol.ts';
import type { TraceReading } from './trace-reading.ts';
import { numbersOf } from './weights.ts';

export class ChangedReading {
  readonly #model: Module;
  readonly #weights: ChangedWeights;
  readonly #read: () => TraceReading;
  readonly #whole: TraceReading;
  #now: TraceReading;

  /** `whole` was read with the weights that the model has; `read` reads the same again with those that it comes to have. */
  constructor(model: Module, whole: TraceReading, read: () => TraceReading) {
    [this.#weights, this.#whole, this.#read] = [new ChangedWeights(model), whole, read];
    [this.#model, this.#now] = [model, whole];
  }

  /** What was read with the changes that there are. */
  get now(): TraceReading {
    return this.#now;
  }

  /** Reads with these changes and no others. All stays as it is where nothing can be read with them. */
  change(changes: readonly WeightChange[]): Reread {
    const before = this.#weights.changes;
    try {
      const changed = this.#weights.set(changes);
      const reading = changes.length > 0 ? this.#read() : this.#whole;
      const opened = reading.read();
      this.#now = reading;
      const tensors = new Set([...before, ...changes].map(({ tensor }) => tensor));
      return { opened, changed, weights: numbersOf(this.#model, tensors) };
    } catch (error) {
      this.#weights.set(before);
      throw error;
    }
  }

  /** What is given at a place with no weight changed, and with the changes that there are. */
  nextCompared(n: number): NextCompared {
    return { free: this.#weights.without(() => this.#whole.next(n)), held: this.#now.next(n) };
  }

  block(of: BlockAsked): WeightBlock {
    return this.#weights.block(of);
  }
}
