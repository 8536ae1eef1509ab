// Writes HDF5: groups, float32 datasets in one piece, and texts as attributes. Version 2 of the superblock and of object headers (HDF5 1.8 and later, and so
// every h5py there is): links stand in the group's own header, and every header has a checksum.
//
//   superblock │ datasets and groups, each after all that it leads to │ root group
//   object header: OHDR, flags, size │ messages: kind, size, flags, body │ checksum

import { encoded } from '../../bytes/text.ts';
import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { lookup3 } from './checksum.ts';

/** A dataset to be written: values row by row. */
export interface Hdf5Floats {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A group to be written: its members by name, and its texts. */
export interface Hdf5Group {
  readonly members: ReadonlyMap<string, Hdf5Group | Hdf5Floats>;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The group that holds datasets by their paths, `layers/lstm/cell/vars/0`. Groups that are named in `attributes` are there even without a dataset. */
export function groupOf(
  datasets: ReadonlyMap<string, Hdf5Floats>,
  attributes: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(),
): Hdf5Group {
  interface Open {
    readonly members: Map<string, Open | Hdf5Floats>;
    attributes?: Readonly<Record<string, string>>;
  }
  const root: Open = { members: new Map() };
  const at = (names: readonly string[]): Open => {
    let group = root;
    for (const name of names) {
      const found = group.members.get(name) ?? { members: new Map() };
      if (!('members' in found)) throw notBoth(names.join('/'));
      group.members.set(name, found);
      group = found;
    }
    return group;
  };
  for (const [path, dataset] of datasets) {
    const names = path.split('/');
    const { members } = at(names.slice(0, -1));
    const last = names[names.length - 1];
    if (members.has(last)) throw notBoth(path);
    members.set(last, dataset);
  }
  for (const [path, texts] of attributes) at(path.split('/').filter(Boolean)).attributes = texts;
  return root;
}

const notBoth = (path: string) => new ConvertError(path, { expected: 'a group or one dataset', got: 'both' });

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const superblockBytes = 48;
const nowhere = new Array<number>(8).fill(0xff);

/** The bytes of a file with that root group. Throws a ConvertError for a name or text that is too long, or groups deeper than a reader follows. */
export function hdf5Bytes(root: Hdf5Group, source: string): Uint8Array {
  const file = new Parts();
  const top = writeGroup(file, root, source, 0);
  const head = [...signature, 2, 8, 8, 0, ...u64(0), ...nowhere, ...u64(file.size), ...u64(top)];
  file.parts[0] = Uint8Array.from([...head, ...u32(lookup3(Uint8Array.from(head)))]);
  const all = new Uint8Array(file.size);
  let to = 0;
  for (const part of file.parts) {
    all.set(part, to);
    to += part.length;
  }
  return all;
}

/** A file that grows; what is added begins at a multiple of 8. */
class Parts {
  /** The first is the superblock, which is written last. */
  readonly parts: Uint8Array[] = [new Uint8Array(superblockBytes)];
  size = superblockBytes;

  /** The address of the bytes. */
  add(bytes: Uint8Array): number {
    const at = this.size;
    const padding = new Uint8Array((8 - (bytes.length % 8)) % 8);
    this.parts.push(bytes, padding);
    this.size += bytes.length + padding.length;
    return at;
  }
}

function writeGroup(file: Parts, { members, attributes = {} }: Hdf5Group, source: string, depth: number): number {
  if (depth >= limits.depth)
    throw new ConvertError(source, { expected: `at most ${limits.depth} groups in groups`, got: 'more' });
  const links: Message[] = [];
  for (const [name, member] of members) {
    const address = 'members' in member ? writeGroup(file, member, source, depth + 1) : writeFloats(file, member);
    const letters = named(name, source);
    // version 1, the name is UTF-8, its length has two bytes; a link within the file is the usual kind
    links.push([6, [1, 0b10001, 1, ...u16(letters.length), ...letters, ...u64(address)]]);
  }
  const texts = Object.entries(attributes).map(([name, text]) => attribute(name, text, source));
  return file.add(
    header([
      [2, [0, 0, ...nowhere, ...nowhere]], // no links elsewhere
      [10, [0, 0]],
      ...links,
      ...texts,
    ]),
  );
}

function writeFloats(file: Parts, { shape, values }: Hdf5Floats): number {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const place = bytes.length > 0 ? u64(file.add(bytes)) : nowhere;
  return file.add(
    header([
      [1, [2, shape.length, 0, shape.length > 0 ? 1 : 0, ...shape.flatMap(u64)]],
      [3, float32],
      [5, [3, 0b1010]], // filled when something is written, with the usual value
      [8, [3, 1, ...place, ...u64(bytes.length)]],
    ]),
  );
}

/** A text of the usual kind: fixed length, UTF-8. */
function attribute(name: string, text: string, source: string): Message {
  const letters = [...named(name, source), 0];
  const bytes = encoded(text);
  const type = [0x13, 0b10001, 0, 0, ...u32(bytes.length + 1)]; // class 3, ends with a zero
  const space = [2, 0, 0, 0]; // one
  const body = [3, 0, ...u16(letters.length), ...u16(type.length), ...u16(space.length), 1];
  if (bytes.length > 60_000)
    throw new ConvertError(source, { where: name, expected: 'at most 60000 bytes of text', got: String(bytes.length) });
  return [12, [...body, ...letters, ...type, ...space, ...bytes, 0]];
}

/** Little-endian: sign at bit 31, 8 bits of exponent from bit 23 with a bias of 127, 23 of the fraction with a one before it. */
const float32 = [0x11, 0x20, 31, 0, ...u32(4), ...u16(0), ...u16(32), 23, 8, 0, 23, ...u32(127)];

type Message = readonly [kind: number, body: readonly number[]];

function header(messages: readonly Message[]): Uint8Array {
  const body = messages.flatMap(([kind, bytes]) => [kind, ...u16(bytes.length), 0, ...bytes]);
  const bytes = Uint8Array.from([0x4f, 0x48, 0x44, 0x52, 2, 0b10, ...u32(body.length), ...body]);
  const all = new Uint8Array(bytes.length + 4);
  all.set(bytes);
  all.set(u32(lookup3(bytes)), bytes.length);
  return all;
}

function named(name: string, source: string): number[] {
  const letters = [...encoded(name)];
  if (letters.length > 0 && letters.length <= 1000 && !name.includes('/') && !name.includes('\0')) return letters;
  throw new ConvertError(source, {
    expected: 'names of 1 to 1000 bytes without a slash',
    got: JSON.stringify(name.slice(0, 80)),
  });
}

function u16(n: number): number[] {
  return [n & 255, (n >>> 8) & 255];
}

function u32(n: number): number[] {
  return [...u16(n & 0xffff), ...u16(n >>> 16)];
}

function u64(n: number): number[] {
  return [...u32((n % 2 ** 32) >>> 0), ...u32(Math.floor(n / 2 ** 32))];
}
