// The messages of an object header: what its elements are, how many there are, where they lie, and what is attached to it.

import type { ElementType } from '../../arrays/element.ts';
import { elementCount } from '../../arrays/stored-array.ts';
import { utf8 } from '../../bytes/reader.ts';
import type { Hdf5Reader } from './bytes.ts';

/** The type of an element. */
export type Datatype =
  | { readonly kind: 'number'; readonly element: ElementType; readonly size: number; readonly bigEndian: boolean }
  | { readonly kind: 'text'; readonly size: number }
  /** A text somewhere in a global heap. */
  | { readonly kind: 'text in a heap'; readonly size: number }
  | { readonly kind: 'other'; readonly name: string; readonly size: number };

/** Where the elements of a dataset lie. */
export type Layout =
  | { readonly kind: 'compact'; readonly at: number; readonly size: number }
  | { readonly kind: 'contiguous'; readonly address: number | null; readonly size: number }
  | { readonly kind: 'chunked'; readonly tree: number | null; readonly chunk: readonly number[] };

/** A filter of a dataset's chunks: 1 is deflate, 2 is shuffle, 3 is a checksum. */
export interface Filter {
  readonly id: number;
  readonly values: readonly number[];
}

export interface Attribute {
  readonly name: string;
  readonly type: Datatype;
  readonly shape: readonly number[];
  /** Its elements. */
  readonly data: Hdf5Reader;
}

const classes = [
  'integer',
  'float',
  'time',
  'text',
  'bits',
  'opaque',
  'compound',
  'reference',
  'enum',
  'list',
  'array',
];

export function readDatatype(reader: Hdf5Reader, depth = 0): Datatype {
  const first = reader.u8('a datatype');
  const bits = [reader.u8(), reader.u8(), reader.u8()];
  const size = reader.u32('the size of a datatype');
  const kind = classes[first & 15] ?? `class ${first & 15}`;
  const bigEndian = (bits[0] & 1) === 1;
  if (size === 0) reader.fail('a datatype of 1 byte or more', 'one of 0 bytes');
  if (kind === 'integer' && [1, 2, 4, 8].includes(size)) {
    const signed = (bits[0] & 8) !== 0;
    return { kind: 'number', element: `${signed ? '' : 'u'}int${size * 8}` as ElementType, size, bigEndian };
  }
  if (kind === 'float' && [2, 4, 8].includes(size) && (bits[0] & 64) === 0) {
    reader.skip(4, 'a datatype');
    const [, exponentBits, , fractionBits] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
    const forms: Readonly<Record<string, ElementType>> = {
      '2/5/10': 'float16',
      '2/8/7': 'bfloat16',
      '4/8/23': 'float32',
      '8/11/52': 'float64',
    };
    const element = forms[`${size}/${exponentBits}/${fractionBits}`];
    if (element !== undefined) return { kind: 'number', element, size, bigEndian };
    return { kind: 'other', name: 'a float of another form', size };
  }
  if (kind === 'text') return { kind: 'text', size };
  if (kind === 'list' && (bits[0] & 15) === 1) return { kind: 'text in a heap', size };
  if (kind === 'enum' && depth === 0) {
    const base = readDatatype(reader, 1); // h5py's booleans: an enum of FALSE and TRUE over int8
    if (base.kind === 'number' && base.element === 'int8') return { ...base, element: 'bool' };
  }
  return { kind: 'other', name: kind, size };
}

export function readDataspace(reader: Hdf5Reader, where: string): readonly number[] {
  const version = reader.u8('a dataspace');
  const rank = reader.u8();
  reader.skip(version === 1 ? 6 : 2, 'a dataspace');
  if (version !== 1 && version !== 2) reader.fail('a dataspace of version 1 or 2', String(version));
  const shape = Array.from({ length: rank }, () => reader.length('a dimension'));
  elementCount(shape, reader.source, where);
  return shape;
}

export function readLayout(reader: Hdf5Reader): Layout {
  const version = reader.u8('a layout');
  if (version < 1 || version > 4) reader.fail('a layout of version 1 to 4', String(version));
  if (version < 3) {
    const rank = reader.u8();
    const kind = reader.u8();
    reader.skip(5, 'a layout');
    const address = kind === 0 ? null : reader.address('the address of the data');
    const sizes = Array.from({ length: rank }, () => reader.u32('a dimension'));
    if (kind === 1) return { kind: 'contiguous', address, size: sizes.reduce((a, b) => a * b, 1) };
    if (kind === 2) return { kind: 'chunked', tree: address, chunk: sizes.slice(0, -1) };
    return compact(reader, reader.u32('the size of the data'));
  }
  const kind = reader.u8();
  if (kind === 0) return compact(reader, reader.u16('the size of the data'));
  if (kind === 1)
    return { kind: 'contiguous', address: reader.address('the address'), size: reader.length('the size of the data') };
  if (kind !== 2 || version === 4)
    reader.fail(
      'compact, contiguous or chunked data',
      kind === 2 ? 'chunks with an index of HDF5 1.10' : `layout ${kind}`,
      "write the file with h5py's usual settings, without libver='latest'",
    );
  const rank = reader.u8();
  const tree = reader.address('the address of the chunks');
  return { kind: 'chunked', tree, chunk: Array.from({ length: rank }, () => reader.u32('a chunk size')).slice(0, -1) };
}

function compact(reader: Hdf5Reader, size: number): Layout {
  const at = reader.at;
  reader.skip(size, 'the data');
  return { kind: 'compact', at, size };
}

export function readFilters(reader: Hdf5Reader): readonly Filter[] {
  const version = reader.u8('filters');
  const count = reader.u8();
  if (version === 1) reader.skip(6, 'filters');
  return Array.from({ length: count }, () => {
    const id = reader.u16('a filter');
    const nameBytes = version === 1 || id >= 256 ? reader.u16() : 0;
    reader.skip(2, 'a filter');
    const values = reader.u16();
    reader.skip(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes, 'the name of a filter');
    const filter = { id, values: Array.from({ length: values }, () => reader.u32('a value of a filter')) };
    if (version === 1 && values % 2 === 1) reader.skip(4, 'a filter');
    return filter;
  });
}

export function readAttribute(reader: Hdf5Reader): Attribute {
  const version = reader.u8('an attribute');
  const flags = reader.u8();
  if (version < 1 || version > 3) reader.fail('an attribute of version 1 to 3', String(version));
  if (version > 1 && (flags & 3) !== 0) reader.fail('an attribute with a type of its own', 'one that is shared');
  const [nameBytes, typeBytes, spaceBytes] = [reader.u16(), reader.u16(), reader.u16()];
  if (version === 3) reader.skip(1, 'an attribute');
  const padded = (bytes: number) => (version === 1 ? Math.ceil(bytes / 8) * 8 : bytes);
  const name = textUpToNul(reader.window(padded(nameBytes), 'the name of an attribute').subarray(0, nameBytes), reader);
  const type = readDatatype(reader.part(padded(typeBytes), 'the type of an attribute'));
  const shape = readDataspace(reader.part(padded(spaceBytes), 'the shape of an attribute'), `attribute ${name}`);
  const count = shape.reduce((n, d) => n * d, 1);
  return { name, type, shape, data: reader.part(count * type.size, `attribute ${name}`) };
}

export function textUpToNul(bytes: Uint8Array, { source }: { readonly source: string }): string {
  const end = bytes.indexOf(0);
  return utf8(end < 0 ? bytes : bytes.subarray(0, end), source, 'a name');
}
