// The files of a model, whatever they come from, and what they may be: each in the model's own folder, and of a size that can be.

import { ConvertError, quoted } from '../errors.ts';

/** Files by their paths, the model's main file first where there is one. */
export interface ModelFiles {
  /** What messages call the model: its main file. */
  readonly name: string;
  /** The main file: the one that was given, or the first of several. */
  readonly main: string;
  /** The paths of all files, with / between folders. */
  readonly paths: readonly string[];
  /** The bytes of a file; not to be written. Throws a ConvertError for one that is not there, is larger than `most`, or lies outside of the folder. */
  bytes(path: string, most?: number): Promise<Uint8Array>;
  /** The first bytes of the main file, at most 64 KiB. */
  head(): Promise<Uint8Array>;
}

/** As many bytes as recognize a format. */
export const headBytes = 65_536;

/** The path, if it leads to a file of the model's own folder. Names in files are not believed: no `..`, no absolute path, no drive, no NUL. */
export function requireInside(source: string, path: string): string {
  const parts = path.split('/');
  if (parts.every((part) => part !== '' && part !== '.' && part !== '..') && !/[\\\0:]/.test(path)) return path;
  throw new ConvertError(source, {
    where: `file ${quoted(path)}`,
    expected: "a path inside of the model's folder",
    got: 'one that leads out of it',
    advice: 'a model may only name files next to it',
  });
}

export function withinLimit(path: string, bytes: Uint8Array, most: number): Uint8Array {
  if (bytes.length <= most) return bytes;
  throw new ConvertError(path, { expected: `at most ${most} bytes`, got: String(bytes.length) });
}

export function missing(source: string, path: string): never {
  throw new ConvertError(source, {
    where: `file ${quoted(path)}`,
    expected: 'the file next to the model',
    got: 'no such file',
    advice: 'give all files of the model together',
  });
}
