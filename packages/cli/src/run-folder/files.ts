// The file system as far as a run folder uses it, in one narrow table: a test can make any call fail, or stop the world at it.
// Above the table are the few durable steps that everything else is made of. The order matters after a power cut: a file's bytes
// are synced before its name is, and the name before anything relies on it.

import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RunFolderError } from './error.ts';

/** File operations. All synchronous: a save is short, and nothing else of the run may happen in the middle of it. */
export interface FileLayer {
  open(path: string, flags: string): number;
  /** Writes `bytes` from `offset` on at `position` in the file; returns how many were written. */
  write(fd: number, bytes: Uint8Array, offset: number, position: number): number;
  fsync(fd: number): void;
  truncate(fd: number, length: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  link(existing: string, path: string): void;
  unlink(path: string): void;
  mkdir(path: string): void;
  rmdir(path: string): void;
  readdir(path: string): string[];
  /** Null where nothing exists. Does not follow a link. */
  stat(path: string): { readonly size: number; readonly isFile: boolean; readonly isDirectory: boolean } | null;
  read(path: string): Uint8Array;
}

export const nodeFiles: FileLayer = {
  open: (path, flags) => fs.openSync(path, flags),
  write: (fd, bytes, offset, position) => fs.writeSync(fd, bytes, offset, bytes.length - offset, position),
  fsync: (fd) => fs.fsyncSync(fd),
  truncate: (fd, length) => fs.ftruncateSync(fd, length),
  close: (fd) => fs.closeSync(fd),
  rename: (from, to) => fs.renameSync(from, to),
  link: (existing, path) => fs.linkSync(existing, path),
  unlink: (path) => fs.unlinkSync(path),
  mkdir: (path) => fs.mkdirSync(path, { recursive: true }),
  rmdir: (path) => fs.rmdirSync(path),
  readdir: (path) => fs.readdirSync(path),
  stat: (path) => {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    return stat ? { size: stat.size, isFile: stat.isFile(), isDirectory: stat.isDirectory() } : null;
  },
  read: (path) => fs.readFileSync(path),
};

/** Extension of unfinished files: never read, and removed by the next writer. */
export const unfinished = '.tmp';

/** Error codes of file systems without hard links. */
export const cannotLink = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EISDIR', 'UNKNOWN']);

/** Runs `work`; an error of the file system becomes a RunFolderError that names the file. */
export function guard<T>(path: string, doing: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof RunFolderError) throw cause;
    throw RunFolderError.io(path, doing, cause);
  }
}

/** Writes a new file with `bytes`, synced. A file that could not be written whole is removed again, where that is possible. */
export function writeWhole(files: FileLayer, path: string, bytes: Uint8Array): void {
  guard(path, 'write', () => {
    const fd = files.open(path, 'w');
    try {
      writeAll(files, fd, bytes);
      files.fsync(fd);
    } finally {
      files.close(fd);
    }
  });
}

/** Creates or replaces the file at `path` atomically: a reader sees the old bytes or the new, never a mixture. */
export function writeAtomic(files: FileLayer, path: string, bytes: Uint8Array): void {
  const temporary = path + unfinished;
  writeWhole(files, temporary, bytes);
  guard(path, 'write', () => files.rename(temporary, path));
  syncFolder(files, dirname(path));
}

/** Writes all of `bytes`, though the system may take them piece by piece. */
export function writeAll(files: FileLayer, fd: number, bytes: Uint8Array, position = 0): void {
  for (let offset = 0; offset < bytes.length; ) {
    const written = files.write(fd, bytes, offset, position + offset);
    if (written === 0) throw Object.assign(new Error('no byte could be written'), { code: 'EIO' });
    offset += written;
  }
}

/** Makes the names in a folder durable. Windows cannot, and does not need to. */
export function syncFolder(files: FileLayer, path: string): void {
  if (process.platform === 'win32') return;
  guard(path, 'sync', () => {
    const fd = files.open(path, 'r');
    try {
      files.fsync(fd);
    } finally {
      files.close(fd);
    }
  });
}

/** Makes a folder and its missing parents, durably. */
export function makeFolders(files: FileLayer, path: string): void {
  if (dirname(path) === path || guard(path, 'make', () => files.stat(path))) return;
  makeFolders(files, dirname(path));
  guard(path, 'make', () => files.mkdir(path));
  syncFolder(files, dirname(path));
}

/** The bytes of an ordinary file of at most `limit` bytes; links and devices are refused before they are opened. */
export function readWhole(files: FileLayer, path: string, limit: number): Uint8Array {
  return guard(path, 'read', () => {
    const stat = files.stat(path);
    if (!stat) throw new RunFolderError('run-missing', path, 'is not there');
    if (!stat.isFile) throw new RunFolderError('run-corrupt', path, 'is not an ordinary file');
    if (stat.size > limit)
      throw new RunFolderError('run-corrupt', path, `has ${stat.size} bytes, expected at most ${limit}`);
    return files.read(path);
  });
}

/** Removes a file, or a folder with its content. */
export function remove(files: FileLayer, path: string): void {
  guard(path, 'remove', () => {
    if (files.stat(path)?.isDirectory) removeFolder(files, path);
    else files.unlink(path);
  });
}

/** Cleans up after an error that is thrown anyway: that error is the one to report. */
export function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // what is left over is swept away by the next writer
  }
}

/** Removes a folder and the files in it. It is renamed to an unfinished one first, so that half a removal is not half a checkpoint. */
export function removeFolder(files: FileLayer, path: string): void {
  let doomed = path;
  if (!path.endsWith(unfinished)) {
    doomed = join(dirname(path), `${basename(path)}${unfinished}`);
    guard(path, 'remove', () => files.rename(path, doomed));
  }
  guard(path, 'remove', () => {
    if (!files.stat(doomed)?.isDirectory) return files.unlink(doomed); // a link to a folder is a name, and goes as one
    for (const name of files.readdir(doomed)) {
      const entry = join(doomed, name);
      if (files.stat(entry)?.isDirectory) removeFolder(files, entry);
      else files.unlink(entry);
    }
    files.rmdir(doomed);
  });
}
