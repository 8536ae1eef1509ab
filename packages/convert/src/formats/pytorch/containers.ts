// The two containers of `torch.save`.
//
//   zip, since 1.6     <name>/data.pkl, the object; <name>/data/<key>, a storage each; <name>/byteorder; <name>/version
//   stream, before     five pickles in a row (magic number, protocol, the writer's sizes, the object, the keys of the storages), and then the storages:
//                      8 bytes for the number of elements, and the elements

import { openZip } from 'unrolled/io';
import { ByteReader, utf8 } from '../../bytes/reader.ts';
import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { unpickle } from './pickle.ts';
import { persistentValue, storageBytes, type StorageBytes } from './storages.ts';
import { PyDict, PyList, PyStorage, type PyValue, shownValue } from './values.ts';

/** What a checkpoint holds. */
export interface Checkpoint {
  readonly root: PyValue;
  readonly globals: ReadonlySet<string>;
  readonly storages: StorageBytes;
  /** `zip container 3` or `stream`. */
  readonly container: string;
  /** Files of a zip that are not read, such as the code of TorchScript. */
  readonly others: readonly string[];
}

/** Reads a checkpoint in either container. Throws a ConvertError for bytes that are none. */
export async function readCheckpoint(bytes: Uint8Array, source: string): Promise<Checkpoint> {
  return bytes[0] === 0x50 && bytes[1] === 0x4b ? readZip(bytes, source) : readStream(bytes, source);
}

async function readZip(bytes: Uint8Array, source: string): Promise<Checkpoint> {
  const zip = await openZip(bytes, source, { mostFiles: limits.files, mostBytes: limits.fileBytes });
  const pickles = [...zip.files.keys()].filter((path) => /^(?:[^/]+\/)?data\.pkl$/.test(path));
  if (pickles.length !== 1)
    throw new ConvertError(source, {
      expected: 'a checkpoint of PyTorch with one data.pkl',
      got: pickles.length === 0 ? 'a zip without one' : `${pickles.length} of them`,
    });
  const folder = pickles[0].slice(0, -'data.pkl'.length);
  const text = async (name: string) => {
    if ((zip.files.get(folder + name) ?? Infinity) > limits.nameBytes) return null;
    return utf8(await zip.bytes(folder + name), source, name).trim();
  };
  const wanted = new Map<string, PyStorage>();
  const program = await zip.bytes(pickles[0]);
  const { value, globals, end } = unpickle(program, `${source}/${pickles[0]}`, (id, fail) => {
    const value = persistentValue(id, fail);
    if (value instanceof PyStorage) wanted.set(value.key, value);
    return value;
  });
  if (end !== program.length)
    throw new ConvertError(`${source}/${pickles[0]}`, { where: `byte ${end}`, expected: 'the end', got: 'more bytes' });
  const storages = new Map<string, Uint8Array>();
  for (const key of wanted.keys())
    if (zip.files.has(`${folder}data/${key}`)) storages.set(key, await zip.bytes(`${folder}data/${key}`));
  const order = (await text('byteorder')) ?? 'little';
  if (order !== 'little' && order !== 'big')
    throw new ConvertError(source, {
      where: 'byteorder',
      expected: 'little or big',
      got: JSON.stringify(order.slice(0, 20)),
    });
  const plain = /^(?:data\.pkl|version|byteorder|\.format_version|\.storage_alignment|\.data\/.*|data\/[\w-]+)$/;
  return {
    root: value,
    globals,
    storages: { bigEndian: order === 'big', get: (key) => storages.get(key) },
    container: `zip container, version ${(await text('version'))?.slice(0, 8) ?? 'unknown'}`,
    others: [...zip.files.keys()].filter((path) => !plain.test(path.slice(folder.length))),
  };
}

/** 0x1950a86a20f9469cfc6c, the first pickle of a stream. */
const magic = 0x1950a86a20f9469cfc6cn;

function readStream(bytes: Uint8Array, source: string): Checkpoint {
  const fail = (expected: string, got: string, advice?: string): never => {
    throw new ConvertError(source, { expected, got, advice });
  };
  const none = (_: PyValue, refuse: (problem: string) => never) => refuse('one before the object');
  const first = unpickle(bytes, source, none);
  if (first.value !== magic)
    fail(
      'a checkpoint of PyTorch',
      `a pickle of ${shownValue(first.value)}`,
      'save tensors with torch.save, or arrays with numpy.savez',
    );
  const protocol = unpickle(bytes, source, none, first.end);
  if (protocol.value !== 1001) fail('protocol 1001 of the stream', shownValue(protocol.value));
  const system = unpickle(bytes, source, none, protocol.end);
  const sizes = system.value instanceof PyDict ? system.value.entries : new Map<PyValue, PyValue>();
  const wanted = new Map<string, PyStorage>();
  const object = unpickle(
    bytes,
    source,
    (id, refuse) => {
      const value = persistentValue(id, refuse);
      if (value instanceof PyStorage) wanted.set(value.key, value);
      return value;
    },
    system.end,
  );
  const keys = unpickle(bytes, source, none, object.end);
  if (!(keys.value instanceof PyList)) return fail('a list of the keys of the storages', shownValue(keys.value));
  const reader = new ByteReader(bytes, source, keys.end);
  const bigEndian = sizes.get('little_endian') === false;
  const storages = new Map<string, Uint8Array>();
  for (const key of keys.value.items) {
    const storage = typeof key === 'string' ? wanted.get(key) : undefined;
    if (!storage) return fail('keys of storages that the object has', shownValue(key));
    const size = storageBytes(storage.kind);
    if (size === null) return fail('a storage class that is known', JSON.stringify(storage.kind.slice(0, 60)));
    const count = bigEndian ? bigEndian64(reader) : reader.u64('the number of elements of a storage');
    storages.set(storage.key, reader.window(count * size, `storage ${storage.key}`));
  }
  const globals = new Set([
    ...first.globals,
    ...protocol.globals,
    ...system.globals,
    ...object.globals,
    ...keys.globals,
  ]);
  return {
    root: object.value,
    globals,
    storages: { bigEndian, get: (key) => storages.get(key) },
    container: 'stream',
    others: reader.left > 0 ? [`${reader.left} bytes behind the last storage`] : [],
  };
}

function bigEndian64(reader: ByteReader): number {
  const bytes = reader.window(8, 'the number of elements of a storage');
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
