// A vocabulary of the characters that a model knows. By default a character is a grapheme cluster (see
// characters.ts), so that a sample never ends in half an emoji; `unit: 'codepoint'` keeps the vocabulary smaller for
// scripts with many combinations. Text is brought to Unicode's composed form (NFC) first, so that 한 typed as three jamo,
// as on some systems, is the 한 that was learned: decode(encode(text)) is text.normalize('NFC').

import { requireKinds, requireText, shown } from '../checks.ts';
import { checkOptions, FormatError, OptionError, VocabularyError } from '../errors.ts';
import { characterEnd, findLoneSurrogate, type Unit } from './characters.ts';

/** Options of `Vocabulary`. */
export interface VocabularyOptions {
  /** Unit of a symbol. Default 'character'. */
  readonly unit?: Unit;
  /** Unicode normalization form. Default 'NFC'. */
  readonly normalization?: 'NFC' | 'none';
}

/** A vocabulary as saved in `vocabulary.json`. */
export interface VocabularyJSON {
  readonly format: 'unrolled vocabulary';
  readonly version: 1;
  readonly unit: Unit;
  readonly normalization: 'NFC' | 'none';
  readonly symbols: readonly string[];
}

/**
 * The symbols of a text and their ids, 0 to size − 1.
 *
 *     const vocabulary = Vocabulary.fromText('hello');   // e h l o, in the order of their code points
 *     vocabulary.encode('hole');                         // Int32Array [1, 3, 2, 0]
 *     vocabulary.decode([1, 3, 2, 0]);                   // 'hole'
 */
export class Vocabulary {
  /** The symbols; a symbol's id is its index. */
  readonly symbols: readonly string[];
  readonly unit: Unit;
  readonly normalization: 'NFC' | 'none';
  /** Ids of the symbols that are one UTF-16 code unit, −1 for none: an array lookup for nearly all text. */
  readonly #short = new Int32Array(0x10000).fill(-1);
  readonly #long = new Map<string, number>();

  /** Takes symbols in the order of their ids. Throws an OptionError for an empty one, a duplicate, and a lone surrogate. */
  constructor(symbols: Iterable<string>, options: VocabularyOptions = {}) {
    checkOptions('Vocabulary', options, ['unit', 'normalization']);
    const { unit = 'character', normalization = 'NFC' } = options;
    if (unit !== 'character' && unit !== 'codepoint') {
      throw new OptionError('Vocabulary', 'unit', `expected 'character' or 'codepoint', got ${shown(unit)}`);
    }
    if (normalization !== 'NFC' && normalization !== 'none') {
      throw new OptionError('Vocabulary', 'normalization', `expected 'NFC' or 'none', got ${shown(normalization)}`);
    }
    requireKinds('Vocabulary', { symbols }, { symbols: 'iterable' });
    this.symbols = Object.freeze([...symbols]);
    this.unit = unit;
    this.normalization = normalization;
    for (const [id, symbol] of this.symbols.entries()) {
      const problem = (text: string) => new OptionError('Vocabulary', `symbol ${id}`, text);
      if (typeof symbol !== 'string' || symbol === '') throw problem('expected a text of at least one character');
      if (findLoneSurrogate(symbol) >= 0) throw problem('half of a surrogate pair is not a character');
      if (this.has(symbol)) throw problem(`${shown(symbol)} occurs twice`);
      if (symbol.length === 1) this.#short[symbol.charCodeAt(0)] = id;
      else this.#long.set(symbol, id);
    }
  }

  /** Makes the vocabulary of all symbols in `text`, in the order of their code points. */
  static fromText(text: string, options: VocabularyOptions = {}): Vocabulary {
    const empty = new Vocabulary([], options);
    const source = empty.#normal(text);
    const lone = findLoneSurrogate(source);
    if (lone >= 0) throw new FormatError('Vocabulary.fromText', `half of a surrogate pair at position ${lone}; ${CUT}`);
    const short = new Uint8Array(0x10000);
    const symbols = new Set<string>();
    for (let start = 0, end = 0; start < source.length; start = end) {
      end = characterEnd(source, start, empty.unit);
      if (end === start + 1) short[source.charCodeAt(start)] = 1;
      else symbols.add(source.slice(start, end));
    }
    short.forEach((seen, unit) => seen && symbols.add(String.fromCharCode(unit)));
    return new Vocabulary([...symbols].sort(byCodePoints), options);
  }

  /** Vocabulary size V. */
  get size(): number {
    return this.symbols.length;
  }

  has(symbol: string): boolean {
    requireText('Vocabulary.has', 'symbol', symbol);
    return this.#id(symbol, 0, symbol.length) >= 0;
  }

