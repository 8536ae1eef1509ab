// What a person asked to be written: pages, drawings, reports. A file is written beside its place and moved there whole, so that a disk that is full
// leaves the old one as it was; an error names the path.

import { lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UnrolledError } from 'unrolled';
import { checkReplaced, RefusedFile } from './files/index.ts';

/** A file that could not be written: what, and why. */
export class WriteError extends UnrolledError {
  override name = 'WriteError';
  readonly path: string;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    super('write', `${path}: cannot be written: ${reasonOf(cause)}`, { cause });
    this.path = path;
  }
}

/**
 * Replaces what is at `path`. Where a person named it, a device or a pipe (/dev/stdout) is written to as it is, and a link stays one and leads where
 * the person wants. `named: 'data'`: the name came from data, or the folder may be another's, as a run's; then what is replaced is an ordinary
 * file, and never what a link or a second name leads to.
 */
export function writeFile(
  path: string,
  data: string | Uint8Array,
  { named = 'person' }: { readonly named?: 'person' | 'data' } = {},
): void {
  let temporary: string | null = null;
  try {
    if (named === 'data') checkReplaced(path);
    const there = lstatSync(path, { throwIfNoEntry: false });
    const target = there?.isSymbolicLink() && named === 'person' ? realpathSync(path) : path;
    const kind = lstatSync(target, { throwIfNoEntry: false });
    if (named === 'person' && kind && !kind.isFile() && !kind.isDirectory()) return writeFileSync(target, data);
    temporary = `${target}.${process.pid}.tmp`;
    writeFileSync(temporary, data, kind ? { flag: 'wx', mode: kind.mode } : { flag: 'wx' });
    renameSync(temporary, target); // which replaces a link that was put there meanwhile, and follows none
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

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof RefusedFile) return error.problem;
  const { code, message } = error;
  const reason = code === undefined ? undefined : reasons[code];
  return reason ? `${reason} (${code})` : (code ?? message);
}
