// Bytes of an HDF5 file: addresses and lengths are of the size that the superblock says, and every structure is read through a bounded window. Structures
// name one another by address, so that a file can make circles, or name one structure a million times: the work of a whole file has one budget.

import { ByteReader } from '../../bytes/reader.ts';
import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';

/** Where there is nothing: all bits set. */
const nowhere = { 4: 2 ** 32 - 1, 8: 2 ** 64 } as const;

/** Where the objects of a global heap lie, by their numbers. */
export type HeapObjects = ReadonlyMap<number, { readonly at: number; readonly size: number }>;

/** The bytes of a file with the sizes of its addresses and lengths. */
export class Hdf5Bytes {
  readonly bytes: Uint8Array;
  readonly source: string;
  readonly addressBytes: 4 | 8;
  readonly lengthBytes: 4 | 8;
  /** Where address 0 is. */
  readonly base: number;
  /** The global heaps that were read, by their addresses. */
  readonly heaps = new Map<number, HeapObjects>();
  #left: number = limits.nodes;

  constructor(bytes: Uint8Array, source: string, addressBytes: 4 | 8, lengthBytes: 4 | 8, base: number) {
    this.bytes = bytes;
    this.source = source;
    this.addressBytes = addressBytes;
    this.lengthBytes = lengthBytes;
    this.base = base;
  }

  fail(where: string, expected: string, got: string, advice?: string): never {
    throw new ConvertError(this.source, { where, expected, got, advice });
  }

  /** A reader at an address, of `count` bytes or up to the end. Each costs one of the file's budget. */
  at(address: number, what: string, count?: number): Hdf5Reader {
    if (--this.#left < 0) this.fail(what, `at most ${limits.nodes} structures`, 'more: do they name one another?');
    const start = this.base + address;
    const end = count === undefined ? this.bytes.length : start + count;
    if (!(start >= 0 && end <= this.bytes.length && start <= end))
      this.fail(what, 'an address inside of the file', `${address}`, 'is the file cut off?');
    return new Hdf5Reader(this, start, end);
  }
}

/** A position in an HDF5 file. */
export class Hdf5Reader extends ByteReader {
  readonly file: Hdf5Bytes;

  constructor(file: Hdf5Bytes, at: number, end: number) {
    super(file.bytes, file.source, at, end);
    this.file = file;
  }

  #sized(bytes: 4 | 8, what: string): number {
    return bytes === 8 ? this.u64(what) : this.u32(what);
  }

  /** An address; null where it is that of nothing. */
  address(what: string): number | null {
    const size = this.file.addressBytes;
    const value = this.#sized(size, what);
    return value >= nowhere[size] ? null : value;
  }

  length(what: string): number {
    return this.#sized(this.file.lengthBytes, what);
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  whole(bytes: number, what: string): number {
    if (bytes === 1) return this.u8(what);
    if (bytes === 2) return this.u16(what);
    return bytes === 4 ? this.u32(what) : this.u64(what);
  }

  /** Four letters. */
  signature(expected: string): void {
    const got = String.fromCharCode(...this.window(4, `the signature ${expected}`));
    if (got !== expected) this.fail(`the signature ${expected}`, JSON.stringify(got), 'the file is damaged');
  }

  /** The next bytes as a reader of their own. */
  part(count: number, what: string): Hdf5Reader {
    const start = this.at;
    this.skip(count, what);
    return new Hdf5Reader(this.file, start, start + count);
  }

  /** Moves on to the next multiple of 8, counted from `start`. */
  align(start: number): void {
    this.skip((8 - ((this.at - start) % 8)) % 8, 'padding');
  }
}