  /**
   * Ids of the symbols of `text`, in order.
   * Throws a VocabularyError for the first unknown symbol; its `position` counts symbols from 0.
   */
  encode(text: string): Int32Array {
    requireText('Vocabulary.encode', 'text', text);
    return this.#encode(text, (symbol, position) => {
      throw new VocabularyError(symbol, position, this.#advice(symbol));
    });
  }

  /** Ids of the symbols of `text` that are known, in order; those that are not, each once, and how many they are: they are left out. */
  encodeKnown(text: string): { readonly ids: Int32Array; readonly unknown: readonly string[]; readonly left: number } {
    requireText('Vocabulary.encodeKnown', 'text', text);
    const unknown = new Set<string>();
    let left = 0;
    const ids = this.#encode(text, (symbol) => {
      unknown.add(symbol);
      left++;
    });
    return { ids, unknown: [...unknown], left };
  }

  #encode(text: string, onUnknown: (symbol: string, position: number) => void): Int32Array {
    const source = this.#normal(text);
    const ids = new Int32Array(source.length);
    let count = 0;
    for (let start = 0, end = 0; start < source.length; start = end) {
      end = characterEnd(source, start, this.unit);
      const id = this.#id(source, start, end);
      if (id < 0) onUnknown(source.slice(start, end), count);
      else ids[count++] = id;
    }
    return count === ids.length ? ids : ids.slice(0, count);
  }

  /** Text of `ids`. Throws an OptionError for an id that no symbol has. */
  decode(ids: Iterable<number>): string {
    if (typeof ids !== 'object' || ids === null || !(Symbol.iterator in ids))
      throw new OptionError('Vocabulary.decode', 'ids', `expected a list of numbers, got ${shown(ids)}`);
    let text = '';
    let position = 0;
    for (const id of ids) {
      const symbol = typeof id === 'number' ? this.symbols[id] : undefined;
      if (typeof symbol !== 'string') {
        throw new OptionError(
          'Vocabulary.decode',
          'ids',
          `${shown(id)} at position ${position}; known are 0 to ${this.size - 1}`,
        );
      }
      text += symbol;
      position++;
    }
    return text;
  }

  toJSON(): VocabularyJSON {
    const { unit, normalization, symbols } = this;
    return { format: 'unrolled vocabulary', version: 1, unit, normalization, symbols };
  }

  /** Restores a vocabulary from what `toJSON` returned. Throws a FormatError that names `source` for anything else. */
  static fromJSON(json: unknown, source = 'vocabulary'): Vocabulary {
    const fields = Object(json) as Record<string, unknown>;
    if (fields.format !== 'unrolled vocabulary') throw new FormatError(source, 'this is not a vocabulary');
    if (fields.version !== 1) {
      throw new FormatError(source, `version ${shown(fields.version)} is not known here; update unrolled to read it`);
    }
    if (!Array.isArray(fields.symbols) || fields.symbols.length === 0)
      throw new FormatError(source, 'there are no symbols');
    if (fields.symbols.length > mostSymbols)
      throw new FormatError(source, `there are ${fields.symbols.length} symbols; at most ${mostSymbols} are read`);
    const { unit, normalization } = fields as unknown as VocabularyJSON;
    try {
      return new Vocabulary(fields.symbols, { unit, normalization });
    } catch (cause) {
      if (cause instanceof OptionError) throw new FormatError(source, cause.message, { cause });
      throw cause;
    }
  }

  #normal(text: string): string {
    if (typeof text !== 'string') throw new OptionError('Vocabulary', 'text', `expected a text, got ${shown(text)}`);
    return this.normalization === 'NFC' ? text.normalize('NFC') : text;
  }

  #id(text: string, start: number, end: number): number {
    if (end === start + 1) return this.#short[text.charCodeAt(start)];
    return this.#long.get(text.slice(start, end)) ?? -1;
  }

  #advice(symbol: string): string {
    if (findLoneSurrogate(symbol) >= 0) return CUT;
    const near = [symbol.toLowerCase(), symbol.toUpperCase(), symbol.normalize('NFKD').replace(/\p{M}/gu, '')];
    const known = near.find((candidate) => this.has(candidate));
    const list = this.symbols.join('');
    const some =
      this.size <= 100 ? JSON.stringify(list) : `${this.size} symbols, ${JSON.stringify(list.slice(0, 60))} …`;
    return `${known ? `did you mean ${JSON.stringify(known)}? ` : ''}leave it out, or train on a text that has it; known are ${some}`;
  }
}

/** Unicode has 150,000 characters; this allows for many made of several. */
const mostSymbols = 2 ** 22;

const CUT = 'it is half of a character: the text was cut inside an emoji or a rare character';

/** Sorts by code points, not by UTF-16 code units, which would sort emoji before some of the rarer plain characters. */
function byCodePoints(a: string, b: string): number {
  const as = Array.from(a);
  const bs = Array.from(b);
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    if (as[i] !== bs[i]) return (as[i].codePointAt(0) ?? 0) - (bs[i].codePointAt(0) ?? 0);
  }
  return as.length - bs.length;
}
