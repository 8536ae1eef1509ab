// From text to token ids, and back. A tokenizer has four special tokens besides those of the text: <pad> pads the
// shorter rows of a batch, <unk> replaces what it does not know, <s> and </s> begin and end a sequence that a decoder writes.
//
//   unit         a token is                                   unknown is
//   character    what a reader sees as one (é, 👩‍👩‍👧, 한)         a character not seen in training
//   codepoint    a Unicode code point                         the same
//   jamo         a letter of a Korean syllable (ᄒ ᅡ ᆫ)          the same
//   word         a word, or a sign (see tokenizer/words.ts)   a word not seen often enough
//   word-line    the same, or the end of a line               the same
//   bpe          a frequent sequence of bytes                 nothing
//
// Text is brought to Unicode's composed form (NFC) first, so that é typed as e and an accent is the é that was learned; NFKC also makes
// ﬁ fi and ％ %. Half of a surrogate pair is unknown; to bpe it is U+FFFD.

import { requireKinds, shown } from '../checks.ts';
import { checkOptions, DataError, FormatError, OptionError } from '../errors.ts';
import { BytePairScheme, leastBytePairs } from './tokenizer/byte-pair-scheme.ts';
import type { Merge } from './tokenizer/byte-pair-training.ts';
import {
  type Normalization,
  type Scheme,
  specialTokens,
  type TokenizerJSON,
  type TokenUnit,
} from './tokenizer/scheme.ts';
import { HuggingFaceScheme } from './tokenizer/hugging-face/scheme.ts';
import { SymbolScheme } from './tokenizer/symbols.ts';

/** Options of `Tokenizer.train`. */
export interface TokenizerOptions {
  /** Tokenization unit. Default 'character'. */
  readonly unit?: TokenUnit;
  /** Maximum vocabulary size, including the four special tokens and, for bpe, the 256 bytes. Default: no limit, for bpe 8000. */
  readonly size?: number;
  /** Minimum number of occurrences of a token in the training text; for bpe, of a merged pair. Default 1, for bpe 2. */
  readonly minCount?: number;
  /** Whether to lowercase the text. Default false. */
  readonly lowercase?: boolean;
  /** Unicode normalization form. Default 'NFC'. */
  readonly normalization?: Normalization;
}

/** Maximum number of tokens, and merges, of one tokenizer. */
const mostTokens = 2 ** 22;

const units: readonly TokenUnit[] = ['character', 'codepoint', 'word', 'word-line', 'jamo', 'bpe'];
const forms: readonly Normalization[] = ['NFC', 'NFKC', 'none'];

/**
 * Tokens and their ids.
 *
 *     const tokenizer = Tokenizer.train(['the cat sat', 'the dog sat'], { unit: 'word' });
 *     tokenizer.encode('the bird sat');       // Int32Array [5, 1, 4]: bird is unknown
 *     tokenizer.decode([2, 5, 6, 4, 3]);      // 'the cat sat': special tokens are left out
 */
export class Tokenizer {
  /** Ids of the special tokens; 0, 1, 2 and 3 for tokenizers trained here. */
  readonly pad: number;
  readonly unknown: number;
  readonly start: number;
  readonly end: number;
  readonly #scheme: Scheme;

  private constructor(scheme: Scheme) {
    requireKinds('Tokenizer', { scheme }, { scheme: { ids: 'object' } });
    this.#scheme = scheme;
    ({ pad: this.pad, unknown: this.unknown, start: this.start, end: this.end } = scheme.ids);
  }

