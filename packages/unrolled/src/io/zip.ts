// Zip archives: stored or deflated entries, read one by one. A zip may be untrusted and a few kilobytes of it can decompress to more than the memory, so its
// directory is checked before anything is decompressed, and that stops where more comes than was declared.
//
//   … entry: 30 bytes, name, extra, data …   directory: 46 bytes, name, extra, comment, for each entry   end: 22 bytes, comment

import { requireKinds } from '../checks.ts';
import { decodeStrict } from '../encoding.ts';
import { FormatError } from '../errors.ts';

interface ZipEntry {
  readonly name: Uint8Array;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  /** Position of its local header. */
  readonly at: number;
}

/** Bytes that are read where they are needed. */
interface Archive {
  readonly name: string;
  readonly size: number;
  read(from: number, to: number): Promise<Uint8Array>;
}

/** A Blob or File. */
interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): BlobLike;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** An open archive. */
export interface ZipArchive {
  /** The sizes of the files, unpacked, by their paths. Folders are left out. */
  readonly files: ReadonlyMap<string, number>;
  /** The bytes of a file; of a stored one in memory, a window on the archive, not to be written. Throws a FormatError where they are damaged. */
  bytes(path: string): Promise<Uint8Array>;
}

/** Options of `openZip`. */
export interface ZipOptions {
  /** The most files that it may hold. Default 10,000. */
  readonly mostFiles?: number;
  /** The most bytes that all files may have, unpacked. Default 2³³. */
  readonly mostBytes?: number;
}

const mostRatio = 1100; // deflate compresses at most 1032 to 1

/**
 * Opens a zip: its bytes, or a Blob or File of which only the needed parts are read. `source` names it in errors. Rejects with a FormatError for an archive
 * that is damaged, encrypted or larger than the options allow, or that has a path which leads out of it.
 */
export async function openZip(
  zip: Uint8Array | BlobLike,
  source = 'zip',
  { mostFiles = 10_000, mostBytes = 2 ** 33 }: ZipOptions = {},
): Promise<ZipArchive> {
  const kind = zip instanceof Uint8Array ? 'bytes' : { size: 'number', slice: 'function', arrayBuffer: 'function' };
  requireKinds(
    'openZip',
    { zip, source, mostFiles, mostBytes },
    { zip: kind, source: 'text', mostFiles: 'number', mostBytes: 'number' },
  );
  const archive: Archive =
    zip instanceof Uint8Array
      ? { name: source, size: zip.length, read: async (from, to) => zip.subarray(from, to) }
      : {
          name: source,
          size: zip.size,
          read: async (from, to) => new Uint8Array(await zip.slice(from, to).arrayBuffer()),
        };
  const entries = await directoryOf(archive, mostFiles, mostBytes);
  return {
    files: new Map(Array.from(entries, ([path, { size }]) => [path, size])),
    async bytes(path) {
      const entry = entries.get(path);
      if (!entry) throw new FormatError(`${source}/${path}`, 'is not there');
      return unpack(archive, entry, `${source}/${path}`);
    },
  };
}

