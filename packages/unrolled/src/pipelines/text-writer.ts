// What a text in progress does with the scores of its next symbol: samples one, and turns symbols into text until a limit or a stop text. A session
// has one for each call of `generate`, a batch one for each of its texts, so that both write the same.

import { requireKinds, shown } from '../checks.ts';
import { Sampler, type SampleOptions, sampleOptions } from '../decode/sample.ts';
import { checkOptions, OptionError } from '../errors.ts';
import type { Random } from '../random.ts';
import { neverWritten } from './text-codec.ts';
import { TextStream } from './text-stream.ts';

/** Limits of a text, and how its symbols are sampled. */
export interface WritingOptions extends SampleOptions {
  /** Maximum number of symbols to generate. Default 200. */
  readonly maxTokens?: number;
  /** Stops before this text, or before the first of these. Default: none. */
  readonly stop?: string | readonly string[] | null;
}

/** Names of the options of writing. */
export const writingOptions = [...sampleOptions, 'maxTokens', 'stop'] as const;

/** A symbol and the text that it adds. */
export interface TextPiece {
  /** Text to append. Empty while a character is incomplete. */
  readonly text: string;
  /** Id of the symbol. */
  readonly id: number;
}

const mostRecent = 16; // symbols

/** The last symbols of a text, when these follow. */
export function recentOf(before: readonly number[], ids: ArrayLike<number>): readonly number[] {
  return [...before, ...Array.from(ids).slice(-mostRecent)].slice(-mostRecent);
}

export class TextWriter {
  readonly #random: Random;
  readonly #size: number;
  readonly #sampler: Sampler;
  readonly #stream: TextStream;
  readonly #maxTokens: number;
  readonly #never: readonly number[];
  /** Number of symbols that were sampled. */
  count = 0;
  /** The last symbols, of the text and before it. */
  readonly recent: number[];

  constructor(
    who: string,
    random: Random,
    vocabulary: { decode(ids: Iterable<number>): string },
    /** Number of symbols that the model predicts. */
    symbols: number,
    options: WritingOptions,
    /** The last symbols before the text: what follows may be written otherwise after them (a space between words). */
    before: readonly number[] = [],
  ) {
    checkOptions(who, options, writingOptions);
    const { maxTokens = 200, stop = null, ...sampling } = options;
    if (!(Number.isInteger(maxTokens) && maxTokens >= 0))
      throw new OptionError(who, 'maxTokens', `expected a whole number from 0, got ${shown(maxTokens)}`);
    requireKinds(who, { stop }, { stop: Array.isArray(stop) ? 'texts' : 'text|null' });
    this.#random = random;
    this.#size = symbols;
    this.#never = neverWritten(vocabulary).filter((id) => id < symbols);
    this.#sampler = new Sampler(random, sampling);
    this.recent = recentOf(before, []) as number[];
    this.#stream = new TextStream((ids) => vocabulary.decode(ids), stop, this.recent);
    this.#maxTokens = maxTokens;
  }

  /** Whether the text has reached its limit or a stop text. */
  get done(): boolean {
    return this.#stream.stopped || this.count >= this.#maxTokens;
  }

  /** Whether it has reached a stop text. */
  get stopped(): boolean {
    return this.#stream.stopped;
  }

  /** Samples the next symbol by its scores; uniformly where nothing was read yet. */
  next(scores: Float32Array | null): TextPiece {
    const id = scores ? this.#sampler.draw(this.#written(scores)) : this.#any();
    this.count++;
    if (this.recent.push(id) > mostRecent) this.recent.shift();
    return { text: this.#stream.push(id), id };
  }

  /** Scores in which what is never written has −∞. */
  #written(scores: Float32Array): Float32Array {
    if (this.#never.length === 0 || this.#never.length >= this.#size) return scores;
    const written = scores.slice();
    for (const id of this.#never) written[id] = -Infinity;
    return written;
  }

  #any(): number {
    for (;;) {
      const id = this.#random.integer(this.#size);
      if (!this.#never.includes(id) || this.#never.length >= this.#size) return id;
    }
  }

  /** The text that was held back, once it is done. */
  end(): string {
    return this.#stream.end();
  }
}
