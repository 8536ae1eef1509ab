// The text that a command was given: one file or several, in any Unicode encoding, or standard input.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { FormatError, OptionError } from 'unrolled';
import { decodeText } from 'unrolled/data';
import { readNamed, RefusedFile } from '../files/index.ts';

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
  try {
    return decodeText(readNamed(path), path === '-' ? 'standard input' : path);
  } catch (error) {
    throw error instanceof RefusedFile ? new OptionError('text', path, problemOf(error)) : readable(path, error);
  }
}

function problemOf({ refusal, problem }: RefusedFile): string {
  if (refusal === 'missing') return `there is no such file (looked in ${process.cwd()})`;
  return refusal === 'folder' ? 'is a folder; name the files in it' : problem;
}

function readable(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? error : new OptionError('text', path, `cannot be read: ${code}`);
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