  /** Trains a tokenizer on `texts`; its most frequent tokens come first. Throws a DataError where there is nothing to learn. */
  static train(texts: Iterable<string>, options: TokenizerOptions = {}): Tokenizer {
    const who = 'Tokenizer.train';
    checkOptions(who, options, ['unit', 'size', 'minCount', 'lowercase', 'normalization']);
    const { unit = 'character', lowercase = false, normalization = 'NFC' } = options;
    const { size = unit === 'bpe' ? 8000 : Infinity, minCount = unit === 'bpe' ? 2 : 1 } = options;
    checkChoice(who, 'unit', unit, units);
    checkChoice(who, 'normalization', normalization, forms);
    if (typeof lowercase !== 'boolean')
      throw new OptionError(who, 'lowercase', `expected true or false, got ${shown(lowercase)}`);
    const least = unit === 'bpe' ? leastBytePairs : specialTokens.length + 1;
    if (!((Number.isInteger(size) && size >= least && size <= mostTokens) || size === Infinity)) {
      const which = unit === 'bpe' ? 'the special tokens and the 256 bytes' : 'the special tokens and one more';
      throw new OptionError(
        who,
        'size',
        `expected a whole number from ${least} (${which}) to ${mostTokens}, got ${shown(size)}`,
      );
    }
    if (!(Number.isInteger(minCount) && minCount > 0))
      throw new OptionError(who, 'minCount', `expected a whole number from 1, got ${shown(minCount)}`);
    const checked = checkTexts(typeof texts === 'string' ? [texts] : texts);
    if (unit === 'bpe') {
      const scheme = BytePairScheme.train(checked, { normalization, lowercase }, Math.min(size, mostTokens), minCount);
      return new Tokenizer(scheme);
    }
    const scheme = SymbolScheme.train(checked, { unit, normalization, lowercase }, size, minCount);
    if (scheme.tokens.length === specialTokens.length) {
      const why = minCount > 1 ? `no ${unit} occurs ${minCount} times` : 'the texts are empty';
      throw new DataError(who, `there is nothing to learn: ${why}`);
    }
    return new Tokenizer(scheme);
  }

  /**
   * Makes a tokenizer from a parsed Hugging Face tokenizer.json: byte pairs, WordPiece, WordLevel and Unigram. Ids are the file's; a special
   * token that it lacks is added after its last. Throws a FormatError that names the part for what is not supported.
   */
  static fromHuggingFace(json: unknown, source = 'tokenizer.json'): Tokenizer {
    return new Tokenizer(new HuggingFaceScheme(json, source));
  }

  /** Restores a tokenizer from what `toJSON` returned. Throws a FormatError that names `source` for anything else. */
  static fromJSON(json: unknown, source = 'tokenizer'): Tokenizer {
    const fields = Object(json) as Record<string, unknown>;
    if (fields.format !== 'unrolled tokenizer') throw new FormatError(source, 'this is not a tokenizer');
    if (fields.version !== 1) {
      throw new FormatError(source, `version ${shown(fields.version)} is not known here; update unrolled to read it`);
    }
    const { unit, normalization, lowercase, tokens, merges } = fields;
    if (unit === 'huggingface') return Tokenizer.fromHuggingFace(fields.file, source);
    const bad = (what: string, value: unknown) => new FormatError(source, `${what} cannot be ${shown(value)}`);
    if (!isOneOf(unit, units)) throw bad('unit', unit);
    if (!isOneOf(normalization, forms)) throw bad('normalization', normalization);
    if (typeof lowercase !== 'boolean') throw bad('lowercase', lowercase);
    if (unit === 'bpe') return new Tokenizer(readMerges(merges, { normalization, lowercase }, source));
    if (!Array.isArray(tokens) || tokens.length === 0) throw new FormatError(source, 'there are no tokens');
    if (tokens.length > mostTokens)
      throw new FormatError(source, `there are ${tokens.length} tokens; at most ${mostTokens} are read`);
    const wrong = tokens.findIndex((token) => typeof token !== 'string' || token === '');
    if (wrong >= 0) throw bad(`token ${wrong + specialTokens.length}`, tokens[wrong]);
    const twice = findTwice(tokens as string[]);
    if (twice !== undefined) throw new FormatError(source, `token ${shown(twice)} occurs twice`);
    return new Tokenizer(new SymbolScheme(tokens as string[], { unit, normalization, lowercase }));
  }

  /** Vocabulary size V, including the special tokens. */
  get size(): number {
    return this.#scheme.tokens.length;
  }

