// Disks that fail, for the tests of what must survive it: one whose N-th call fails or is the process's last, and one in memory
// whose power can be cut.

import type { FileLayer } from '../packages/cli/src/run-folder/files.ts';
import type { Random } from 'unrolled';

/** What a process sees of its own death: nothing. Only the tests catch it. */
export class Killed extends Error {}

/** The error that the system gives under this code. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

/** How the chosen call goes wrong. */
type Fault = { readonly kind: 'error'; readonly code: string } | { readonly kind: 'kill' };

/**
 * `disk` with a fault at the N-th call, from 0. Every other write is short, and every other write that goes wrong has written half.
 * After 'kill' no call does anything any more; every other last call has done its work, and the process did not live to hear of it.
 */
export function faultyFiles(
  disk: FileLayer,
  n: number,
  fault: Fault,
): { files: FileLayer; calls: () => number; names: string[] } {
  let calls = 0;
  let dead = false;
  const names: string[] = [];
  const files: Record<string, unknown> = {};
  for (const name of callNames) {
    const call = (...args: unknown[]) => (disk[name] as (...args: unknown[]) => unknown).apply(disk, args);
    files[name] = (...args: unknown[]) => {
      if (dead) throw new Killed();
      names.push(name);
      const odd = calls % 2 === 1;
      if (calls++ !== n) return name === 'write' && odd ? call(...halved(args)) : call(...args);
      if (name === 'write' && odd) call(...halved(args));
      if (fault.kind === 'error') throw systemError(fault.code);
      if (name !== 'write' && odd) call(...args);
      dead = true;
      throw new Killed();
    };
  }
  return { files: files as unknown as FileLayer, calls: () => calls, names };
}

const callNames = [
  ...(['open', 'write', 'fsync', 'truncate', 'close', 'rename', 'link', 'unlink'] as const),
  ...(['mkdir', 'rmdir', 'readdir', 'stat', 'read'] as const),
];

/** The arguments of a write that takes only half of the bytes. */
function halved([fd, bytes, offset, position]: unknown[]): unknown[] {
  const [all, from] = [bytes as Uint8Array, offset as number];
  return [fd, all.subarray(0, from + Math.max(1, (all.length - from) >> 1)), from, position];
}

interface FileNode {
  readonly kind: 'file';
  bytes: Uint8Array;
  /** What is on the disk for certain. */
  synced: Uint8Array;
}

interface FolderNode {
  readonly kind: 'folder';
  entries: Map<string, Node>;
  synced: Map<string, Node>;
}

type Node = FileNode | FolderNode;

const folderNode = (): FolderNode => ({ kind: 'folder', entries: new Map(), synced: new Map() });

/**
 * A file system in memory. What was not synced is in the hands of chance when the power is cut: of a file's new bytes none, some
 * or all are there, possibly as zeros; of a folder's new, removed and renamed names each is or is not.
 */
export class MemoryDisk implements FileLayer {
  #root = folderNode();
  #open = new Map<number, Node>();
  #next = 3;
  /** How many calls there were. */
  calls = 0;
  /** Calls left until the power is cut. */
  #left = Infinity;

  cutAfter(calls: number): void {
    this.#left = calls;
  }

  /** The disk as it is found when the power is back. */
  afterPowerCut(random: Random): MemoryDisk {
    const disk = new MemoryDisk();
    const survivors = new Map<Node, Node>(); // a file with two names stays one file
    const survive = (node: Node): Node => {
      const known = survivors.get(node);
      if (known) return known;
      if (node.kind === 'file') {
        const bytes = surviving(node, random);
        const copy: FileNode = { kind: 'file', bytes, synced: bytes };
        survivors.set(node, copy);
        return copy;
      }
      const copy = folderNode();
      survivors.set(node, copy);
      for (const name of new Set([...node.entries.keys(), ...node.synced.keys()])) {
        const [now, then] = [node.entries.get(name), node.synced.get(name)];
        const kept = now === then || random.integer(2) ? now : then;
        if (kept) copy.entries.set(name, survive(kept));
      }
      copy.synced = new Map(copy.entries);
      return copy;
    };
    disk.#root = survive(this.#root) as FolderNode;
    return disk;
  }

  /** The paths of all files. */
  list(folder: FolderNode = this.#root, path = ''): string[] {
    return Array.from(folder.entries).flatMap(([name, node]) =>
      node.kind === 'file' ? [`${path}/${name}`] : this.list(node, `${path}/${name}`),
    );
  }

  open(path: string, flags: string): number {
    this.#tick();
    const { folder, name, node } = this.#find(path);
    if (flags === 'wx' && node) throw systemError('EEXIST');
    let file = node;
    if (flags.startsWith('w')) {
      if (node?.kind === 'folder') throw systemError('EISDIR');
      file = node ?? { kind: 'file', bytes: new Uint8Array(0), synced: new Uint8Array(0) };
      (file as FileNode).bytes = new Uint8Array(0);
      folder.entries.set(name, file);
    }
    if (!file) throw systemError('ENOENT');
    this.#open.set(this.#next, file);
    return this.#next++;
  }

