// Reads plain text: lines of a file, two files with parallel lines, a folder of texts with a folder for every label.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FormatError } from 'unrolled';
import { decodeText } from 'unrolled/data';
import { isFolderGiven, mostBytes, noteFound, readGiven } from '../files/index.ts';
import { readable } from './files.ts';
import type { Row } from './row.ts';

/** Reads a whole text file, decompressed; `-` is standard input. */
export function readWholeText(path: string): string {
  const name = path === '-' ? 'standard input' : path;
  const bytes = readOrSay(path);
  if (bytes.length === 0) throw new FormatError(name, 'the file is empty');
  return decodeText(unpacked(bytes, name), name);
}

function readOrSay(path: string): Uint8Array {
  try {
    return readGiven(path);
  } catch (error) {
    throw readable(path, error);
  }
}

/** Decompresses gzip, known by its first bytes; anything else is as it was. Throws a FormatError for more than may be read. */
export function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 31 || bytes[1] !== 139) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ERR_BUFFER_TOO_LARGE' ? `unpacks to more than ${mostBytes} bytes` : `is cut off or damaged: ${message}`;
    throw new FormatError(name, problem, { cause: error });
  }
}

/** Splits into lines: at \n with any \r before it, or at \r in a text without \n. The last line need not be ended. */
export function linesOf(text: string): string[] {
  const lines = text.includes('\n') ? text.split(/\r*\n/) : text.split('\r');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Pairs line n of one file with line n of the other. Files of different lengths are refused: after a missing line, all pairs would be wrong. */
export function readPairs(source: string, target: string): Row[] {
  const [left, right] = [source, target].map((path) => linesOf(readWholeText(path)));
  if (left.length !== right.length) {
    const n = Math.min(left.length, right.length);
    const [longer, line] = left.length > n ? [source, left[n]] : [target, right[n]];
    throw new FormatError(
      target,
      `has ${right.length} lines, ${source} has ${left.length}: line ${n + 1} of ${longer}, ${JSON.stringify(line.slice(0, 40))}, has no partner; line n of one has to be the translation of line n of the other`,
    );
  }
  return left.map((line, i) => ({ file: source, row: i + 1, cells: [line, right[i]] }));
}

/** A row for every file, labeled with the name of its folder. `folder/pos/1.txt` has the label pos. */
export function readLabeledFolder(path: string): Row[] {
  const labels = folders(path);
  if (labels.length === 0)
    throw new FormatError(path, 'has no folders; expected one for each label, with text files in it');
  const rows = labels.flatMap((label) =>
    readdirSync(join(path, label), { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && !entry.isDirectory())
      .map(({ name }) => noteFound(path, join(path, label, name)))
      .sort()
      .map((file) => ({ file, row: 1, cells: [readText(file), label] })),
  );
  if (rows.length === 0) throw new FormatError(path, `its folders (${labels.join(', ')}) hold no files`);
  return rows;
}

/** An empty file is an empty text here: a row to leave out, not an error. */
function readText(path: string): string {
  const bytes = readOrSay(path);
  return bytes.length === 0 ? '' : decodeText(unpacked(bytes, path), path);
}

function folders(path: string): string[] {
  const isFolder = (name: string) => {
    const entry = noteFound(path, join(path, name));
    try {
      return isFolderGiven(entry);
    } catch (error) {
      throw readable(entry, error);
    }
  };
  return readdirSync(path)
    .filter((name) => !name.startsWith('.') && isFolder(name))
    .sort();
}
