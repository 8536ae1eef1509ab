// The interface of all kinds of tokenizers to the class Tokenizer: a list of tokens, four of which are special, and two functions.

/** Tokenization unit: a character, a Unicode code point, a word, a word with the ends of lines as tokens, a jamo, or a subword. */
export type TokenUnit = 'character' | 'codepoint' | 'word' | 'word-line' | 'jamo' | 'bpe';

/** A tokenizer as saved in `tokenizer.json`. */
export type TokenizerJSON =
  | {
      readonly format: 'unrolled tokenizer';
      readonly version: 1;
      readonly unit: TokenUnit;
      readonly normalization: Normalization;
      readonly lowercase: boolean;
      /** All tokens but the four special ones, in the order of their ids, from 4. */
      readonly tokens: readonly string[];
      /** For byte pairs: the two tokens that each merge joins, separated by a space. */
      readonly merges?: readonly string[];
    }
  | {
      readonly format: 'unrolled tokenizer';
      readonly version: 1;
      readonly unit: 'huggingface';
      /** The original tokenizer.json. */
      readonly file: unknown;
    };

export type Normalization = 'NFC' | 'NFKC' | 'none';

/** Ids of the special tokens. */
export interface SpecialIds {
  readonly pad: number;
  readonly unknown: number;
  readonly start: number;
  readonly end: number;
}

export interface Scheme {
  /** Every token; a token's id is its index. */
  readonly tokens: readonly string[];
  readonly ids: SpecialIds;
  /** Ids that `decode` skips. */
  readonly special: ReadonlySet<number>;
  /** Whether the text is lowercased. */
  readonly lowercase: boolean;
  encode(text: string): readonly number[];
  /** The tokens of a text, one for each id of `encode`; what is not known as it is written, where the scheme can tell. */
  split(text: string): string[];
  /** What `decode` would return for `encode`, were every token known. */
  normalize(text: string): string;
  /** Joins tokens, none of them special. */
  decode(tokens: readonly string[]): string;
  toJSON(): TokenizerJSON;
}

/** The special tokens of tokenizers trained here, with ids 0 to 3. */
export const specialTokens = ['<pad>', '<unk>', '<s>', '</s>'] as const;
export const specialIds: SpecialIds = { pad: 0, unknown: 1, start: 2, end: 3 };

/** Normalizes a text. Lowercasing can undo a normal form and the other way round, hence twice. */
export function normalize(text: string, form: Normalization, lowercase: boolean): string {
  const normal = form === 'none' ? text : text.normalize(form);
  if (!lowercase) return normal;
  const lower = normal.toLowerCase();
  return form === 'none' ? lower : lower.normalize(form);
}
