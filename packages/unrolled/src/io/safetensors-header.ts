// The header of a safetensors file. Its grammar is a small part of JSON: an object of tensors, each with three known
// fields, and one object of texts. Reading exactly that, and not JSON at large, is what lets us refuse a duplicate key
// (JSON.parse would silently take the last), deep nesting and numbers that lose digits.

import { decodeStrict } from '../encoding.ts';
import { FormatError } from '../errors.ts';

/** The dtypes that can be read. */
export type SafetensorsDtype = keyof typeof bytesPerElement;

export const bytesPerElement = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** One tensor as the header declares it: nothing here has been compared with the file's size yet. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: HeaderEntry[];
  readonly metadata: Record<string, string>;
}

const MAX_RANK = 64;

/** Parses the header's bytes; throws FormatError with the character where it stops making sense. */
export function parseHeader(bytes: Uint8Array, source: string): Header {
  let text: string;
  try {
    text = decodeStrict(bytes);
  } catch (cause) {
    throw new FormatError(source, 'the header is not UTF-8', { cause });
  }
  return new HeaderParser(text, source).parse();
}

class HeaderParser {
  readonly #text: string;
  readonly #source: string;
  #at = 0;

  constructor(text: string, source: string) {
    this.#text = text;
    this.#source = source;
  }

  parse(): Header {
    const entries: HeaderEntry[] = [];
    const metadata: Record<string, string> = Object.create(null);
    this.#object((name) => {
      if (name === '__metadata__') {
        this.#object((key) => {
          metadata[key] = this.#string();
        });
      } else {
        entries.push(this.#tensor(name));
      }
    });
    this.#space();
    if (this.#at !== this.#text.length) this.#fail('expected nothing but spaces after the last }');
    return { entries, metadata };
  }

  #tensor(name: string): HeaderEntry {
    let dtype: SafetensorsDtype | undefined;
    let shape: number[] | undefined;
    let offsets: number[] | undefined;
    this.#object((field) => {
      if (field === 'dtype') dtype = this.#dtype(name);
      else if (field === 'shape') shape = this.#integers(MAX_RANK);
      else if (field === 'data_offsets') offsets = this.#integers(2);
      else this.#fail(`tensor ${quote(name)} has an unknown field ${quote(field)}`);
    });
    if (dtype === undefined) this.#fail(`tensor ${quote(name)} has no dtype`);
    if (shape === undefined) this.#fail(`tensor ${quote(name)} has no shape`);
    if (offsets?.length !== 2) this.#fail(`tensor ${quote(name)} needs two data_offsets`);
    return { name, dtype, shape, begin: offsets[0], end: offsets[1] };
  }

  #dtype(name: string): SafetensorsDtype {
    const dtype = this.#string();
    if (!Object.hasOwn(bytesPerElement, dtype)) {
      const known = Object.keys(bytesPerElement).join(', ');
      this.#fail(`tensor ${quote(name)} has dtype ${quote(dtype)}, which cannot be read; known are ${known}`);
    }
    return dtype as SafetensorsDtype;
  }

  /** { key: …, key: … }, no key twice; `value` reads what follows each key. */
  #object(value: (key: string) => void): void {
    const keys = new Set<string>();
    this.#expect('{');
    if (this.#take('}')) return;
    do {
      const key = this.#string();
      if (keys.has(key)) this.#fail(`${quote(key)} is there twice`);
      keys.add(key);
      this.#expect(':');
      value(key);
    } while (this.#take(','));
    this.#expect('}');
  }

  /** [ integer, … ] */
  #integers(most: number): number[] {
    const values: number[] = [];
    this.#expect('[');
    if (this.#take(']')) return values;
    do {
      if (values.length === most) this.#fail(`expected at most ${most} numbers`);
      values.push(this.#integer());
    } while (this.#take(','));
    this.#expect(']');
    return values;
  }

  #integer(): number {
    this.#space();
    const digits = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;
    digits.lastIndex = this.#at;
    const value = Number(digits.exec(this.#text)?.[0] ?? Number.NaN);
    if (!Number.isSafeInteger(value)) this.#fail('expected an integer from 0 to 2⁵³ − 1');
    this.#at = digits.lastIndex;
    return value;
  }

  #string(): string {
    this.#space();
    const start = this.#at;
    if (this.#text[start] !== '"') this.#fail('expected a text in quotes');
    let end = start + 1;
    for (; this.#text[end] !== '"'; end++) {
      if (end >= this.#text.length) this.#fail('a text does not end');
      if (this.#text[end] === '\\') end++;
    }
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)); // escapes; refuses control characters
    } catch {
      this.#at = start;
      return this.#fail('a text is not valid JSON');
    }
  }

  #expect(character: string): void {
    if (!this.#take(character)) this.#fail(`expected ${character}`);
  }

  #take(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '.')) this.#at++;
  }

  #fail(problem: string): never {
    throw new FormatError(this.#source, `header, character ${this.#at}: ${problem}`);
  }
}

/** A name from the file, short enough for a message and with nothing unprintable in it. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
