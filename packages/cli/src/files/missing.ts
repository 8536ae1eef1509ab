// A path that was named and leads nowhere. Where it was looked for helps with one that begins here; a whole path says so itself.

import { isAbsolute } from 'node:path';
import { OptionError } from 'unrolled';

/** `who`: the option or the data that named it. The path is its `option`. */
export class MissingError extends OptionError {
  override name = 'MissingError';
  /** The message without who and what. */
  readonly problem: string;

  constructor(who: string, path: string, what: 'file' | 'folder' = 'file') {
    const problem = what === 'folder' ? noFolder(path) : noFile(path);
    super(who, path, problem);
    this.problem = problem;
  }
}

const noFile = (path: string) =>
  isAbsolute(path) ? 'there is no such file' : `there is no such file (looked in ${process.cwd()})`;

const noFolder = (path: string) =>
  isAbsolute(path) ? 'there is no such folder' : `there is no such folder (looked in ${process.cwd()})`;
