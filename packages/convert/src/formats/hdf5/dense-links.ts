// Groups with many links in the form of HDF5 1.8, which HDF5 2.0 writes by itself: the link messages lie in a fractal heap, and a B-tree of version 2 says
// where in it.
//
//   link info → B-tree: records { hash, heap id } · heap id: offset and length in the heap · heap: direct blocks, those of one row all of one size, which
//   doubles from row to row, behind indirect blocks

import { limits } from '../../limits.ts';
import type { Hdf5Bytes, Hdf5Reader } from './bytes.ts';

interface HeapBlock {
  /** Its place among all bytes of the heap. */
  readonly offset: number;
  readonly size: number;
  readonly address: number;
}

/** Readers of the link messages of a group, from the addresses in its link info. */
export function* denseLinks(file: Hdf5Bytes, heapAt: number, treeAt: number, where: string): Generator<Hdf5Reader> {
  const { blocks, offsetBytes, lengthBytes } = readHeap(file, heapAt, where);
  for (const record of treeRecords(file, treeAt, where)) {
    record.skip(4, 'a hash');
    const flags = record.u8('a heap id');
    if ((flags & 0x30) !== 0) file.fail(where, 'links in the blocks of a heap', 'a huge or tiny one');
    const offset = littleEndian(record, offsetBytes);
    const length = littleEndian(record, lengthBytes);
    const block = blocks.find((one) => offset >= one.offset && offset + length <= one.offset + one.size);
    if (!block) file.fail(where, 'a link inside of its heap', `byte ${offset}`);
    else yield file.at(block.address + offset - block.offset, where, length);
  }
}

function readHeap(file: Hdf5Bytes, address: number, where: string) {
  const head = file.at(address, where);
  head.signature('FRHP');
  head.skip(3, 'a heap');
  if (head.u16('a heap') > 0) file.fail(where, 'a heap without filters', 'one with filters');
  head.skip(1, 'a heap');
  const mostObject = head.u32('a heap');
  const [A, L] = [file.addressBytes, file.lengthBytes];
  head.skip(2 * A + 10 * L, 'a heap');
  const width = head.u16('the width of a heap');
  const first = head.length('the size of a block');
  const mostDirect = head.length('the size of a block');
  const bits = head.u16('the size of a heap');
  head.skip(2, 'a heap');
  const root = head.address('the root of a heap');
  const rows = head.u16('the rows of a heap');
  if (first < 1 || width < 1 || mostDirect < first || bits > 64)
    file.fail(where, 'a heap of sizes that can be', 'others');
  const offsetBytes = Math.ceil(bits / 8);
  const blocks: HeapBlock[] = [];
  const directRows = Math.floor(Math.log2(mostDirect / first)) + 2;
  const sizeOf = (row: number) => first * 2 ** Math.max(0, row - 1);
  const open = root === null ? [] : [{ address: root, offset: 0, rows }];
  let left: number = limits.nodes;
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.rows === 0) {
      blocks.push({ offset: next.offset, size: first, address: next.address });
      continue;
    }
    const node = file.at(next.address, where);
    node.signature('FHIB');
    node.skip(1 + A + offsetBytes, 'a block of a heap');
    if (next.rows > 64) file.fail(where, 'a heap of at most 64 rows', String(next.rows));
    let { offset } = next;
    for (let row = 0; row < next.rows; row++)
      for (let column = 0; column < width; column++) {
        if (--left < 0) file.fail(where, `at most ${limits.nodes} blocks`, 'more');
        const child = node.address('a block of a heap');
        const size = sizeOf(row);
        if (child !== null && row < directRows) blocks.push({ offset, size, address: child });
        else if (child !== null)
          open.push({ address: child, offset, rows: Math.floor(Math.log2(size / first / width)) + 1 });
        offset += size;
      }
  }
  return { blocks, offsetBytes, lengthBytes: bytesFor(Math.min(mostDirect, mostObject)) };
}

/** The records of a B-tree of version 2, of links by name. */
function* treeRecords(file: Hdf5Bytes, address: number, where: string): Generator<Hdf5Reader> {
  const head = file.at(address, where);
  head.signature('BTHD');
  head.skip(1, 'a B-tree');
  const type = head.u8('a B-tree');
  const nodeBytes = head.u32('a B-tree');
  const recordBytes = head.u16('a B-tree');
  const depth = head.u16('a B-tree');
  head.skip(2, 'a B-tree');
  const root = head.address('a B-tree');
  const count = head.u16('a B-tree');
  if (type !== 5 || recordBytes < 5 || depth > 16)
    file.fail(where, 'a B-tree of links', `type ${type}, depth ${depth}`);
  // How many records a node of each level holds at most, which says how many bytes their counts take.
  const most = [Math.floor((nodeBytes - 10) / recordBytes)];
  const all = [most[0]];
  const pointerBytes = (level: number) =>
    file.addressBytes + bytesFor(most[level - 1]) + (level > 1 ? bytesFor(all[level - 1]) : 0);
  for (let level = 1; level <= depth; level++) {
    most[level] = Math.floor((nodeBytes - 10 - pointerBytes(level)) / (recordBytes + pointerBytes(level)));
    all[level] = (most[level] + 1) * all[level - 1] + most[level];
  }
  const open = root === null ? [] : [{ address: root, count, level: depth }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { level } = next;
    const node = file.at(next.address, where);
    node.signature(level === 0 ? 'BTLF' : 'BTIN');
    node.skip(2, 'a node');
    for (let i = 0; i < next.count; i++) yield node.part(recordBytes, 'a record');
    for (let i = 0; level > 0 && i <= next.count; i++) {
      const child = node.address('a child') ?? node.fail('the address of a child', 'none');
      const records = littleEndian(node, bytesFor(most[level - 1]));
      if (level > 1) node.skip(bytesFor(all[level - 1]), 'a child');
      open.push({ address: child, count: records, level: level - 1 });
      if (open.length > limits.nodes) node.fail(`at most ${limits.nodes} nodes`, 'more');
    }
  }
}

/** How many bytes a number up to `most` takes. */
function bytesFor(most: number): number {
  return Math.max(1, Math.ceil(Math.log2(most + 1) / 8));
}

function littleEndian(reader: Hdf5Reader, bytes: number): number {
  return Array.from(reader.window(bytes, 'a number')).reduceRight((value, byte) => value * 256 + byte, 0);
}