  /** Token ids of `text`, without start and end tokens; what is not known is `unknown`. */
  encode(text: string): Int32Array {
    if (typeof text !== 'string')
      throw new OptionError('Tokenizer.encode', 'text', `expected a text, got ${shown(text)}`);
    return Int32Array.from(this.#scheme.encode(text));
  }

  /**
   * The tokens of `text`, one for each id of `encode`. A token that is not known stands as it is written, so that it can be copied (of byte pairs all are
   * known, of a Hugging Face tokenizer the unknown token stands).
   */
  tokenize(text: string): string[] {
    requireKinds('Tokenizer.tokenize', { text }, { text: 'text' });
    return this.#scheme.split(text);
  }

  /** The text of tokens as `tokenize` gives them, with spaces where they belong. */
  detokenize(tokens: readonly string[]): string {
    requireKinds('Tokenizer.detokenize', { tokens }, { tokens: 'texts' });
    return this.#scheme.decode(tokens);
  }

  /**
   * `text` as the model sees it and would write it, unknown tokens included: in its normal form, lowercased where this tokenizer
   * does so, white space as decoded. Compare a model's output with this, not with the original text.
   */
  normalize(text: string): string {
    if (typeof text !== 'string')
      throw new OptionError('Tokenizer.normalize', 'text', `expected a text, got ${shown(text)}`);
    return this.#scheme.normalize(text);
  }

  /** Whether the text is lowercased. */
  get lowercase(): boolean {
    return this.#scheme.lowercase;
  }

  /** Text of `ids`, without special tokens. Throws an OptionError for an id that no token has. */
  decode(ids: Iterable<number>): string {
    if (typeof ids !== 'object' || ids === null || !(Symbol.iterator in ids))
      throw new OptionError('Tokenizer.decode', 'ids', `expected a list of numbers, got ${shown(ids)}`);
    const { special } = this.#scheme;
    const tokens: string[] = [];
    for (const id of ids) {
      const token = this.token(id);
      if (!special.has(id)) tokens.push(token);
    }
    return this.#scheme.decode(tokens);
  }

  /** Token `id` as stored: special ones in angle brackets, a space in byte pairs as Ġ. */
  token(id: number): string {
    const token = typeof id === 'number' ? this.#scheme.tokens[id] : undefined;
    if (token === undefined)
      throw new OptionError('Tokenizer', 'ids', `there is no token ${shown(id)}; known are 0 to ${this.size - 1}`);
    return token;
  }

  toJSON(): TokenizerJSON {
    return this.#scheme.toJSON();
  }
}

/** Iterates over `texts`, checking each to be a string. */
function* checkTexts(texts: Iterable<string>): Generator<string> {
  requireKinds('Tokenizer.train', { texts }, { texts: 'iterable' });
  let row = 0;
  let empty = true;
  for (const text of texts) {
    if (typeof text !== 'string') throw new DataError('Tokenizer.train', `expected a text, got ${shown(text)}`, row);
    empty &&= text.length === 0;
    yield text;
    row++;
  }
  if (empty) throw new DataError('Tokenizer.train', 'there is nothing to learn: the texts are empty');
}

function readMerges(
  merges: unknown,
  options: { readonly normalization: Normalization; readonly lowercase: boolean },
  source: string,
): BytePairScheme {
  if (!Array.isArray(merges)) throw new FormatError(source, 'there are no merges');
  if (merges.length > mostTokens)
    throw new FormatError(source, `there are ${merges.length} merges; at most ${mostTokens} are read`);
  const pairs = merges.map((merge, k): Merge => {
    const parts = typeof merge === 'string' ? merge.split(' ', 3) : [];
    if (parts.length !== 2) throw new FormatError(source, `merge ${k}: expected two tokens with a space between`);
    return { left: parts[0], right: parts[1] };
  });
  try {
    return new BytePairScheme(pairs, options);
  } catch (cause) {
    if (cause instanceof RangeError) throw new FormatError(source, cause.message, { cause });
    throw cause;
  }
}

/** The first string that occurs again later. */
function findTwice(texts: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return texts.find((text) => seen.has(text) || !seen.add(text));
}

function isOneOf<T>(value: unknown, choices: readonly T[]): value is T {
  return choices.includes(value as T);
}

function checkChoice(who: string, option: string, value: unknown, choices: readonly string[]): void {
  if (!isOneOf(value, choices)) {
    const list = choices.map((choice) => `'${choice}'`).join(', ');
    throw new OptionError(who, option, `expected one of ${list}, got ${shown(value)}`);
  }
}
