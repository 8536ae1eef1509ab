// Reads images and their captions, from
//
//   COCO            { "images": [{ "id", "file_name" }], "annotations": [{ "image_id", "caption" }] }
//   Karpathy split  { "images": [{ "filename", "split", "sentences": [{ "tokens" or "raw" }] }] }
//   a list          [{ "image", "caption" or "captions" }]       or { "a.jpg": ["caption", …] }
//   CSV, TSV, JSON lines, Parquet   columns image and caption, a row for each caption
//   a folder        images, and next to each a .txt of the same name with a caption per line
//
// Captions without an image, without words, or with an image outside of the folder are left out, counted and named.

import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FormatError } from 'unrolled';
import { decodeText } from 'unrolled/data';
import { readPlain, RefusedFile } from '../files/index.ts';
import { chooseColumns } from './columns.ts';
import { readable } from './files.ts';
import { linesOf } from './lines.ts';
import { listIn } from './lists.ts';
import {
  asObject,
  dataFile,
  describeJson,
  field,
  isTable,
  type Part,
  partOf,
  type ImagedOptions,
  ImageFinder,
  imageNames,
  readJson,
  rootOf,
  spellings,
  tidy,
} from './image-rows.ts';
import { notRead, otherImage, imageFile } from './images/index.ts';
import { type Place, Skipped } from './skipped.ts';
import { Table } from './table.ts';

/** An image with all of its captions. */
export interface Captioned {
  /** Path of the image file. */
  readonly image: string;
  /** Name of the image in the data. */
  readonly name: string;
  readonly captions: readonly string[];
  /** Split that the data assign it to. */
  readonly part: Part | null;
}

export interface CaptionData {
  readonly source: string;
  /** Images with at least one caption, in the order of the data. */
  readonly examples: readonly Captioned[];
  /** Total number of captions. */
  readonly captions: number;
  readonly skipped: Skipped;
}

/** Reads captions in any known layout. `skipped.report(source, captions + skipped.count)` lists what was left out. */
export async function readCaptions(paths: readonly string[], options: ImagedOptions = {}): Promise<CaptionData> {
  const skipped = new Skipped(options.badRows ?? 'few', ['caption', 'captions']);
  const gathered = new Gathered(skipped);
  for (const given of paths) {
    const path = dataFile(given, ['captions', 'dataset', 'annotations']);
    if (isTable(path)) await fromTable(path, options, gathered);
    else if (isFolder(path)) fromFolder(path, gathered);
    else fromJson(path, options, gathered);
  }
  const { examples } = gathered;
  const source = paths.join(', ');
  const captions = examples.reduce((sum, example) => sum + example.captions.length, 0);
  if (captions === 0 && skipped.count === 0) throw new FormatError(source, 'there are no captions in it');
  return { source, examples, captions, skipped };
}

/** Captions grouped by image. */
class Gathered {
  readonly #skipped: Skipped;
  readonly #byImage = new Map<string, { image: string; name: string; captions: string[]; part: Part | null }>();

  constructor(skipped: Skipped) {
    this.#skipped = skipped;
  }

