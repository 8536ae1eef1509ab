// A folder of images: a subfolder for each label, or a table with a caption for each. Or of clips: a subfolder for each label, and in it a numbered folder
// of frames for each clip, as the command reads them. Every image is decoded once, to the size that is learned from.

import { type CaptionedImage, sampleEvenly } from 'unrolled/data';
import { pictureOf } from '../data/picture.ts';
import type { LabeledFrames } from '../data/dataset.ts';
import { clipOf } from '../data/frames.ts';
import { imageSize as size, limits, type NamedFile, type PreparedData, type RowProblem, Unusable } from './given.ts';
import { mixed } from './mixed.ts';
import { readTable } from './table.ts';

export const isImage = (path: string): boolean => /\.(png|jpe?g|webp|gif|bmp|avif)$/i.test(path);
export const isTable = (path: string): boolean => /\.(csv|tsv|jsonl|ndjson|json)$/i.test(path);

/** See the top of this file. `text` decodes a table's bytes. */
export async function readImages(
  name: string,
  files: readonly NamedFile[],
  text: (file: NamedFile) => Promise<string>,
): Promise<PreparedData> {
  const images = files.filter(({ path }) => isImage(path));
  if (images.length === 0) throw new Unusable({ what: 'no-images', name });
  if (images.length > limits.images)
    throw new Unusable({ what: 'many', name, count: images.length, most: limits.images });
  const table = files.find(({ path }) => isTable(path));
  if (table) return captioned(images, table.path, await text(table));
  const folders = clipFolders(images);
  return folders ? clips(folders) : labeled(name, images);
}

/** Parts of a data set, which have their labels below them. */
const isPart = (folder: string) => /^(train|training|test|testing|val|valid|validation|dev)$/i.test(folder);

/** The frames of each clip, by its folder; null where the last folders are labels. */
export function clipFolders(images: readonly NamedFile[]): Map<string, NamedFile[]> | null {
  const folders = new Map<string, NamedFile[]>();
  for (const image of images) {
    const folder = image.path.slice(0, Math.max(0, image.path.lastIndexOf('/')));
    const files = folders.get(folder);
    if (files) files.push(image);
    else folders.set(folder, [image]);
  }
  const isClip = (folder: string, count: number) => {
    const [label = '', clip = ''] = folder.split('/').slice(-2);
    return /\d$/.test(clip) && label !== '' && !isPart(label) && count > 1;
  };
  const saved = images.every(({ path }) => /[^/]\/\d{4}\/\d{4}\.png$/.test(path)); // from here, whatever a class is called
  const labels = new Set(Array.from(folders.keys(), (folder) => folder.split('/').at(-2)));
  const areClips = labels.size > 1 && Array.from(folders).every(([folder, { length }]) => isClip(folder, length));
  return saved || areClips ? folders : null; // of one folder with numbers in it those are the labels: digits
}

/** Of a long clip frames from all over it. What is too few to learn from is told where the clips are shown. */
async function clips(folders: ReadonlyMap<string, readonly NamedFile[]>): Promise<PreparedData> {
  const leftOut: RowProblem[] = [];
  const rows: LabeledFrames[] = [];
  const inOrder = new Intl.Collator('en', { numeric: true }).compare;
  for (const [folder, files] of Array.from(folders).sort(([a], [b]) => inOrder(a, b))) {
    const sorted = files.toSorted((a, b) => inOrder(a.path, b.path));
    const frames: Uint8Array[] = [];
    for (const n of sampleEvenly(sorted.length, limits.frames)) {
      const data = await pixelsOf(sorted[n]);
      if (data) frames.push(data);
      else leftOut.push({ what: 'image', file: sorted[n].path });
    }
    if (frames.length > 0) rows.push({ data: clipOf(frames), label: folder.split('/').at(-2) ?? '' });
  }
  return finished({ kind: 'clips', rows, size }, rows.length, leftOut, 1);
}

/** The last folder of a path is its label. */
async function labeled(name: string, images: readonly NamedFile[]): Promise<PreparedData> {
  const labelOf = ({ path }: NamedFile) => path.split('/').at(-2) ?? '';
  const labels = new Set(images.map(labelOf));
  if (labels.size < 2) throw new Unusable({ what: 'no-labels', name });
  const leftOut: RowProblem[] = [];
  const rows: LabeledFrames[] = [];
  for (const image of images) {
    const data = await pixelsOf(image);
    if (data) rows.push({ data, label: labelOf(image) });
    else leftOut.push({ what: 'image', file: image.path });
  }
  return finished({ kind: 'clips', rows: mixed(rows), size }, rows.length, leftOut);
}

async function captioned(images: readonly NamedFile[], path: string, text: string): Promise<PreparedData> {
  const { columns, rows, problems } = readTable(path, text);
  const find = (names: readonly string[]) => columns.findIndex((one) => names.includes(one.toLowerCase()));
  const at = { image: find(['image', 'file', 'file_name', 'filename', 'path']), caption: find(['caption', 'text']) };
  const [image, caption] = [at.image < 0 ? 0 : at.image, at.caption < 0 ? 1 : at.caption];
  const byName = new Map(
    images.flatMap(
      (one) =>
        [
          [one.path, one],
          [one.path.split('/').at(-1) ?? '', one],
        ] as const,
    ),
  );
  const leftOut: RowProblem[] = [...problems];
  const found = new Map<NamedFile, string[]>();
  for (const { row, cells } of rows) {
    const file = byName.get(cells[image] ?? '');
    const words = plainWords(cells[caption] ?? '');
    if (!file) leftOut.push({ what: 'no-image', row, file: cells[image] ?? '' });
    else if (words === '') leftOut.push({ what: 'empty', row, column: columns[caption] ?? '' });
    else found.set(file, [...(found.get(file) ?? []), words]);
  }
  const made: CaptionedImage[] = [];
  for (const [file, captions] of found) {
    const data = await pixelsOf(file);
    if (data) made.push({ image: { height: size, width: size, data }, captions });
    else leftOut.push({ what: 'image', file: file.path });
  }
  return finished({ kind: 'captions', rows: mixed(made), size }, made.length, leftOut);
}

function finished(
  data: PreparedData['data'],
  usable: number,
  problems: readonly RowProblem[],
  least: number = limits.leastRows,
): PreparedData {
  const leftOut = problems.slice(0, limits.shownProblems);
  if (usable < least) throw new Unusable({ what: 'few', usable, least, leftOut });
  return { data, leftOut, leftOutCount: problems.length };
}

/** Lowercase words without punctuation, as captions are compared and learned. */
const plainWords = (text: string): string =>
  (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu) ?? []
  ).join(' ');

async function pixelsOf({ file }: NamedFile): Promise<Uint8Array | null> {
  return file.size > limits.imageBytes ? null : ((await pictureOf(file, size))?.data ?? null);
}
