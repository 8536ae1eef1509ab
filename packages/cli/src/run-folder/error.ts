// The error of run folders: which file, what is wrong, what to do.

import { UnrolledError } from 'unrolled';

export type RunFolderCode =
  | 'run-missing' // there is no such file or folder
  | 'run-exists' // something is in the way
  | 'run-locked' // another process writes it
  | 'run-lost' // it was open for writing, and another process took it over
  | 'run-corrupt' // damaged: cut off, altered, or not what it says
  | 'run-mismatch' // whole, but it does not belong to this run
  | 'run-newer' // from a later version of unrolled
  | 'run-read-only' // a change was asked of a folder opened for reading
  | 'run-io'; // the file system refused: full, read-only, no permission

/** A run folder that cannot be used, or not in this way. */
export class RunFolderError extends UnrolledError {
  override name = 'RunFolderError';
  declare readonly code: RunFolderCode;
  readonly path: string;

  constructor(code: RunFolderCode, path: string, problem: string, options?: ErrorOptions) {
    super(code, `${path}: ${problem}`, options);
    this.path = path;
  }

  /** The file system's error, with advice where something helps. */
  static io(path: string, doing: string, cause: unknown): RunFolderError {
    const { code = '', message = String(cause) } = Object(cause) as { code?: string; message?: string };
    const advice = Object.hasOwn(reasons, code) ? reasons[code] : message;
    const named = path.replace(/\.[\da-f-]{36}\.tmp$/, ''); // what it would have become
    return new RunFolderError('run-io', named, `could not ${doing} it: ${advice}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room and start again, the last checkpoint is unharmed',
  EDQUOT: 'the disk quota is used up; make room and start again, the last checkpoint is unharmed',
  EROFS: 'the file system is read-only; a folder elsewhere is named with --out',
  EACCES: 'permission denied; is the folder of somebody else? Another is named with --out',
  EPERM: 'permission denied; is the folder of somebody else? Another is named with --out',
  EMFILE: 'too many files are open',
  ENOTDIR: 'it is a file, and a folder is expected',
  EIO: 'the disk reports an error',
};