async function directoryOf(archive: Archive, mostFiles: number, mostBytes: number): Promise<Map<string, ZipEntry>> {
  const { name, size } = archive;
  const fail = (problem: string): never => {
    throw new FormatError(name, problem);
  };
  const tailAt = Math.max(0, size - 22 - 0xffff);
  const tail = await archive.read(tailAt, size);
  const view = viewOf(tail);
  let end = tail.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) fail('is not a zip file, or is cut off');
  const count = view.getUint16(end + 10, true);
  const [length, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (count === 0xffff || start === 0xffffffff || count > mostFiles)
    fail(`has ${count} entries or is larger than 4 GB; expected at most ${mostFiles} entries`);
  if (start + length > tailAt + end) fail('is damaged: its directory lies outside of it');
  const bytes = await archive.read(start, start + length);
  const directory = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  let total = 0;
  for (let at = 0, n = 0; n < count; n++) {
    if (at + 46 > bytes.length || directory.getUint32(at, true) !== 0x02014b50)
      fail('is damaged: its directory is cut off');
    const [nameLength, extra, comment] = [28, 30, 32].map((k) => directory.getUint16(at + k, true));
    const flags = directory.getUint16(at + 8, true);
    const entry: ZipEntry = {
      name: bytes.subarray(at + 46, at + 46 + nameLength),
      method: directory.getUint16(at + 10, true),
      crc: directory.getUint32(at + 16, true),
      packed: directory.getUint32(at + 20, true),
      size: directory.getUint32(at + 24, true),
      at: directory.getUint32(at + 42, true),
    };
    let path = '';
    try {
      path = decodeStrict(entry.name);
    } catch {
      fail('has a name that is not UTF-8');
    }
    at += 46 + nameLength + extra + comment;
    if (path.endsWith('/')) continue;
    const fault = (problem: string) => fail(`entry ${JSON.stringify(path.slice(0, 100))} ${problem}`);
    if (path.startsWith('/') || /[\\\0:]/.test(path) || path.split('/').some((part) => part === '..' || part === '.'))
      fault('has a path that leads out of the zip');
    if (entries.has(path)) fault('is there twice');
    if (flags & 1) fault('is encrypted');
    if (entry.method !== 0 && entry.method !== 8)
      fault(`is packed by method ${entry.method}; stored and deflated are read`);
    if (entry.method === 0 && entry.packed !== entry.size) fault('declares two sizes, though it is stored');
    if (entry.size > mostRatio * (entry.packed + 64)) fault(`declares ${entry.size} bytes packed in ${entry.packed}`);
    if (entry.at + 30 + entry.packed > size) fault('lies outside of the zip');
    total += entry.size;
    if (total > mostBytes) fail(`declares more than ${mostBytes} bytes`);
    entries.set(path, entry);
  }
  return entries;
}

async function unpack(
  archive: Archive,
  { name, method, packed, size, crc, at }: ZipEntry,
  source: string,
): Promise<Uint8Array> {
  const header = await archive.read(at, at + 30);
  const view = viewOf(header);
  if (header.length < 30 || view.getUint32(0, true) !== 0x04034b50)
    throw new FormatError(source, 'is damaged: its header is not where the directory says');
  const from = at + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  const own = await archive.read(at + 30, at + 30 + view.getUint16(26, true));
  if (own.length !== name.length || own.some((byte, i) => byte !== name[i]))
    throw new FormatError(source, 'is damaged: it has one name in the directory and another where it is');
  const data = await archive.read(from, from + packed);
  if (data.length !== packed) throw new FormatError(source, 'is cut off');
  const bytes = method === 0 ? data : await inflate(data, size, source);
  if (crc32(bytes) !== crc) throw new FormatError(source, 'is damaged: its checksum is another');
  return bytes;
}

/** A ReadableStream of bytes. */
interface StreamLike {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** What inflates, in pages and in Node. */
const { DecompressionStream, Blob } = globalThis as unknown as {
  DecompressionStream?: new (format: string) => { readonly writable: unknown; readonly readable: unknown };
  Blob?: new (parts: readonly Uint8Array[]) => { stream(): { pipeThrough(transform: unknown): StreamLike } };
};

/** Decompresses a raw deflate stream of exactly `size` bytes. Rejects with a FormatError that names `source` for one that is damaged, or of another size. */
export async function inflate(data: Uint8Array, size: number, source = 'data'): Promise<Uint8Array> {
  requireKinds('inflate', { data, size, source }, { data: 'bytes', size: 'number', source: 'text' });
  if (!DecompressionStream || !Blob)
    throw new FormatError(source, 'is deflated, and this host cannot inflate; store it (zip -0)');
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const bytes = new Uint8Array(size);
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const part = next.value as Uint8Array;
      if (length + part.length > size) {
        await reader.cancel();
        throw new FormatError(source, `unpacks to more than the ${size} bytes it declares`);
      }
      bytes.set(part, length);
      length += part.length;
    }
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(source, 'is damaged: it cannot be inflated', { cause });
  }
  if (length < size) throw new FormatError(source, `unpacks to ${length} bytes, and declares ${size}`);
  return bytes;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);

let table: Uint32Array | undefined;

/** CRC-32 of IEEE 802.3, reflected: the checksum of zip files. */
export function crc32(bytes: Uint8Array): number {
  requireKinds('crc32', { bytes }, { bytes: 'bytes' });
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    return c;
  });
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
