// Plain text: lines of a file, two files whose lines belong together, a folder of texts with a folder for every label.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeText, FormatError } from 'unrolled';
import { checkUnchanged, inputFile, readable } from './files.ts';
import type { Row } from './table.ts';

/** A text file as a whole, unpacked where it is packed; `-` is standard input. */
export function readWholeText(path: string): string {
  if (path === '-') return decodeText(readFileSync(0), 'standard input');
  const file = inputFile(path);
  try {
    const bytes = readFileSync(path);
    const text = decodeText(file.gzip ? gunzipSync(bytes) : bytes, path);
    checkUnchanged(file);
    return text;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('Z_'))
      throw new FormatError(path, `is cut off or damaged: ${(error as Error).message}`, { cause: error });
    throw readable(path, error);
  }
}

/** Lines without what ends them: \n with any \r before it, or \r in a text that has no \n at all. The last line may or may not be ended. */
export function linesOf(text: string): string[] {
  const lines = text.includes('\n') ? text.split(/\r*\n/) : text.split('\r');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Line n of the one with line n of the other. Files of different lengths are refused: from the first missing line on, all pairs were wrong. */
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

/** A text for every file, and the name of the folder it lies in. `folder/pos/1.txt` is labelled pos. */
export function readLabelledFolder(path: string): Row[] {
  const labels = folders(path);
  if (labels.length === 0)
    throw new FormatError(path, 'has no folders; expected one for each label, with text files in it');
  const rows = labels.flatMap((label) =>
    readdirSync(join(path, label))
      .filter((name) => !name.startsWith('.') && statSync(join(path, label, name)).isFile())
      .sort()
      .map((name) => ({ file: join(path, label, name), row: 1, cells: [readText(join(path, label, name)), label] })),
  );
  if (rows.length === 0) throw new FormatError(path, `its folders (${labels.join(', ')}) hold no files`);
  return rows;
}

/** An empty file is an empty text here: a row to leave out, not a reason to stop. */
function readText(path: string): string {
  return statSync(path).size === 0 ? '' : readWholeText(path);
}

function folders(path: string): string[] {
  return readdirSync(path)
    .filter((name) => !name.startsWith('.') && statSync(join(path, name)).isDirectory())
    .sort();
}
