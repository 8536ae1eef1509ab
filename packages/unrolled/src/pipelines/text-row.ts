// One text of a batch: what it has read and written, and where its state is.

import type { Random } from '../random.ts';
import type { TextWriter } from './text-writer.ts';

/** A text of a batch. */
export interface BatchedText {
  /** Number of symbols of the prompt. */
  readonly promptTokens: number;
  /** Number of symbols that were generated. */
  readonly count: number;
}

export class TextRow implements BatchedText {
  readonly prompt: Int32Array;
  readonly writer: TextWriter;
  readonly random: Random;
  readonly keepState: boolean;
  readonly logprobs: number | null;
  /** Of a row that is in no slot. */
  state: readonly Float32Array[] | null = null;
  /** Scores of the next symbol, of a row that has nothing to read. */
  scores: Float32Array | null = null;
  position = 0;
  /** How much of the prompt was read. */
  read = 0;
  /** The last symbol, which was not read yet. */
  pending = -1;
  /** −1: in no slot. */
  slot = -1;

  constructor(prompt: Int32Array, writer: TextWriter, random: Random, keepState: boolean, logprobs: number | null) {
    this.prompt = prompt;
    this.writer = writer;
    this.random = random;
    this.keepState = keepState;
    this.logprobs = logprobs;
  }

  get promptTokens(): number {
    return this.prompt.length;
  }

  get count(): number {
    return this.writer.count;
  }

  /** Symbols of the prompt that are left. */
  get left(): number {
    return this.prompt.length - this.read;
  }

  /** Whether it has nothing to read before its next symbol. */
  get isFresh(): boolean {
    return this.left === 0 && this.pending < 0;
  }

  next(): number {
    this.position += this.left > 0 ? 1 : 0; // a sampled symbol counts when it is sampled
    return this.left > 0 ? this.prompt[this.read++] : this.pending;
  }
}
