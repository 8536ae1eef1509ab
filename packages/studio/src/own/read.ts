// Files that were given, read in the worker: a text, a table, or a folder of images. What none of these is, is told.

import { decodeText } from 'unrolled/data';
import { openZip } from 'unrolled/io';
import { type Given, limits, type NamedFile, type Picked, type PreparedData, Unusable } from './given.ts';
import { isImage, isTable, readImages } from './images.ts';
import { guessOf, prepared } from './pick.ts';
import { readTable, type Table } from './table.ts';

/** The table that was read last, until its columns are picked. */
export class OwnData {
  #table: Table | null = null;

  async read(given: readonly NamedFile[]): Promise<Given> {
    const files = isZip(given) ? await imagesInZip(given[0]) : given;
    const name = nameOf(given);
    const [first] = files;
    if (!first) throw new Unusable({ what: 'no-images', name });
    if (files.some(({ path }) => isImage(path)))
      return { kind: 'images', name, prepared: await readImages(name, files, textOf) };
    if (files.length > 1) throw new Unusable({ what: 'no-images', name });
    const text = await textOf(first);
    if (!/\.(csv|tsv|tab|jsonl|ndjson|json)$/i.test(first.path)) return { kind: 'text', name, text };
    const table = readTable(first.path, text);
    if (table.rows.length === 0) throw new Unusable({ what: 'empty', name: first.path });
    const guess = guessOf(table);
    if (guess.columns.length === 0) throw new Unusable({ what: 'one-column', name: first.path });
    this.#table = table;
    const preview = table.rows.slice(0, 4).map(({ cells }) => cells.map((cell) => cell.slice(0, 80)));
    return { kind: 'table', name, columns: table.columns, rows: table.rows.length, preview, guess };
  }

  /** The data of the table's columns. */
  pick(picked: Picked): PreparedData {
    if (!this.#table) throw new Error('no table is open any more; choose the file again');
    return prepared(this.#table, picked);
  }
}

const isZip = (files: readonly NamedFile[]) => files.length === 1 && /\.zip$/i.test(files[0].path);

/** Whether what was dropped is a zip of images, and not of a run. */
export async function isImageZip(files: readonly NamedFile[]): Promise<boolean> {
  if (!isZip(files)) return false;
  const paths = [...(await openZip(files[0].file, files[0].path)).files.keys()];
  return paths.some(isImage) && !paths.some((path) => /(^|\/)config\.json$/.test(path));
}

/** The images of a zip and the table of their captions, unpacked. A few kilobytes can declare more than the memory: how many and how large they are is known before. */
async function imagesInZip({ path, file }: NamedFile): Promise<NamedFile[]> {
  const zip = await openZip(file, path, { mostBytes: limits.zipBytes });
  const paths = [...zip.files.keys()].filter((one) => (isImage(one) || isTable(one)) && !one.includes('__MACOSX/'));
  const count = paths.filter(isImage).length;
  if (count > limits.images || paths.length > 2 * limits.images)
    throw new Unusable({ what: 'many', name: path, count: paths.length, most: limits.images });
  const images: NamedFile[] = [];
  for (const one of paths)
    images.push({ path: one, file: new Blob([(await zip.bytes(one)) as Uint8Array<ArrayBuffer>]) });
  return images;
}

/** What a run on these files is called: the file, or the folder, without its ending. */
function nameOf(files: readonly NamedFile[]): string {
  const [{ path }] = files;
  const top = files.length > 1 ? path.split('/')[0] : (path.split('/').at(-1) ?? path);
  return top.replace(/\.[a-z0-9]+$/i, '').slice(0, 60);
}

async function textOf({ path, file }: NamedFile): Promise<string> {
  if (file.size > limits.bytes) throw new Unusable({ what: 'large', name: path, most: limits.bytes });
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const text = decodeText(bytes, path);
    if (text.trim() === '') throw new Unusable({ what: 'empty', name: path });
    return text;
  } catch (error) {
    if (error instanceof Unusable) throw error;
    throw new Unusable({ what: 'encoding', name: path });
  }
}
