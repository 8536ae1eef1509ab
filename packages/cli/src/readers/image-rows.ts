// What caption and question readers share: rows that name an image. The names are resolved in a folder and cannot lead out of it.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { FormatError } from 'unrolled';
import { MissingError, noteFound } from '../files/index.ts';
import { readable } from './files.ts';
import { readWholeText } from './lines.ts';
import { inside } from './images/index.ts';
import type { BadRows, Place, Skipped } from './skipped.ts';

export interface ImagedOptions {
  /** Folder that image names are relative to. Default: the folder of the data file. */
  readonly images?: string | null;
  /** Whether the names are enough: the images need not be there. Default false. */
  readonly namesOnly?: boolean;
  readonly badRows?: BadRows;
  /** SQL condition for the rows to use; for tables. */
  readonly where?: string | null;
  /** Whether a CSV's first line has the column names. Default true. */
  readonly header?: boolean;
  /** Column names, where they are not the usual ones. */
  readonly columns?: Readonly<Record<string, string | null | undefined>>;
}

/** Names of splits in published data sets. */
export type Part = 'train' | 'validation' | 'test';

const parts: Readonly<Record<string, Part>> = {
  train: 'train',
  training: 'train',
  restval: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
  test: 'test',
};

/** 'train' for restval, 'validation' for val; null for an unknown name. */
export function partOf(name: unknown): Part | null {
  const key = typeof name === 'string' ? name.toLowerCase() : '';
  return Object.hasOwn(parts, key) ? parts[key] : null;
}

/** Usual names of table columns and object keys, most common first. */
export const imageNames = [
  'image',
  'picture',
  'file',
  'filename',
  'file_name',
  'image_filename',
  'img',
  'photo',
  'path',
];

/** Usual image folders, next to the file that names them. */
const subfolders = ['images', 'pictures', 'photos'];

/** Resolves the image names of data files. */
export class ImageFinder {
  readonly root: string;
  readonly #skipped: Skipped;
  readonly #found = new Map<string, string | null>();
  readonly #named: boolean;
  #missing = 0;
  #first = '';

  /** Null root: only the names matter, as where there are features in place of the images. */
  constructor(root: string | null, skipped: Skipped) {
    this.root = root ?? '';
    this.#skipped = skipped;
    this.#named = root === null;
    if (root === null) return;
    if (!existsSync(root) || !statSync(root).isDirectory()) throw new MissingError('images', root, 'folder');
  }

  /** The path of the first existing one of `names`; null, and counted, where none exists. */
  find(names: readonly string[], place: Place): string | null {
    const [name] = names;
    if (this.#named) return name;
    const before = this.#found.get(name);
    const path = before === undefined ? this.#look(names, place) : before;
    this.#found.set(name, path);
    if (path === null && before !== undefined) this.#tell(name, place, 'whose image is not there');
    return path;
  }

  #look(names: readonly string[], place: Place): string | null {
    const plain = inside(this.root, names[0]);
    const outside = 'problem' in plain && plain.problem === 'outside';
    const tries = outside ? [] : names.flatMap((name) => subfolders.map((folder) => join(folder, name)));
    for (const name of outside ? [] : [...names, ...tries]) {
      const found = inside(this.root, name);
      if ('path' in found && statSync(found.path).isFile()) return found.path;
    }
    if (!outside) this.#missing++;
    if (this.#first === '' && !outside) this.#first = names[0];
    this.#tell(names[0], place, outside ? 'whose image is outside of the data folder' : 'whose image is not there');
    return null;
  }

  #tell(name: string, { file, row }: Place, why: string): void {
    this.#skipped.add({ file: `${file}, row ${row}: ${name}`, row, unit: 'file' }, why);
  }

  /** Throws if no image was found: they are elsewhere then. */
  check(source: string): void {
    if (this.#missing === 0 || [...this.#found.values()].some((path) => path !== null)) return;
    throw new FormatError(
      source,
      `none of its images is in ${this.root} (the first is called ${this.#first}); say where they are: --images folder`,
    );
  }
}

/** The folder that a data file's names are relative to; null where their names are enough. */
export function rootOf(path: string, { images = null, namesOnly = false }: ImagedOptions): string | null {
  return namesOnly ? null : (images ?? dirname(path));
}

/** Reads a whole JSON file. */
export function readJson(path: string): unknown {
  const text = readWholeText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError(path, `is not JSON: ${(cause as Error).message}`, { cause });
  }
}

export const isTable = (path: string) => /\.(csv|tsv|tab|jsonl|ndjson|parquet)(\.gz|\.zst)?$/i.test(path);

/** An object, or null. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Describes a JSON value for an error: `an object with info, licenses, images`, `a list of numbers`. */
export function describeJson(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list whose first is ${describeJson(value[0])}`;
  const object = asObject(value);
  if (!object) return value === null ? 'null' : `a ${typeof value}`;
  const keys = Object.keys(object);
  return keys.length === 0
    ? 'an object with nothing in it'
    : `an object with ${keys.slice(0, 8).join(', ')}${keys.length > 8 ? ', …' : ''}`;
}

/** The first of `names` that the object has: strings, and numbers as strings. */
export function field(object: Readonly<Record<string, unknown>>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : null;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  }
  return null;
}

/** Collapses white space to single spaces. */
export const tidy = (text: string) => text.trim().replace(/\s+/g, ' ');

/** Normalizes a label: trimmed, single spaces, NFC. */
export const tidyLabel = (label: string) => tidy(label).normalize('NFC');

/** Candidate file names of an image: as it is, and for a number or a name without an extension, with one. */
export function spellings(name: string, subset: string | null = null): string[] {
  if (/\.[a-z0-9]{2,5}$/i.test(name)) return [name];
  const padded = name.padStart(12, '0');
  const coco = subset === null ? [] : [`COCO_${subset}_${padded}.jpg`, join(subset, `COCO_${subset}_${padded}.jpg`)];
  return [name, ...coco, `${padded}.jpg`, ...['.jpg', '.jpeg', '.png', '.webp'].map((ending) => name + ending)];
}

/** The only data file of a folder, or the path itself. `names` without extensions: captions, dataset. */
export function dataFile(path: string, names: readonly string[]): string {
  try {
    if (!statSync(path).isDirectory()) return path;
    const found = readdirSync(path).filter(
      (name) => names.includes(basename(name, extname(name)).toLowerCase()) && /\.(json|jsonl|csv|tsv)$/i.test(name),
    );
    if (found.length > 1) throw new FormatError(path, `holds ${found.join(' and ')}; name the one to read`);
    return found.length === 0 ? path : noteFound(path, join(path, found[0]));
  } catch (error) {
    throw readable(path, error);
  }
}
