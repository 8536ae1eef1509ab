// HDF5 as Keras writes it, read within bounds: groups, datasets and attributes of h5py's usual settings. Own code, because the file may be anyone's: the
// usual library trusts addresses and sizes that it finds. What newer settings add (attributes in heaps, chunk indices of 1.10) is refused by name.
//
//   superblock → root group: object header → symbol table (B-tree of names in a heap) or link messages → object headers: datasets, groups
//
// Links lead to objects of this file only: soft and external ones are never followed.

import { StoredArray } from '../../arrays/stored-array.ts';
import { ConvertError, quoted } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { Hdf5Bytes, type Hdf5Reader } from './bytes.ts';
import { denseLinks } from './dense-links.ts';
import { type AttributeValue, attributeValue, type Dataset, readElements } from './data.ts';
import {
  type Attribute,
  type Datatype,
  type Filter,
  type Layout,
  readAttribute,
  readDataspace,
  readDatatype,
  readFilters,
  readLayout,
  textUpToNul,
} from './messages.ts';
import { treeLeaves } from './tree.ts';

/** A group or dataset. */
export interface Hdf5Object {
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** The addresses of a group's objects by name; null for a dataset. */
  readonly children: ReadonlyMap<string, number> | null;
  readonly dataset: Dataset | null;
}

/** An HDF5 file: the root's attributes, and objects by their paths. */
export class Hdf5File {
  readonly #file: Hdf5Bytes;
  readonly root: Hdf5Object;
  readonly #objects = new Map<number, Hdf5Object>();

  /** Throws a ConvertError for bytes that are no HDF5 file. */
  constructor(bytes: Uint8Array, source: string) {
    const { file, root } = superblock(bytes, source);
    this.#file = file;
    this.root = this.#object(root, 'the root group');
  }

  /** The object at a path, as `model_weights/lstm`; null where there is none. */
  get(path: string): Hdf5Object | null {
    let object = this.root;
    for (const name of path.split('/').filter(Boolean)) {
      const address = object.children?.get(name);
      if (address === undefined) return null;
      object = this.#object(address, quoted(path));
    }
    return object;
  }

