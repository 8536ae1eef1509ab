// The numbers of tokens that are there already: a tagger's data say themselves what a token is.

import { FormatError } from '../errors.ts';

const special = 2; // 0 fills up the shorter rows of a batch, 1 is a token that is not known

/** Options of `TokenVocabulary`. */
export interface TokenVocabularyOptions {
  /** Most of them, the special ones included. */
  readonly size: number | null;
  readonly minCount: number;
  readonly lowercase: boolean;
}

/** A token vocabulary as it is saved. */
export interface TokenVocabularyJSON {
  readonly format: 'unrolled tokens';
  readonly version: 1;
  readonly lowercase: boolean;
  /** In the order of their numbers, from 2. */
  readonly tokens: readonly string[];
}

/** Tokens and their numbers: 0 fills up the shorter rows of a batch, 1 is a token that is not known, the most frequent one is 2. */
export class TokenVocabulary {
  readonly unknown = 1;
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #lowercase: boolean;

  private constructor(tokens: readonly string[], lowercase: boolean) {
    this.#tokens = tokens;
    this.#ids = new Map(tokens.map((token, n) => [token, n + special]));
    this.#lowercase = lowercase;
  }

  /** The most frequent first; of equals the one that was seen first. */
  static of(rows: Iterable<readonly string[]>, { size, minCount, lowercase }: TokenVocabularyOptions): TokenVocabulary {
    const counts = new Map<string, number>();
    for (const row of rows) {
      for (const token of row) {
        const key = normal(token, lowercase);
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const frequent = [...counts].filter(([, count]) => count >= minCount).sort((a, b) => b[1] - a[1]);
    const kept = frequent.slice(0, size === null ? Infinity : size - special);
    return new TokenVocabulary(
      kept.map(([token]) => token),
      lowercase,
    );
  }

  static fromJSON(json: unknown, source: string): TokenVocabulary {
    const { format, version, tokens, lowercase } = Object(json) as TokenVocabularyJSON;
    const texts = Array.isArray(tokens) && tokens.every((token) => typeof token === 'string');
    if (format === 'unrolled tokens' && version === 1 && texts && typeof lowercase === 'boolean')
      return new TokenVocabulary(tokens, lowercase);
    throw new FormatError(source, 'this is not a list of tokens');
  }

  /** The number of different ones, V. */
  get size(): number {
    return this.#tokens.length + special;
  }

  encode(tokens: readonly string[]): Int32Array {
    return Int32Array.from(tokens, (token) => this.#ids.get(normal(token, this.#lowercase)) ?? this.unknown);
  }

  toJSON(): TokenVocabularyJSON {
    return { format: 'unrolled tokens', version: 1, lowercase: this.#lowercase, tokens: this.#tokens };
  }
}

function normal(token: string, lowercase: boolean): string {
  const composed = token.normalize('NFC');
  return lowercase ? composed.toLowerCase().normalize('NFC') : composed;
}