  get examples(): readonly Captioned[] {
    return [...this.#byImage.values()];
  }

  get skipped(): Skipped {
    return this.#skipped;
  }

  add(finder: ImageFinder, names: readonly string[], caption: string, part: Part | null, place: Place): void {
    const text = tidy(caption);
    if (text === '') {
      this.#skipped.add({ ...place, file: place.file }, 'with an empty caption');
      return;
    }
    const image = finder.find(names, place);
    if (image === null) return;
    const known = this.#byImage.get(image);
    if (known) known.captions.push(text);
    else this.#byImage.set(image, { image, name: names[0], captions: [text], part });
  }
}

const captionNames = ['caption', 'text', 'sentence', 'description', 'comment'];
const listNames = ['captions', 'sentences', 'caption', 'texts'];

async function fromTable(path: string, options: ImagedOptions, gathered: Gathered): Promise<void> {
  const { columns: named = {}, where = null, header = true } = options;
  const table = await Table.open([path], { where, header });
  const wishes = {
    image: { flag: '--image', given: named.image ?? null, guesses: imageNames },
    caption: { flag: '--caption', given: named.caption ?? null, guesses: [...captionNames, ...listNames] },
    part: { flag: '--split', given: named.split ?? null, guesses: ['split', 'part'], optional: true },
  };
  const chosen = chooseColumns(wishes, table.columns, path);
  const columns = [chosen.image, chosen.caption, chosen.part].filter((column) => column !== null);
  const finder = new ImageFinder(rootOf(path, options), gathered.skipped);
  for await (const rows of table.read(columns, gathered.skipped)) {
    for (const { file, row, cells } of rows) {
      const [image, caption, part] = cells;
      if (!image) gathered.skipped.add({ file, row }, 'without the name of an image');
      else
        for (const one of textsIn(caption ?? ''))
          gathered.add(finder, spellings(image), one, partOf(part), { file, row });
    }
  }
  finder.check(path);
}

/** A cell may hold a list, as JSON or as Python writes it. */
function textsIn(cell: string): readonly string[] {
  if (!/^\s*[[(]/.test(cell)) return [cell];
  try {
    const list: unknown = JSON.parse(cell);
    const texts = Array.isArray(list) ? list.map(sentence) : [];
    return texts.length > 0 && texts.every((text) => text !== null) ? (texts as string[]) : [cell];
  } catch {
    return listIn(cell) ?? [cell]; // a caption may begin with a bracket
  }
}

/** The words of a string, of { raw }, or of { tokens }: the tokens where there are some, as the author of the split tokenized them. */
function sentence(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const object = asObject(value);
  if (!object) return null;
  if (Array.isArray(object.tokens)) return object.tokens.map(String).join(' ');
  return field(object, ['raw', ...captionNames]);
}

const layouts =
  'expected { images, annotations } as COCO has it, { images: [{ filename, sentences }] } as Karpathy’s splits have it, or a list of { image, captions }';

function fromJson(path: string, options: ImagedOptions, gathered: Gathered): void {
  const json = readJson(path);
  const finder = new ImageFinder(rootOf(path, options), gathered.skipped);
  const object = asObject(json);
  if (Array.isArray(object?.images) && Array.isArray(object.annotations)) coco(path, object, finder, gathered);
  else if (Array.isArray(object?.images) && object.images.some((image) => asObject(image)?.sentences !== undefined))
    objects(path, object.images, finder, gathered);
  else if (Array.isArray(json) && json.some((entry) => isCaptioned(asObject(entry))))
    objects(path, json, finder, gathered);
  else if (object && Object.keys(object).length > 0 && Object.keys(object).every((name) => imageFile.test(name)))
    Object.entries(object).forEach(([name, predicted], i) => {
      for (const one of textsOf(predicted)) gathered.add(finder, [name], one, null, { file: path, row: i + 1 });
    });
  else throw new FormatError(path, `is not a layout of captions that is known: ${layouts}; got ${describeJson(json)}`);
  finder.check(path);
}

function isCaptioned(entry: Readonly<Record<string, unknown>> | null): boolean {
  return entry !== null && field(entry, imageNames) !== null && listNames.concat(captionNames).some((n) => n in entry);
}

function coco(
  path: string,
  { images, annotations }: Readonly<Record<string, unknown>>,
  finder: ImageFinder,
  gathered: Gathered,
): void {
  const names = new Map<string | null, string>(); // ids are numbers in one file and texts in another
  for (const image of (images as unknown[]).map(asObject)) {
    const name = image && field(image, ['file_name', ...imageNames]);
    if (name) names.set(field(image, ['id']), name);
  }
  for (const [i, annotation] of (annotations as unknown[]).map(asObject).entries()) {
    const place = { file: path, row: i + 1 };
    const name = names.get(field(annotation ?? {}, ['image_id']));
    if (name === undefined) gathered.skipped.add(place, 'of an image that the file does not list');
    else gathered.add(finder, [name], field(annotation ?? {}, ['caption']) ?? '', null, place);
  }
}

/** A list of images, each with its sentences. */
function objects(path: string, list: readonly unknown[], finder: ImageFinder, gathered: Gathered): void {
  for (const [i, entry] of list.map(asObject).entries()) {
    const place = { file: path, row: i + 1 };
    const name = entry && field(entry, imageNames);
    if (!name) {
      gathered.skipped.add(place, 'without the name of an image');
      continue;
    }
    const folder = field(entry, ['filepath']);
    const names = [...(folder === null ? [] : [join(folder, name)]), ...spellings(name)];
    const predicted = listNames.concat(captionNames).find((key) => Object.hasOwn(entry, key));
    for (const one of textsOf(predicted === undefined ? '' : entry[predicted]))
      gathered.add(finder, names, one, partOf(entry.split), place);
  }
}

function textsOf(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.length === 0 ? [''] : list.map((one) => sentence(one) ?? '');
}

function fromFolder(root: string, gathered: Gathered): void {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => !name.startsWith('.'),
  );
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const entry of entries)
    if (!entry.isFile() && !entry.isDirectory() && imageFile.test(entry.name))
      gathered.skipped.add(
        { file: join(entry.parentPath, entry.name), row: 0, unit: 'file' },
        'a link or no ordinary file, which is not read',
      );
  const images = files.filter((file) => imageFile.test(file));
  const others = files.filter((file) => otherImage.test(file));
  if (images.length === 0)
    throw new FormatError(
      root,
      others.length > 0
        ? `holds ${others.length} images, the first is ${others[0]}, ${notRead}`
        : 'holds no images; expected images, and beside each a .txt of the same name with its captions',
    );
  const finder = new ImageFinder(root, gathered.skipped);
  const stem = (file: string) => file.replace(/\.[^.]+$/, '');
  const described = new Set([...images, ...others].map(stem));
  for (const file of others) gathered.skipped.add({ file, row: 0, unit: 'file' }, notRead);
  for (const file of files)
    if (file.endsWith('.txt') && !described.has(stem(file)))
      gathered.skipped.add({ file, row: 0, unit: 'file' }, 'whose image is not there');
  for (const image of images) {
    const texts = `${stem(image)}.txt`;
    const place: Place = { file: image, row: 0, unit: 'file' };
    const bytes = textBeside(root, texts);
    if (!(bytes instanceof Uint8Array)) {
      gathered.skipped.add(place, bytes);
      continue;
    }
    const lines = bytes.length === 0 ? [] : linesOf(decodeText(bytes, texts)).filter((line) => line.trim() !== '');
    if (lines.length === 0) gathered.skipped.add({ ...place, file: texts }, 'with an empty caption');
    for (const line of lines) gathered.add(finder, [relative(root, image)], line, null, place);
  }
}

/** The bytes of an image's caption file, or why it cannot be read. */
function textBeside(root: string, path: string): Uint8Array | string {
  try {
    return readPlain(path, { below: root });
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw readable(path, error);
    return error.refusal === 'missing'
      ? 'missing: an image without a .txt of its name'
      : 'whose .txt is a link or no ordinary file, which is not read';
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw readable(path, error);
  }
}