  write(fd: number, bytes: Uint8Array, offset: number, position: number): number {
    this.#tick();
    const file = this.#opened(fd) as FileNode;
    const longer = new Uint8Array(Math.max(file.bytes.length, position + bytes.length - offset));
    longer.set(file.bytes);
    longer.set(bytes.subarray(offset), position);
    file.bytes = longer;
    return bytes.length - offset;
  }

  fsync(fd: number): void {
    this.#tick();
    const node = this.#opened(fd);
    if (node.kind === 'file') node.synced = node.bytes;
    else node.synced = new Map(node.entries);
  }

  truncate(fd: number, length: number): void {
    this.#tick();
    const file = this.#opened(fd) as FileNode;
    file.bytes = file.bytes.slice(0, length);
  }

  close(fd: number): void {
    this.#tick();
    if (!this.#open.delete(fd)) throw systemError('EBADF');
  }

  rename(from: string, to: string): void {
    this.#tick();
    const [source, target] = [this.#find(from), this.#find(to)];
    if (!source.node) throw systemError('ENOENT');
    if (source.node === target.node) return;
    if (target.node?.kind === 'folder') throw systemError('ENOTEMPTY');
    source.folder.entries.delete(source.name);
    target.folder.entries.set(target.name, source.node);
  }

  link(existing: string, path: string): void {
    this.#tick();
    const { node } = this.#find(existing);
    const target = this.#find(path);
    if (!node) throw systemError('ENOENT');
    if (target.node) throw systemError('EEXIST');
    target.folder.entries.set(target.name, node);
  }

  unlink(path: string): void {
    this.#tick();
    const { folder, name, node } = this.#find(path);
    if (node?.kind !== 'file') throw systemError(node ? 'EPERM' : 'ENOENT');
    folder.entries.delete(name);
  }

  mkdir(path: string): void {
    this.#tick();
    let folder = this.#root;
    for (const part of parts(path)) {
      const next = folder.entries.get(part) ?? folderNode();
      if (next.kind === 'file') throw systemError('ENOTDIR');
      folder.entries.set(part, next);
      folder = next;
    }
  }

  rmdir(path: string): void {
    this.#tick();
    const { folder, name, node } = this.#find(path);
    if (node?.kind !== 'folder') throw systemError('ENOTDIR');
    if (node.entries.size > 0) throw systemError('ENOTEMPTY');
    folder.entries.delete(name);
  }

  readdir(path: string): string[] {
    this.#tick();
    const node = parts(path).length === 0 ? this.#root : this.#find(path).node;
    if (node?.kind !== 'folder') throw systemError('ENOENT');
    return [...node.entries.keys()];
  }

  stat(path: string): { size: number; isFile: boolean; isDirectory: boolean } | null {
    this.#tick();
    const node = parts(path).reduce<Node | undefined>(
      (at, part) => (at?.kind === 'folder' ? at.entries.get(part) : undefined),
      this.#root,
    );
    if (!node) return null;
    return {
      size: node.kind === 'file' ? node.bytes.length : 0,
      isFile: node.kind === 'file',
      isDirectory: node.kind === 'folder',
    };
  }

  read(path: string): Uint8Array {
    this.#tick();
    const { node } = this.#find(path);
    if (node?.kind !== 'file') throw systemError('ENOENT');
    return node.bytes.slice();
  }

  #tick(): void {
    this.calls++;
    if (this.#left-- <= 0) throw new Killed();
  }

  #opened(fd: number): Node {
    const node = this.#open.get(fd);
    if (!node) throw systemError('EBADF');
    return node;
  }

  #find(path: string): { folder: FolderNode; name: string; node: Node | undefined } {
    const names = parts(path);
    const name = names.pop() ?? '';
    let folder = this.#root;
    for (const part of names) {
      const next = folder.entries.get(part);
      if (next?.kind !== 'folder') throw systemError('ENOENT');
      folder = next;
    }
    return { folder, name, node: name === '' ? folder : folder.entries.get(name) };
  }
}

function parts(path: string): string[] {
  return path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
}

/** What is left of a file's bytes. Those that were synced and have not changed since are safe. */
function surviving({ bytes, synced }: FileNode, random: Random): Uint8Array {
  if (bytes === synced) return bytes;
  let safe = 0;
  while (safe < Math.min(bytes.length, synced.length) && bytes[safe] === synced[safe]) safe++;
  const cut = safe + random.integer(bytes.length - safe + 1);
  switch (random.integer(4)) {
    case 0:
      return synced;
    case 1:
      return bytes;
    case 2:
      return bytes.slice(0, cut);
    default:
      return bytes.slice().fill(0, cut); // the length is there, the bytes are not
  }
}
