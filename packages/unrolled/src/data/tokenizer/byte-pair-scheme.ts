// Byte-level byte-pair encoding: frequent words are one token, rare ones a few, and nothing is unknown, because every byte is a token.

import { shown } from '../../checks.ts';
import { decodeUtf8, encodeUtf8 } from '../../encoding.ts';
import { byteCharacters, bytePieces, fromByteCharacters, toByteCharacters } from './bytes.ts';
import { type Merge, trainBytePairs } from './byte-pair-training.ts';
import { PairMerger } from './byte-pair.ts';
import { normalize, type Normalization, type Scheme, specialIds, specialTokens, type TokenizerJSON } from './scheme.ts';
import { eachMatch } from './slabs.ts';

interface BytePairOptions {
  readonly normalization: Normalization;
  readonly lowercase: boolean;
}

/** Bytes in the order of their characters, as in GPT-2's vocabulary. */
const alphabet = [...byteCharacters].sort();

/** The initial tokens, before any merge. */
export const leastBytePairs = specialTokens.length + alphabet.length;

/** Training splits a longer piece of text, so that a text without spaces takes no longer than another. */
const longestPiece = 512;

export class BytePairScheme implements Scheme {
  readonly tokens: readonly string[];
  readonly ids = specialIds;
  readonly special: ReadonlySet<number> = new Set(Object.values(specialIds));
  readonly #options: BytePairOptions;
  readonly #merges: readonly Merge[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #merger: PairMerger;
  readonly #known = new Map<string, readonly number[]>();

  /** Throws a RangeError for a merge whose parts are not bytes or earlier merges. */
  constructor(merges: readonly Merge[], options: BytePairOptions) {
    const tokens: string[] = [...specialTokens, ...alphabet];
    const numbers = new Map(alphabet.map((token, k) => [token, specialTokens.length + k]));
    const triples = merges.map(({ left, right }, rank) => {
      const [a, b] = [numbers.get(left), numbers.get(right)];
      if (a === undefined || b === undefined)
        throw new RangeError(`merge ${rank}: ${shown(a === undefined ? left : right)} is no token before it`);
      let merged = numbers.get(left + right);
      if (merged === undefined) {
        merged = tokens.push(left + right) - 1;
        numbers.set(left + right, merged);
      }
      return [a, b, merged] as const;
    });
    this.tokens = tokens;
    this.#options = options;
    this.#merges = merges;
    this.#numbers = numbers;
    this.#merger = new PairMerger(triples, tokens.length);
  }

  static train(texts: Iterable<string>, options: BytePairOptions, size: number, minCount: number): BytePairScheme {
    const pieces = new Map<string, number>();
    for (const text of texts) {
      eachMatch(bytePieces, normalize(text, options.normalization, options.lowercase), (piece) =>
        pieces.set(piece, (pieces.get(piece) ?? 0) + 1),
      );
    }
    const words = new Map<string, number>();
    for (const [piece, n] of pieces) {
      const spelled = toByteCharacters(piece);
      for (let k = 0; k < spelled.length; k += longestPiece) {
        const word = spelled.slice(k, k + longestPiece);
        words.set(word, (words.get(word) ?? 0) + n);
      }
    }
    const merges = trainBytePairs(words, [...specialTokens, ...alphabet], { size, minCount });
    return new BytePairScheme(merges, options);
  }

  split(text: string): string[] {
    return this.encode(text).map((id) => this.tokens[id]);
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    const { normalization, lowercase } = this.#options;
    eachMatch(bytePieces, normalize(text, normalization, lowercase), (piece) => {
      for (const id of this.#encodePiece(piece)) ids.push(id);
    });
    return ids;
  }

  #encodePiece(piece: string): readonly number[] {
    const known = this.#known.get(piece);
    if (known) return known;
    const bytes = Array.from(toByteCharacters(piece), (byte) => this.#numbers.get(byte) ?? this.ids.unknown);
    const ids = this.#merger.merge(bytes);
    if (piece.length <= 64) {
      if (this.#known.size >= 0x10000) this.#known.clear();
      this.#known.set(piece, ids);
    }
    return ids;
  }

  get lowercase(): boolean {
    return this.#options.lowercase;
  }

  normalize(text: string): string {
    const { normalization, lowercase } = this.#options;
    return decodeUtf8(encodeUtf8(normalize(text, normalization, lowercase)));
  }

  decode(tokens: readonly string[]): string {
    return decodeUtf8(fromByteCharacters(tokens.join('')));
  }

  toJSON(): TokenizerJSON {
    const merges = this.#merges.map(({ left, right }) => `${left} ${right}`);
    return { format: 'unrolled tokenizer', version: 1, unit: 'bpe', ...this.#options, tokens: [], merges };
  }
}
