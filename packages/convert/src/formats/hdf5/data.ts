// The elements of datasets and attributes: in one piece, or in chunks that may be compressed.

import { inflate } from 'unrolled/io';
import { type ArrayValues, decodeElements, swapped } from '../../arrays/element.ts';
import { quoted } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { HeapObjects, Hdf5Bytes, Hdf5Reader } from './bytes.ts';
import { type Attribute, type Datatype, type Filter, type Layout, textUpToNul } from './messages.ts';
import { treeLeaves } from './tree.ts';

/** The value of an attribute: numbers or texts, one or many. */
export type AttributeValue = string | number | readonly string[] | readonly number[];

/** What a dataset is: its elements, and where they lie. */
export interface Dataset {
  readonly type: Datatype;
  readonly shape: readonly number[];
  readonly layout: Layout;
  readonly filters: readonly Filter[];
}

const mostRatio = 1100; // deflate compresses at most 1032 to 1

/** What decodes the elements of a dataset. Of compressed ones, they are decompressed here. */
export async function readElements(
  file: Hdf5Bytes,
  path: string,
  { shape, layout, filters }: Dataset,
  type: Datatype & { readonly kind: 'number' },
): Promise<() => ArrayValues> {
  const where = `dataset ${quoted(path)}`;
  const size = shape.reduce((n, d) => n * d, 1) * type.size;
  const decode = (bytes: Uint8Array) => () =>
    decodeElements(type.element, type.bigEndian ? swapped(bytes, type.size) : bytes, file.source, path);
  if (size === 0) return decode(new Uint8Array(0));
  if (size > mostRatio * file.bytes.length)
    file.fail(where, `at most ${mostRatio * file.bytes.length} bytes in a file of its size`, String(size));
  if (layout.kind === 'chunked')
    return decode(await readChunks(file, where, shape, type.size, layout.tree, layout.chunk, filters));
  if (filters.length > 0) file.fail(where, 'filters on chunks only', 'filters on data in one piece');
  if (layout.size !== size) file.fail(where, `${size} bytes for [${shape.join(', ')}]`, String(layout.size));
  if (layout.kind === 'compact') return decode(file.bytes.subarray(layout.at, layout.at + size));
  const address = layout.address ?? file.fail(where, 'data', 'a dataset that was never written');
  return decode(file.at(address, where, size).window(size, where));
}

async function readChunks(
  file: Hdf5Bytes,
  where: string,
  shape: readonly number[],
  size: number,
  tree: number | null,
  chunk: readonly number[],
  filters: readonly Filter[],
): Promise<Uint8Array> {
  const chunkBytes = chunk.reduce((n, d) => n * d, size);
  if (chunk.length !== shape.length || chunk.includes(0) || chunkBytes > mostRatio * file.bytes.length)
    file.fail(where, `chunks of ${shape.length} axes, of a size that can be`, `[${chunk.slice(0, 8).join(', ')}]`);
  const result = new Uint8Array(shape.reduce((n, d) => n * d, size));
  // Chunks at the edges are whole, so that all of them together may be larger than the array; a tree that names more is no tree of its chunks.
  let left = shape.reduce((n, d, axis) => n * Math.ceil(d / chunk[axis]), 1);
  if (tree === null) return result;
  for (const { address, key } of treeLeaves(file, tree, 1, shape.length, where)) {
    if (--left < 0) file.fail(where, 'each chunk once', 'more of them');
    const stored = key.u32('the size of a chunk');
    const without = key.u32('the filters of a chunk');
    const from = shape.map(() => key.u64('the place of a chunk'));
    if (from.some((at, axis) => at >= shape[axis] || at % chunk[axis] !== 0))
      file.fail(where, 'chunks inside of the array', `one at [${from.slice(0, 8).join(', ')}]`);
    let bytes: Uint8Array = file.at(address, where, stored).window(stored, 'a chunk');
    for (const [i, filter] of [...filters.entries()].reverse())
      if ((without & (1 << i)) === 0) bytes = await unfiltered(file, where, filter, bytes, chunkBytes, size);
    if (bytes.length !== chunkBytes) file.fail(where, `a chunk of ${chunkBytes} bytes`, String(bytes.length));
    place(result, bytes, shape, chunk, from, size);
  }
  return result;
}

