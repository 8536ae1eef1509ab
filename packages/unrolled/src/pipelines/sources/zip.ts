// A run as a zip file: stored or deflated entries, read one by one. A zip may be untrusted and a few kilobytes of it can decompress to
// more than the memory, so its directory is checked before anything is decompressed, and that stops where more comes than was declared.
//
//   … entry: 30 bytes, name, extra, data …   directory: 46 bytes, name, extra, comment, for each entry   end: 22 bytes, comment

import { decodeStrict } from '../../encoding.ts';
import { type BlobLike, host } from '../host.ts';
import { RunError } from '../run-error.ts';
import { checkSize, missing, mostWeights, rootOf, type RunFiles, runFiles } from '../run-files.ts';

interface ZipEntry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  /** Position of its local header. */
  readonly at: number;
}

interface Archive {
  readonly name: string;
  readonly size: number;
  read(from: number, to: number): Promise<Uint8Array>;
}

const mostEntries = 10_000;
const mostTotal = 2 * mostWeights;
const mostRatio = 1100; // deflate compresses at most 1032 to 1

/** Opens a zip: its bytes, or a Blob or File of which only the needed parts are read. */
export async function zipFiles(zip: Uint8Array | BlobLike, name = 'zip'): Promise<RunFiles> {
  const archive: Archive =
    zip instanceof Uint8Array
      ? { name, size: zip.length, read: async (from, to) => zip.subarray(from, to) }
      : { name, size: zip.size, read: async (from, to) => new Uint8Array(await zip.slice(from, to).arrayBuffer()) };
  const entries = await directoryOf(archive);
  const root = rootOf(name, entries.keys());
  return runFiles(
    name,
    async (path, most = mostWeights) => {
      const entry = entries.get(root + path);
      if (!entry) throw missing(`${name}/${path}`);
      checkSize(`${name}/${path}`, entry.size, most);
      return unpack(archive, entry, `${name}/${path}`);
    },
    async () => [...entries.keys()].filter((path) => path.startsWith(root)).map((path) => path.slice(root.length)),
  );
}

async function directoryOf(archive: Archive): Promise<Map<string, ZipEntry>> {
  const { name, size } = archive;
  const fail = (problem: string): never => {
    throw new RunError('corrupt', name, problem);
  };
  const tailAt = Math.max(0, size - 22 - 0xffff);
  const tail = await archive.read(tailAt, size);
  const view = viewOf(tail);
  let end = tail.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) fail('is not a zip file, or is cut off');
  const count = view.getUint16(end + 10, true);
  const [length, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (count === 0xffff || start === 0xffffffff || count > mostEntries)
    fail(`has ${count} entries or is larger than 4 GB; expected a zip of one run folder`);
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
      method: directory.getUint16(at + 10, true),
      crc: directory.getUint32(at + 16, true),
      packed: directory.getUint32(at + 20, true),
      size: directory.getUint32(at + 24, true),
      at: directory.getUint32(at + 42, true),
    };
    let path = '';
    try {
      path = decodeStrict(bytes.subarray(at + 46, at + 46 + nameLength));
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
    if (total > mostTotal) fail(`declares more than ${mostTotal} bytes`);
    entries.set(path, entry);
  }
  return entries;
}

async function unpack(
  archive: Archive,
  { method, packed, size, crc, at }: ZipEntry,
  source: string,
): Promise<Uint8Array> {
  const header = viewOf(await archive.read(at, at + 30));
  if (header.byteLength < 30 || header.getUint32(0, true) !== 0x04034b50)
    throw new RunError('corrupt', source, 'is damaged: its header is not where the directory says');
  const from = at + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const data = await archive.read(from, from + packed);
  if (data.length !== packed) throw new RunError('corrupt', source, 'is cut off');
  const bytes = method === 0 ? data : await inflate(data, size, source);
  if (crc32(bytes) !== crc) throw new RunError('corrupt', source, 'is damaged: its checksum is another');
  return bytes;
}

/** Decompresses exactly `size` bytes. */
async function inflate(data: Uint8Array, size: number, source: string): Promise<Uint8Array> {
  const { DecompressionStream, Blob } = host;
  if (!DecompressionStream || !Blob)
    throw new RunError('missing', source, 'is deflated, and this host cannot inflate; store it (zip -0)');
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const bytes = new Uint8Array(size);
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const part = next.value as Uint8Array;
      if (length + part.length > size) {
        await reader.cancel();
        throw new RunError('corrupt', source, `unpacks to more than the ${size} bytes it declares`);
      }
      bytes.set(part, length);
      length += part.length;
    }
  } catch (cause) {
    if (cause instanceof RunError) throw cause;
    throw new RunError('corrupt', source, 'is damaged: it cannot be inflated', { cause });
  }
  if (length < size) throw new RunError('corrupt', source, `unpacks to ${length} bytes, and declares ${size}`);
  return bytes;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);

let table: Uint32Array | undefined;

/** CRC-32 of IEEE 802.3, reflected. */
function crc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    return c;
  });
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
