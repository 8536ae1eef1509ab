// Checks files before they are read, and afterwards that they have not changed meanwhile.

import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync, constants } from 'node:zlib';
import { FormatError, OptionError } from 'unrolled';
import { decodeText } from 'unrolled/data';
import { folderOf, MissingError, namedFile, RefusedFile, startOfGiven, statGiven } from '../files/index.ts';

export interface InputFile {
  readonly path: string;
  readonly gzip: boolean;
  readonly bytes: number;
  readonly changed: number; // ms
}

/** A file as it is now; the content of a pipe becomes one. Throws an error that says what is wrong with the path. */
export function inputFile(named: string): InputFile {
  let path = named;
  try {
    if (folderOf(named) === null) path = namedFile(named, endingOf);
    const { bytes, changed } = statGiven(path);
    if (bytes === 0) throw new FormatError(named, 'the file is empty');
    return { path, bytes, changed, gzip: startOf(path, 2).join() === '31,139' };
  } catch (error) {
    throw readable(named, error);
  }
}

/** File name extension for a pipe's content. */
function endingOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 4));
  if (start.toString('latin1') === 'PAR1') return '.parquet';
  if (start.readUIntBE(0, Math.min(2, start.length) || 1) === 0x1f8b)
    return `${endingOf(unpackedHead(bytes.subarray(0, headBytes)))}.gz`;
  return /^\s*[[{]/.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1')) ? '.jsonl' : '.csv';
}

/** Converts the file system's error to one for a person. */
export function readable(path: string, error: unknown): unknown {
  if (error instanceof RefusedFile) return refused(path, error);
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof FormatError || error instanceof OptionError || code === undefined) return error;
  return code === 'ENOENT' ? new MissingError('data', path) : new OptionError('data', path, `cannot be read: ${code}`);
}

function refused(path: string, { refusal, problem }: RefusedFile): OptionError {
  if (refusal === 'missing') return new MissingError('data', path);
  return new OptionError('data', path, refusal === 'folder' ? 'is a folder; name the files in it' : problem);
}

/** Throws when the file has changed: training data must not be half old and half new. */
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

/** Reads a compressed file to its end once: a truncated one would otherwise pass for a shorter one. */
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

/** The first lines of a file as text. Other content is refused, with what it probably is. */
export function headOf(file: InputFile, bytes = headBytes): string {
  let head: Uint8Array = startOf(file.path, bytes);
  const whole = head.length === file.bytes;
  if (file.gzip) head = unpackedHead(head);
  return decodeText(whole ? head : beforeCut(head), file.path);
}

function unpackedHead(head: Uint8Array): Uint8Array {
  return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
}

/** Removes the character that the end of the buffer may have cut in two. */
function beforeCut(bytes: Uint8Array): Uint8Array {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff); // UTF-16
  if (wide) return bytes.subarray(0, bytes.length - (bytes.length % 2) - 2);
  const end = bytes.lastIndexOf(10);
  if (end >= 0) return bytes.subarray(0, end + 1);
  let last = bytes.length - 1;
  while (last > 0 && (bytes[last] & 0xc0) === 0x80) last--;
  return bytes.subarray(0, last);
}

/** The first bytes of a file. */
export function startOf(path: string, count: number): Uint8Array {
  return startOfGiven(path, count);
}
