// What a person asked to be written: pages, drawings, reports. A file is written beside its place and moved there whole, so that a disk that is full
// leaves the old one as it was; an error names the path.

import { lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UnrolledError } from 'unrolled';

/** A file that could not be written: what, and why. */
export class WriteError extends UnrolledError {
  readonly path: string;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    super('write', `${path}: cannot be written: ${reasonOf(cause)}`, { cause });
    this.path = path;
  }
}

/** Replaces what is at `path`. A device or a pipe (/dev/stdout) is written to as it is; a link stays one. */
export function writeFile(path: string, data: string | Uint8Array): void {
  let temporary: string | null = null;
  try {
    const there = lstatSync(path, { throwIfNoEntry: false });
    const target = there?.isSymbolicLink() ? realpathSync(path) : path;
    const kind = lstatSync(target, { throwIfNoEntry: false });
    if (kind && !kind.isFile() && !kind.isDirectory()) return writeFileSync(target, data);
    temporary = `${target}.${process.pid}.tmp`;
    writeFileSync(temporary, data, kind ? { flag: 'wx', mode: kind.mode } : { flag: 'wx' });
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== null) rmSync(temporary, { force: true });
    throw new WriteError(path, error as NodeJS.ErrnoException);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'the disk is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'a folder is there',
  ENAMETOOLONG: 'its name is too long',
};

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const reason = code === undefined ? undefined : reasons[code];
  return reason ? `${reason} (${code})` : (code ?? message);
}