  /** All datasets of numbers by their paths, as stored arrays; what else is there is told to `skip`. Decompresses those that are compressed. */
  async arrays(skip: (path: string, why: string) => void): Promise<Map<string, StoredArray>> {
    const arrays = new Map<string, StoredArray>();
    const open: { readonly path: string; readonly address: number; readonly depth: number }[] = [];
    const seen = new Set<number>();
    const push = (children: ReadonlyMap<string, number>, path: string, depth: number) => {
      for (const [name, address] of [...children].reverse())
        open.push({ path: path === '' ? name : `${path}/${name}`, address, depth });
    };
    push(this.root.children ?? new Map(), '', 1);
    for (let next = open.pop(); next; next = open.pop()) {
      const { path, address, depth } = next;
      const { children, dataset } = this.#object(address, quoted(path));
      if (children && seen.has(address)) skip(path, 'is a second name of a group');
      else if (children && depth >= limits.depth)
        this.#file.fail(quoted(path), `at most ${limits.depth} groups in groups`, 'more');
      else if (children) push(children, path, depth + 1);
      else if (dataset?.type.kind === 'number') arrays.set(path, await this.#array(path, dataset, dataset.type));
      else if (dataset) skip(path, `holds ${dataset.type.kind === 'other' ? dataset.type.name : 'text'}`);
      if (children) seen.add(address);
      if (arrays.size + open.length > limits.tensors)
        this.#file.fail(quoted(path), `at most ${limits.tensors} tensors`, 'more');
    }
    return arrays;
  }

  async #array(path: string, dataset: Dataset, type: Datatype & { readonly kind: 'number' }): Promise<StoredArray> {
    const read = await readElements(this.#file, path, dataset, type);
    return new StoredArray(path, type.element, dataset.shape, this.#file.source, read);
  }

  #object(address: number, where: string): Hdf5Object {
    const known = this.#objects.get(address);
    if (known) return known;
    const object = readObject(this.#file, address, where);
    this.#objects.set(address, object);
    return object;
  }
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether the bytes begin as an HDF5 file does. */
export function isHdf5(head: Uint8Array): boolean {
  return signature.every((byte, i) => head[i] === byte);
}

function superblock(bytes: Uint8Array, source: string): { file: Hdf5Bytes; root: number } {
  if (!isHdf5(bytes))
    throw new ConvertError(source, {
      expected: 'an HDF5 file',
      got: bytes.length === 0 ? 'an empty file' : 'other bytes',
    });
  const reader = new Hdf5Bytes(bytes, source, 8, 8, 0).at(8, 'the superblock');
  const version = reader.u8('the superblock');
  if (version > 3) reader.fail('a superblock of version 0 to 3', String(version));
  if (version < 2) reader.skip(4, 'the superblock');
  const [addressBytes, lengthBytes] = [reader.u8('the superblock'), reader.u8('the superblock')];
  if (![4, 8].includes(addressBytes) || ![4, 8].includes(lengthBytes))
    reader.fail('addresses and lengths of 4 or 8 bytes', `${addressBytes} and ${lengthBytes}`);
  reader.skip(version < 2 ? (version === 1 ? 13 : 9) : 1, 'the superblock');
  const sizes = [addressBytes as 4 | 8, lengthBytes as 4 | 8] as const;
  const first = new Hdf5Bytes(bytes, source, ...sizes, 0).at(reader.at, 'the superblock');
  const base = first.address('the base address') ?? 0;
  const file = new Hdf5Bytes(bytes, source, ...sizes, base);
  for (const what of version < 2 ? ['free space', 'end', 'driver'] : ['extension', 'end']) first.address(what);
  if (version < 2) first.address('the name of the root group');
  const root = first.address('the root group') ?? first.fail('the address of the root group', 'none');
  return { file, root };
}

/** Reads an object header with all its messages. */
function readObject(file: Hdf5Bytes, address: number, where: string): Hdf5Object {
  const attributes = new Map<string, AttributeValue>();
  const children = new Map<string, number>();
  let isGroup = false;
  let type: Datatype | null = null;
  let shape: readonly number[] | null = null;
  let layout: Layout | null = null;
  let filters: readonly Filter[] = [];
  for (const { kind, shared, reader } of messages(file, address, where)) {
    const refused = refusedMessages.get(kind);
    if (refused && refused.present(reader)) file.fail(where, refused.expected, refused.got, refused.advice);
    if (shared && [1, 3, 8, 11, 12].includes(kind)) file.fail(where, 'a message of its own', 'one that is shared');
    if (kind === 1) shape = readDataspace(reader, where);
    else if (kind === 3) type = readDatatype(reader);
    else if (kind === 8) layout = readLayout(reader);
    else if (kind === 11) filters = readFilters(reader);
    else if (kind === 12) addAttribute(attributes, readAttribute(reader), where);
    else if (kind === 2) {
      isGroup = true;
      for (const link of denseLinksOf(file, reader, where)) children.set(link.name, link.address);
    } else if (kind === 6) {
      isGroup = true;
      const link = readLink(reader);
      if (link) children.set(link.name, link.address);
    } else if (kind === 17) {
      isGroup = true;
      for (const [name, at] of symbolTable(file, reader, where)) children.set(name, at);
    }
  }
  if (type && shape && layout) return { attributes, children: null, dataset: { type, shape, layout, filters } };
  if (isGroup || (!type && !layout)) return { attributes, children, dataset: null };
  return file.fail(where, 'a group or a dataset', 'an object that is neither');
}

const latest = "write the file with h5py's usual settings, without libver='latest' and track_order";

/** Messages of parts that are not read, if they say that there is such a part. */
const refusedMessages: ReadonlyMap<
  number,
  {
    readonly expected: string;
    readonly got: string;
    readonly advice: string;
    present(reader: Hdf5Reader): boolean;
  }
> = new Map([
  [7, { expected: 'data in this file', got: 'data in external files', advice: 'a model may not name other files', present: () => true }],
  [21, { expected: 'attributes in the object', got: 'attributes in a fractal heap', advice: latest, present: (reader: Hdf5Reader) => hasHeap(reader, 2) }],
]); // biome-ignore format: a table

function hasHeap(message: Hdf5Reader, indexBytes: number): boolean {
  message.skip(1, 'a message');
  if (message.u8('a message') & 1) message.skip(indexBytes, 'a message');
  return message.address('a fractal heap') !== null;
}

function addAttribute(attributes: Map<string, AttributeValue>, attribute: Attribute, where: string): void {
  const value = attributeValue(attribute, where);
  if (value !== null) attributes.set(attribute.name, value);
}

interface Message {
  readonly kind: number;
  readonly shared: boolean;
  readonly reader: Hdf5Reader;
}

/** The messages of an object header, those of its continuations too. */
function* messages(file: Hdf5Bytes, address: number, where: string): Generator<Message> {
  const head = file.at(address, where);
  const second = head.bytes[head.at] === 0x4f; // O of OHDR
  let order = 0;
  const blocks: Hdf5Reader[] = [];
  if (second) {
    head.signature('OHDR');
    const version = head.u8('an object header');
    if (version !== 2) head.fail('an object header of version 2', String(version));
    const flags = head.u8();
    head.skip((flags & 32 ? 16 : 0) + (flags & 16 ? 4 : 0), 'an object header');
    order = flags & 4 ? 2 : 0;
    const size = head.whole(1 << (flags & 3), 'the size of an object header');
    blocks.push(head.part(size, 'an object header'));
  } else {
    const version = head.u8('an object header');
    if (version !== 1) head.fail('an object header', `version ${version}`, 'the file is damaged');
    head.skip(7, 'an object header');
    const size = head.u32('the size of an object header');
    head.skip(4, 'an object header');
    blocks.push(head.part(size, 'an object header'));
  }
  for (let block = blocks.pop(); block; block = blocks.pop()) {
    const [least, header] = second ? [4 + order, 4 + order] : [8, 8];
    while (block.left >= least && header > 0) {
      const kind = second ? block.u8() : block.u16();
      const size = block.u16('a message');
      const flags = block.u8('a message');
      block.skip(second ? order : 3, 'a message');
      const reader = block.part(size, 'a message');
      if (kind === 16) {
        const at = reader.address('a continuation') ?? reader.fail('the address of a continuation', 'none');
        const next = file.at(at, where, reader.length('the length of a continuation'));
        if (second) next.signature('OCHK');
        blocks.push(second ? next.part(Math.max(0, next.left - 4), 'a continuation') : next);
      } else yield { kind, shared: (flags & 2) !== 0, reader };
    }
  }
}

/** The links of a group that has too many of them for its header. */
function* denseLinksOf(file: Hdf5Bytes, message: Hdf5Reader, where: string): Generator<Link> {
  message.skip(1, 'link info');
  if (message.u8('link info') & 1) message.skip(8, 'link info');
  const heap = message.address('link info');
  const tree = message.address('link info');
  if (heap === null || tree === null) return;
  for (const reader of denseLinks(file, heap, tree, where)) {
    const link = readLink(reader);
    if (link) yield link;
  }
}

interface Link {
  readonly name: string;
  readonly address: number;
}

/** A link message; null for a soft or external link, which is not followed. */
function readLink(reader: Hdf5Reader): Link | null {
  reader.skip(1, 'a link');
  const flags = reader.u8('a link');
  const kind = flags & 8 ? reader.u8('a link') : 0;
  reader.skip((flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0), 'a link');
  const size = reader.whole(1 << (flags & 3), 'the length of a name');
  const name = textUpToNul(reader.window(size, 'the name of a link'), reader);
  if (kind !== 0) return null;
  const address = reader.address('a link');
  return address === null ? null : { name, address };
}

/** The names and addresses of a group of the older form. */
function symbolTable(file: Hdf5Bytes, message: Hdf5Reader, where: string): [name: string, address: number][] {
  const tree = message.address('a symbol table') ?? message.fail('the address of a symbol table', 'none');
  const heapAt = message.address('a heap') ?? message.fail('the address of a heap', 'none');
  const head = file.at(heapAt, where);
  head.signature('HEAP');
  head.skip(4, 'a heap');
  const size = head.length('the size of a heap');
  head.length('a heap');
  const heap = file.at(head.address('a heap') ?? head.fail('the address of the heap', 'none'), where, size);
  const names = heap.window(size, 'a heap');
  const found: [string, number][] = [];
  for (const leaf of treeLeaves(file, tree, 0, 0, where)) {
    const node = file.at(leaf.address, where);
    node.signature('SNOD');
    node.skip(2, 'a symbol node');
    const count = node.u16('a symbol node');
    for (let i = 0; i < count; i++) {
      const nameAt = node.length('a symbol'); // an offset, of the size of addresses in all files
      const address = node.address('a symbol');
      const cached = node.u32('a symbol');
      node.skip(20, 'a symbol');
      if (cached === 2 || address === null) continue; // a soft link
      if (nameAt >= size) node.fail('the name of a symbol inside of its heap', String(nameAt));
      found.push([textUpToNul(names.subarray(nameAt, nameAt + limits.nameBytes), node), address]);
    }
  }
  return found;
}
