// Where the data sets are: for measuring only, kept beside the repository and not part of it.

import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { imageRows, readIdx } from 'unrolled/data';

const places = [
  process.env.UNROLLED_SHAKESPEARE,
  new URL('../../../shared/data/charlm-tinyshakespeare/input.txt', import.meta.url),
];

/** The text (1,115,394 characters of karpathy/char-rnn's tinyshakespeare), or null where it is not at hand. */
export function tinyShakespeare(): string | null {
  for (const place of places) if (place && existsSync(place)) return readFileSync(place, 'utf8');
  return null;
}

export const howToGetIt =
  'not measured: set UNROLLED_SHAKESPEARE to the path of char-rnn’s data/tinyshakespeare/input.txt';

const folders = [process.env.UNROLLED_DATA, new URL('../../../shared/data/', import.meta.url)];

/** The bytes of a file of a data set, `sentiment-sst2/train.tsv`, unpacked if it is packed; null where it is not at hand. */
export function dataFile(name: string): Buffer | null {
  for (const folder of folders) {
    const path = folder && new URL(name, folder instanceof URL ? folder : pathToFileURL(`${folder}/`));
    if (path && existsSync(path)) return name.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);
  }
  return null;
}

export function howToGetData(set: string): string {
  return `not measured: set UNROLLED_DATA to the folder that holds ${set}/`;
}

export interface LabeledTexts {
  readonly texts: readonly string[];
  readonly labels: readonly string[];
}

/** Two columns of a table with tabs between them; `header` lines are left out. */
export function labeledTexts(
  name: string,
  { text, label, header }: { readonly text: number; readonly label: number; readonly header: number },
): LabeledTexts | null {
  const rows = dataFile(name)
    ?.toString('utf8')
    .split('\n')
    .slice(header)
    .filter((line) => line.length > 0)
    .map((line) => line.split('\t'));
  return rows ? { texts: rows.map((row) => row[text]), labels: rows.map((row) => row[label].trim()) } : null;
}

/** Images as sequences of rows, each number divided by 255, and their digits: two files in MNIST's format. */
export function imagesByRows(
  imageFile: string,
  labelFile: string,
): { sequences: Float32Array[]; labels: Uint8Array } | null {
  const [pixels, digits] = [dataFile(imageFile), dataFile(labelFile)];
  if (!pixels || !digits) return null;
  const images = readIdx(pixels, imageFile);
  return {
    sequences: Array.from({ length: images.shape[0] }, (_, n) => imageRows(images, [n])),
    labels: readIdx(digits, labelFile).data,
  };
}
