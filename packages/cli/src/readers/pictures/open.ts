// Picture files as a `PictureSet`.
//
//     const skipped = new Skipped('few', ['picture', 'pictures']);
//     const pictures = await openPictures(files, pictureSettings({ height: 64, width: 64 }), { cache: new PixelCache(), skipped });
//     const warnings = skipped.report(folder, files.length);           // throws where too many cannot be used
//     pictures.numbers[i];                                             // the picture of files[i], −1 for none
//     const bytes = await pictures.read([0, 5]);                       // [2, 64, 64, 3]

import type { PictureSet } from 'unrolled';
import { readGiven, RefusedFile } from '../../files/index.ts';
import { PixelCache } from './cache.ts';
import { decodePicture, PictureError } from './decode.ts';
import { type Item, load, type LoadOptions } from './load.ts';
import type { PictureSettings } from './settings.ts';

/** Pictures of files, in the order of the files. */
export interface OpenedPictures extends PictureSet {
  /** Of each picture. */
  readonly files: readonly string[];
  /** For each of the files asked for the number of its picture; −1 where it cannot be used. */
  readonly numbers: Int32Array;
}

/** Opens picture files. One that is named more than once is one picture. */
export async function openPictures(
  files: readonly string[],
  settings: PictureSettings,
  options: LoadOptions,
): Promise<OpenedPictures> {
  const distinct = [...new Set(files)];
  const loaded = await load(
    distinct.map((file) => pictureItem(file, settings)),
    options,
  );
  const place = new Map(distinct.map((file, i) => [file, loaded.numbers[i]]));
  const { height, width } = settings;
  const size = height * width * 3;
  return {
    count: loaded.files.length,
    height,
    width,
    files: loaded.files,
    numbers: Int32Array.from(files, (file) => place.get(file) as number),
    read: async (which) => {
      const batch = new Uint8Array(which.length * size);
      const pictures = await Promise.all(Array.from(which, (n) => loaded.get(n)));
      for (const [b, { data }] of pictures.entries()) batch.set(data, b * size);
      return batch;
    },
  };
}

const largestFile = 2 ** 28; // bytes

function pictureItem(file: string, settings: PictureSettings): Item {
  return {
    file,
    async open() {
      const bytes = await fileBytes(file);
      return {
        key: PixelCache.key(bytes, settings),
        decode: async () => ({ frames: 1, ...(await decodePicture(bytes, file, settings)) }),
      };
    },
  };
}

/** A picture file's bytes. */
export async function fileBytes(file: string): Promise<Uint8Array> {
  try {
    return readGiven(file, largestFile);
  } catch (error) {
    throw pictureRefused(file, error);
  }
}

/** Why a picture or a film cannot be opened, in the words its readers count by. */
export function pictureRefused(file: string, error: unknown): PictureError {
  if (!(error instanceof RefusedFile)) {
    const { code } = error as NodeJS.ErrnoException;
    return new PictureError(file, 'cannot be read', code, { cause: error });
  }
  const { refusal, problem } = error;
  switch (refusal) {
    case 'missing':
      return new PictureError(file, 'not there');
    case 'large':
      return new PictureError(file, 'too large', 'at most 256 MB are read');
    case 'outside':
    case 'link':
      return new PictureError(file, 'outside of the data folder', problem);
    case 'folder':
    case 'special':
    case 'shared':
    case 'moved':
      return new PictureError(file, 'not an ordinary file', problem);
    default:
      return refusal satisfies never;
  }
}