async function unfiltered(
  file: Hdf5Bytes,
  where: string,
  { id, values }: Filter,
  bytes: Uint8Array,
  size: number,
  elementBytes: number,
): Promise<Uint8Array> {
  switch (id) {
    case 1: // zlib: two bytes, the stream, a checksum of four
      if (bytes.length < 6) file.fail(where, 'a compressed chunk', `${bytes.length} bytes`);
      return inflate(bytes.subarray(2, -4), size, `${file.source}: ${where}`);
    case 2:
      return unshuffled(bytes, values[0] ?? elementBytes);
    case 3: // Fletcher's checksum follows the data
      return bytes.subarray(0, Math.max(0, bytes.length - 4));
    default:
      return file.fail(
        where,
        'chunks that are deflated, shuffled or checked',
        `filter ${id}`,
        'write it without compression',
      );
  }
}

/** Shuffled: the first bytes of all elements, then the second ones, and so on. */
function unshuffled(bytes: Uint8Array, size: number): Uint8Array {
  const count = size > 0 ? Math.floor(bytes.length / size) : 0;
  const result = bytes.slice();
  for (let i = 0; i < count; i++) for (let k = 0; k < size; k++) result[i * size + k] = bytes[k * count + i];
  return result;
}

/** Copies a chunk to its place, row by row of the last axis. */
function place(
  result: Uint8Array,
  bytes: Uint8Array,
  shape: readonly number[],
  chunk: readonly number[],
  from: readonly number[],
  size: number,
): void {
  const last = shape.length - 1;
  const width = last < 0 ? 1 : Math.min(chunk[last], shape[last] - from[last]);
  const rows = bytes.length / size / (last < 0 ? 1 : chunk[last]);
  for (let row = 0; row < rows; row++) {
    let [at, step, rest, inside] = [last < 0 ? 0 : from[last], last < 0 ? 1 : shape[last], row, true];
    for (let axis = last - 1; axis >= 0; axis--) {
      const index = from[axis] + (rest % chunk[axis]);
      rest = Math.floor(rest / chunk[axis]);
      inside &&= index < shape[axis];
      at += index * step;
      step *= shape[axis];
    }
    if (!inside) continue;
    const start = row * (last < 0 ? 1 : chunk[last]) * size;
    result.set(bytes.subarray(start, start + width * size), at * size);
  }
}

/** An attribute's value; null for one of a type that is not read. */
export function attributeValue({ name, type, shape, data }: Attribute, where: string): AttributeValue | null {
  const count = shape.reduce((n, d) => n * d, 1);
  const place = `${where}, attribute ${quoted(name)}`;
  const one = <T extends string | number>(values: readonly T[]) => (shape.length === 0 ? values[0] : values);
  if (count > limits.tensors) data.fail('an attribute of moderate size', `${count} elements`);
  switch (type.kind) {
    case 'number': {
      const bytes = data.window(count * type.size, place);
      const ordered = type.bigEndian ? swapped(bytes, type.size) : bytes;
      return one(Array.from(decodeElements(type.element, ordered, data.source, name)));
    }
    case 'text':
      return one(Array.from({ length: count }, () => textUpToNul(data.window(type.size, place), data)));
    case 'text in a heap': {
      let left = limits.jsonBytes;
      return one(
        Array.from({ length: count }, () => {
          const text = heapText(data, place);
          left -= text.length;
          if (left < 0) data.fail(`at most ${limits.jsonBytes} bytes of text`, 'more');
          return text;
        }),
      );
    }
    case 'other':
      return null;
    default:
      throw type satisfies never;
  }
}

/** A text in a global heap: its length, the heap's address, and its number there. */
function heapText(data: Hdf5Reader, where: string): string {
  const length = data.u32(where);
  const address = data.address(where);
  const index = data.u32(where);
  if (length === 0 || address === null) return '';
  const { heaps } = data.file;
  const heap = heaps.get(address) ?? readHeap(data.file, address, where);
  heaps.set(address, heap);
  const found = heap.get(index) ?? data.fail(`object ${index} of a heap`, 'no such object', 'the file is damaged');
  if (found.size < length) data.fail(`a text of ${length} bytes`, String(found.size));
  return textUpToNul(data.file.bytes.subarray(found.at, found.at + length), data);
}

/** Where the objects of a global heap lie, by their numbers. */
function readHeap(file: Hdf5Bytes, address: number, where: string): HeapObjects {
  const head = file.at(address, where);
  head.signature('GCOL');
  head.skip(4, 'a heap');
  const objects = file.at(address, where, head.length('the size of a heap'));
  objects.skip(8 + file.lengthBytes, 'a heap');
  const found = new Map<number, { readonly at: number; readonly size: number }>();
  while (objects.left >= 8 + file.lengthBytes) {
    const number = objects.u16('an object of a heap');
    objects.skip(6, 'an object of a heap');
    const size = objects.length('the size of an object');
    if (number === 0) break; // free space
    const { at } = objects;
    objects.skip(size, 'an object of a heap');
    found.set(number, { at, size });
    if (objects.left > 0) objects.align(at);
  }
  return found;
}
