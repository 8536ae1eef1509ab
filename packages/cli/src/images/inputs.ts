// The files that `predict` is asked about: images as they are named, those of a folder in its place; and what becomes of one that cannot be read.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError } from 'unrolled';
import { isFolderGiven, noteFound } from '../files/index.ts';
import { imageFile } from '../readers/index.ts';
import type { Prediction } from '../runs/kind.ts';

/** Image files, sorted as a person counts; a folder stands for the images in it and below it. */
export function imagesOf(inputs: readonly string[]): string[] {
  return inputs.flatMap((input) => (isFolder(input) ? imagesBelow(input) : [input]));
}

function imagesBelow(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && imageFile.test(entry.name))
    .map((entry) => noteFound(folder, join(entry.parentPath, entry.name)))
    .sort(new Intl.Collator('en', { numeric: true }).compare);
  if (found.length === 0) throw new FormatError(folder, 'holds no images (JPEG, PNG, WebP, GIF, TIFF or AVIF)');
  return found;
}

/** Whether the user named a folder; what is not there is told by whoever reads it. */
export function isFolder(path: string): boolean {
  try {
    return isFolderGiven(path);
  } catch {
    return false;
  }
}

/** What is done about an input that cannot be read: answered with an error, or the end. Default: the end where it is the only one. */
export type BadInputs = 'skip' | 'stop';

export function badInputsOf(badRows: string | null, inputs: number): BadInputs {
  return (badRows as BadInputs | null) ?? (inputs > 1 ? 'skip' : 'stop');
}

/** In place of an answer. */
export function withoutAnswer(about: Readonly<Record<string, string>>, error: string): Prediction {
  return { result: { ...about, error }, lines: () => [`\t${Object.values(about).join('\t')}\t(${error})`] };
}
