// A vocabulary of given tokens: a tagger's data say themselves what a token is.

import { requireKinds, requireWhole } from '../checks.ts';
import { FormatError } from '../errors.ts';

const special = 2; // 0 is padding, 1 is the unknown token

/** Options of `TokenVocabulary`. */
export interface TokenVocabularyOptions {
  /** Maximum size, the special tokens included. */
  readonly size: number | null;
  readonly minCount: number;
  readonly lowercase: boolean;
}

/** A token vocabulary as it is saved. */
export interface TokenVocabularyJSON {
  readonly format: 'unrolled tokens';
  readonly version: 1;
  readonly lowercase: boolean;
  /** Tokens in the order of their ids, from 2. */
  readonly tokens: readonly string[];
}

/** Tokens and their ids: 0 is padding, 1 is the unknown token, 2 is the most frequent one. */
export class TokenVocabulary {
  readonly unknown = 1;
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #lowercase: boolean;

  private constructor(tokens: readonly string[], lowercase: boolean) {
    requireKinds('TokenVocabulary', { tokens, lowercase }, { tokens: 'texts', lowercase: 'flag' });
    this.#tokens = tokens;
    this.#ids = new Map(tokens.map((token, n) => [token, n + special]));
    this.#lowercase = lowercase;
  }

  /** Most frequent first; ties in order of appearance. */
  static of(rows: Iterable<readonly string[]>, options: TokenVocabularyOptions): TokenVocabulary {
    const who = 'TokenVocabulary.of';
    requireKinds(
      who,
      { rows, options },
      { rows: 'iterable', options: { size: 'number|null', minCount: 'number', lowercase: 'flag' } },
    );
    const { size, minCount, lowercase } = options;
    if (size !== null) requireWhole(who, 'options.size', size, special);
    const counts = new Map<string, number>();
    for (const row of rows) {
      requireKinds(who, { row }, { row: 'texts' });
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
    const texts = Array.isArray(tokens) && tokens.findIndex((token) => typeof token !== 'string') < 0;
    if (format === 'unrolled tokens' && version === 1 && texts && typeof lowercase === 'boolean')
      return new TokenVocabulary(tokens, lowercase);
    throw new FormatError(source, 'this is not a list of tokens');
  }

  /** Vocabulary size V. */
  get size(): number {
    return this.#tokens.length + special;
  }

  encode(tokens: readonly string[]): Int32Array {
    requireKinds('TokenVocabulary.encode', { tokens }, { tokens: 'texts' });
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
