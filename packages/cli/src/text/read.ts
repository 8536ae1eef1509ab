// The text that a command was given: one file or several, in any Unicode encoding, or standard input.

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { decodeText, FormatError, OptionError } from 'unrolled';

export interface TextSource {
  readonly text: string;
  /** What it is, for a person: a path, or a description. */
  readonly source: string;
  /** Where it was read, for a program; none where it was in no file. */
  readonly paths: readonly string[];
}

/** Joins the files named, `-` being standard input. Throws an error that names the file and what is wrong with it. */
export function readText(paths: readonly string[]): TextSource {
  const text = paths.map(readOne).join('\n');
  if (text.trim() === '') throw new FormatError(paths.join(', '), 'is empty: there is nothing to learn from');
  return { text, source: paths.join(', '), paths };
}

function readOne(path: string): string {
  if (path === '-') return decodeText(readFileSync(0), 'standard input');
  let bytes: Uint8Array;
  try {
    if (statSync(path).isDirectory()) throw new OptionError('text', path, 'is a folder; name the files in it');
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof OptionError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new OptionError(
      'text',
      path,
      code === 'ENOENT' ? `there is no such file (looked in ${process.cwd()})` : `cannot be read: ${code}`,
    );
  }
  return decodeText(bytes, path);
}

/** What a run on these files is called: `my` for my.txt. */
export function nameOf(paths: readonly string[]): string {
  const name = basename(paths[0]).replace(/\.[^.]+$/, '');
  return name === '-' || name === '' ? 'text' : name;
}

/** Of a text: what says that it is the same. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
