// Tokenizers that split text into given units: every unit but byte pairs. Units that are not in the training text are unknown.

import { findLoneSurrogate } from '../characters.ts';
import {
  normalize,
  type Normalization,
  type Scheme,
  specialIds,
  specialTokens,
  type TokenizerJSON,
  type TokenUnit,
} from './scheme.ts';
import type { Unit } from './unit.ts';
import { makeUnit } from './units.ts';

interface SymbolOptions {
  readonly unit: Exclude<TokenUnit, 'bpe'>;
  readonly normalization: Normalization;
  readonly lowercase: boolean;
}

export class SymbolScheme implements Scheme {
  readonly tokens: readonly string[];
  readonly ids = specialIds;
  readonly special: ReadonlySet<number> = new Set(Object.values(specialIds));
  readonly #options: SymbolOptions;
  readonly #unit: Unit;
  readonly #numbers: ReadonlyMap<string, number>;

  /** `learned`: the tokens from id 4 on. */
  constructor(learned: readonly string[], options: SymbolOptions) {
    this.tokens = [...specialTokens, ...learned];
    this.#options = options;
    this.#unit = makeUnit(options.unit);
    this.#numbers = new Map(learned.map((token, k) => [token, specialTokens.length + k]));
  }

  /** The most frequent tokens of `texts`, at most `size` including the special ones, each with at least `minCount` occurrences. */
  static train(texts: Iterable<string>, options: SymbolOptions, size: number, minCount: number): SymbolScheme {
    const counts = new Map<string, number>();
    const unit = makeUnit(options.unit);
    const count = (token: string) => counts.set(token, (counts.get(token) ?? 0) + 1);
    for (const text of texts) unit.split(normalize(text, options.normalization, options.lowercase), count);
    const learned = [...counts]
      .filter(([token, n]) => n >= minCount && findLoneSurrogate(token) < 0)
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, Math.max(0, size - specialTokens.length))
      .map(([token]) => token);
    return new SymbolScheme(learned, options);
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    this.#each(text, (token) => ids.push(this.#numbers.get(token) ?? this.ids.unknown));
    return ids;
  }

  split(text: string): string[] {
    const tokens: string[] = [];
    this.#each(text, (token) => tokens.push(token));
    return tokens;
  }

  #each(text: string, take: (token: string) => void): void {
    const { normalization, lowercase } = this.#options;
    this.#unit.split(normalize(text, normalization, lowercase), take);
  }

  get lowercase(): boolean {
    return this.#options.lowercase;
  }

  normalize(text: string): string {
    return this.#unit.join(this.split(text));
  }

  decode(tokens: readonly string[]): string {
    return this.#unit.join(tokens);
  }

  toJSON(): TokenizerJSON {
    const tokens = this.tokens.slice(specialTokens.length);
    return { format: 'unrolled tokenizer', version: 1, ...this.#options, tokens };
  }
}
