// What every kind of tokenizer is to the class Tokenizer: a list of tokens, four of which are special, and two functions.

/** What a token is: a character, a Unicode code point, a word, a letter of a Korean syllable, or a learned piece of a word. */
export type TokenUnit = 'character' | 'codepoint' | 'word' | 'jamo' | 'bpe';

/** A tokenizer as saved in `tokenizer.json`. */
export type TokenizerJSON =
  | {
      readonly format: 'unrolled tokenizer';
      readonly version: 1;
      readonly unit: TokenUnit;
      readonly normalization: Normalization;
      readonly lowercase: boolean;
      /** All but the four special ones, in the order of their numbers, from 4. */
      readonly tokens: readonly string[];
      /** Of byte pairs: the two tokens that each merge joins, with a space between them. */
      readonly merges?: readonly string[];
    }
  | {
      readonly format: 'unrolled tokenizer';
      readonly version: 1;
      readonly unit: 'huggingface';
      /** The tokenizer.json that was read, as it was. */
      readonly file: unknown;
    };

export type Normalization = 'NFC' | 'NFKC' | 'none';

/** The numbers of the special tokens. */
export interface SpecialIds {
  readonly pad: number;
  readonly unknown: number;
  readonly start: number;
  readonly end: number;
}

export interface Scheme {
  /** Every token; a token's number is its index. */
  readonly tokens: readonly string[];
  readonly ids: SpecialIds;
  /** The numbers that `decode` leaves out. */
  readonly special: ReadonlySet<number>;
  /** Whether capitals are read as lowercase. */
  readonly lowercase: boolean;
  encode(text: string): readonly number[];
  /** What `decode` would give of `encode`, were every token known. */
  normalize(text: string): string;
  /** The text of tokens, none of them special. */
  decode(tokens: readonly string[]): string;
  toJSON(): TokenizerJSON;
}

/** The special tokens of tokenizers trained here, at the numbers 0 to 3. */
export const specialTokens = ['<pad>', '<unk>', '<s>', '</s>'] as const;
export const specialIds: SpecialIds = { pad: 0, unknown: 1, start: 2, end: 3 };

/** Text in the form that tokens are read from. Lower-casing can undo a normal form and the other way round, hence twice. */
export function normalize(text: string, form: Normalization, lowercase: boolean): string {
  const normal = form === 'none' ? text : text.normalize(form);
  if (!lowercase) return normal;
  const lower = normal.toLowerCase();
  return form === 'none' ? lower : lower.normalize(form);
}
