// One run folder as everything that a run can be opened from.

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import type { RunSource } from 'unrolled';

interface DirectoryHandle {
  readonly kind: 'directory';
  readonly name: string;
  getDirectoryHandle(name: string): Promise<DirectoryHandle>;
  getFileHandle(name: string): Promise<{ getFile(): Promise<File> }>;
  keys(): AsyncIterableIterator<string>;
}

interface Entry {
  readonly isDirectory: boolean;
  readonly name: string;
  file?(done: (file: File) => void): void;
  createReader?(): { readEntries(done: (entries: Entry[]) => void): void };
}

/** The files of a folder by their paths. */
export function filesIn(folder: string): Map<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    paths.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''), new Uint8Array(readFileSync(path))];
    }),
  );
}

/** A zip of these files, deflated or stored. */
export function zipOf(files: ReadonlyMap<string, Uint8Array>, { prefix = '', stored = false } = {}): Uint8Array {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [path, bytes] of files) {
    const name = Buffer.from(prefix + path);
    const packed = stored ? Buffer.from(bytes) : deflateRawSync(bytes);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(stored ? 0 : 8, 4);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(20 - 6);
    entry.writeUInt32LE(at, 10);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), shared, name, packed);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, entry, name);
    at += 4 + shared.length + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, list, end]));
}

/** What `<input webkitdirectory>` gives. */
export function fileList(files: ReadonlyMap<string, Uint8Array>, folder = 'chosen') {
  return Array.from(files, ([path, bytes]) => {
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    return {
      name: path.split('/').at(-1) as string,
      webkitRelativePath: `${folder}/${path}`,
      size: blob.size,
      slice: blob.slice.bind(blob),
      arrayBuffer: blob.arrayBuffer.bind(blob),
    };
  });
}

/** What `showDirectoryPicker` gives. */
export function directoryHandle(files: ReadonlyMap<string, Uint8Array>, name = 'picked'): DirectoryHandle {
  const missing = () => Object.assign(new Error('not there'), { name: 'NotFoundError' });
  const inside = (prefix: string) => [...files.keys()].filter((path) => path.startsWith(prefix));
  const at = (prefix: string, own: string): DirectoryHandle => ({
    kind: 'directory' as const,
    name: own,
    async getDirectoryHandle(child: string) {
      if (inside(`${prefix}${child}/`).length === 0) throw missing();
      return at(`${prefix}${child}/`, child);
    },
    async getFileHandle(child: string) {
      const bytes = files.get(prefix + child);
      if (!bytes) throw missing();
      return { getFile: async () => new File([bytes as Uint8Array<ArrayBuffer>], child) };
    },
    async *keys() {
      yield* new Set(inside(prefix).map((path) => path.slice(prefix.length).split('/')[0]));
    },
  });
  return at('', name);
}

/** What a folder drop gives. */
export function dropItems(
  files: ReadonlyMap<string, Uint8Array>,
  folder = 'dropped',
): { kind: string; webkitGetAsEntry(): Entry }[] {
  const entryAt = (prefix: string, name: string): Entry => {
    const bytes = files.get(prefix.slice(0, -1));
    if (bytes && prefix !== '')
      return {
        isDirectory: false,
        name,
        file: (done: (file: File) => void) => done(new File([bytes as Uint8Array<ArrayBuffer>], name)),
      };
    const children = [
      ...new Set(
        [...files.keys()].filter((p) => p.startsWith(prefix)).map((p) => p.slice(prefix.length).split('/')[0]),
      ),
    ];
    return {
      isDirectory: true,
      name,
      createReader: () => ({
        readEntries: (done: (entries: Entry[]) => void) =>
          done(children.splice(0, 2).map((child) => entryAt(`${prefix}${child}/`, child))),
      }),
    };
  };
  return [{ kind: 'file', webkitGetAsEntry: () => entryAt('', folder) }];
}

/** index.json, as a run folder has it. */
export function indexOf(files: ReadonlyMap<string, Uint8Array>): object {
  const folders = [
    ...new Set([...files.keys()].flatMap((path) => /^(checkpoints\/[^/]+)\//.exec(path)?.[1] ?? [])),
  ].sort();
  const record = (bytes: Uint8Array) => ({
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  return {
    format: 'unrolled index',
    version: 1,
    best: folders.findLast((folder) => folder.endsWith('-best')) ?? null,
    last: folders.at(-1),
    files: Object.fromEntries(Array.from(files, ([path, bytes]) => [path, record(bytes)])),
  };
}

/** Serves folders of files by `/<name>/<path>`. */
export async function serveRuns(runs: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>) {
  const server = createServer((request, response) => {
    const [, name, ...path] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
    const bytes = runs.get(name)?.get(path.join('/'));
    if (bytes)
      response.writeHead(200, { 'Content-Length': bytes.length, 'Access-Control-Allow-Origin': '*' }).end(bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** With index.json. */
export function indexed(files: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map([...files, ['index.json', new TextEncoder().encode(JSON.stringify(indexOf(files)))]]);
}

/** Every source but a URL, which needs a server. */
export const sources: Record<string, (folder: string, files: ReadonlyMap<string, Uint8Array>) => RunSource> = {
  'a folder': (folder) => folder,
  'a file URL': (folder) => new URL(`file://${folder}/`),
  memory: (_, files) => files,
  'a record': (_, files) => Object.fromEntries(files),
  'a zip': (_, files) => zipOf(files),
  'a stored zip of a folder, as a Blob': (_, files) =>
    new Blob([zipOf(files, { prefix: 'reviews/', stored: true }) as Uint8Array<ArrayBuffer>]),
  'a file list': (_, files) => fileList(files),
  'a directory handle': (_, files) => directoryHandle(files),
  'a dropped folder': (_, files) => dropItems(files),
};
