// Reading bytes of a file in order. Every read is checked against the end before it is made, so that no length in a file is believed; the error says
// where, what was to be read, and how much is left.

import { ConvertError } from '../errors.ts';

/** A position in bytes that moves forward as they are read. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** The file's name, for errors. */
  readonly source: string;
  /** Position of the next byte. */
  at: number;
  /** Position behind the last byte that may be read. */
  readonly end: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, source: string, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.source = source;
    this.at = at;
    this.end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Throws a ConvertError that names the position. */
  fail(expected: string, got: string, advice?: string): never {
    throw new ConvertError(this.source, { where: `byte ${this.at}`, expected, got, advice });
  }

  /** Claims `count` bytes for `what` and returns the position of the first. */
  #take(count: number, what: string): number {
    if (!(count >= 0 && count <= this.end - this.at))
      this.fail(`${what}, ${count} bytes`, `${Math.max(0, this.left)} bytes before the end`, 'is the file cut off?');
    const at = this.at;
    this.at += count;
    return at;
  }

  u8(what = 'a byte'): number {
    return this.bytes[this.#take(1, what)];
  }

  u16(what = 'a 16-bit number'): number {
    return this.#view.getUint16(this.#take(2, what), true);
  }

  u32(what = 'a 32-bit number'): number {
    return this.#view.getUint32(this.#take(4, what), true);
  }

  i32(what = 'a 32-bit number'): number {
    return this.#view.getInt32(this.#take(4, what), true);
  }

  /** A number of 64 bits, exact up to 2⁵³; beyond it, it is as large as it is and fits nowhere. */
  u64(what = 'a 64-bit number'): number {
    const at = this.#take(8, what);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
  }

  f64BigEndian(what = 'a float64'): number {
    return this.#view.getFloat64(this.#take(8, what), false);
  }

  /** The next `count` bytes, as a window on the file. */
  window(count: number, what: string): Uint8Array {
    const at = this.#take(count, what);
    return this.bytes.subarray(at, at + count);
  }

  /** Text up to a line feed, which is read and left out; at most `most` bytes. */
  line(what: string, most: number): Uint8Array {
    const limit = Math.min(this.end, this.at + most + 1);
    const found = this.bytes.subarray(this.at, limit).indexOf(0x0a);
    if (found < 0) this.fail(`${what} that ends with a line feed`, `none in ${Math.min(most, this.left)} bytes`);
    const text = this.window(found, what);
    this.at++;
    return text;
  }

  skip(count: number, what: string): void {
    this.#take(count, what);
  }
}

/** The text of UTF-8 bytes. Throws a ConvertError where they are none. */
export function utf8(bytes: Uint8Array, source: string, what: string): string {
  try {
    return strict.decode(bytes);
  } catch (cause) {
    throw new ConvertError(source, { where: what, expected: 'UTF-8', got: 'other bytes' }, { cause });
  }
}

interface Decoder {
  decode(bytes: Uint8Array): string;
}

/** What pages and Node both have; the package compiles without the types of either. */
const { TextDecoder } = globalThis as unknown as {
  TextDecoder: new (encoding: string, options: { readonly fatal: boolean; readonly ignoreBOM: boolean }) => Decoder;
};

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
