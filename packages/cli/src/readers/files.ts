// Files before they are read: that they are there, what they are, and afterwards that nobody changed them meanwhile.

import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync, constants } from 'node:zlib';
import { decodeText, FormatError, OptionError } from 'unrolled';

export interface InputFile {
  readonly path: string;
  readonly gzip: boolean;
  readonly bytes: number;
  readonly changed: number; // ms
}

/** A file as it is now. Throws an error that says what is wrong with the path. */
export function inputFile(path: string): InputFile {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new OptionError('data', path, 'is a folder; name the files in it');
    if (stat.size === 0) throw new FormatError(path, 'the file is empty');
    return { path, bytes: stat.size, changed: stat.mtimeMs, gzip: startOf(path, 2).join() === '31,139' };
  } catch (error) {
    throw readable(path, error);
  }
}

/** The error for a person, of what the file system says. */
export function readable(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof FormatError || error instanceof OptionError || code === undefined) return error;
  const problem = code === 'ENOENT' ? `there is no such file (looked in ${process.cwd()})` : `cannot be read: ${code}`;
  return new OptionError('data', path, problem);
}

/** Throws when the file is not what it was: half of the old and half of the new would be learnt. */
export function checkUnchanged(file: InputFile): void {
  const now = statSync(file.path, { throwIfNoEntry: false });
  if (now?.size === file.bytes && now.mtimeMs === file.changed) return;
  throw new FormatError(
    file.path,
    now
      ? 'was changed while it was read; start again when nothing writes to it'
      : 'was removed while it was read; start again with the file in place',
  );
}

/** A compressed file is read through once: one that is cut off would otherwise pass for a shorter one. */
export async function checkWhole(file: InputFile): Promise<void> {
  if (!file.gzip) return;
  try {
    await pipeline(createReadStream(file.path), createGunzip(), async function* (chunks) {
      for await (const _ of chunks) yield;
    });
  } catch (error) {
    throw new FormatError(file.path, `is cut off or damaged: ${(error as Error).message}`, { cause: error });
  }
}

const headBytes = 1 << 18;

/** The first lines of a file as text. What is not text is refused, with what it probably is. */
export function headOf(file: InputFile, bytes = headBytes): string {
  let head: Uint8Array = startOf(file.path, bytes);
  const whole = head.length === file.bytes;
  if (file.gzip) head = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  return decodeText(whole ? head : beforeCut(head), file.path);
}

/** Without the character that the end of the buffer may have cut in two. */
function beforeCut(bytes: Uint8Array): Uint8Array {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff); // UTF-16
  if (wide) return bytes.subarray(0, bytes.length - (bytes.length % 2) - 2);
  const end = bytes.lastIndexOf(10);
  if (end >= 0) return bytes.subarray(0, end + 1);
  let last = bytes.length - 1;
  while (last > 0 && (bytes[last] & 0xc0) === 0x80) last--;
  return bytes.subarray(0, last);
}

/** The bytes that a file begins with. */
export function startOf(path: string, count: number): Uint8Array {
  const fd = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, readSync(fd, bytes, 0, count, 0));
  } finally {
    closeSync(fd);
  }
}
