// Opens image files as an `ImageSet`.
//
//     const skipped = new Skipped('few', ['image', 'images']);
//     const images = await openImages(files, imageSettings({ height: 64, width: 64 }), { cache: new PixelCache(), skipped });
//     const warnings = skipped.report(folder, files.length);           // throws where too many cannot be used
//     images.numbers[i];                                             // the index of files[i], −1 for an unusable one
//     const bytes = await images.read([0, 5]);                       // [2, 64, 64, 3]

import type { ImageSet } from 'unrolled/data';
import { readGiven, RefusedFile } from '../../files/index.ts';
import { PixelCache } from './cache.ts';
import { decodeImage, ImageError } from './decode.ts';
import { type Item, load, type LoadOptions } from './load.ts';
import type { ImageSettings } from './settings.ts';

/** Images of files, in the order of the files. */
export interface OpenedImages extends ImageSet {
  /** Path of each image. */
  readonly files: readonly string[];
  /** For each requested file its image's index; −1 where it cannot be used. */
  readonly numbers: Int32Array;
}

/** Opens image files. A file that is named more than once is one image. */
export async function openImages(
  files: readonly string[],
  settings: ImageSettings,
  options: LoadOptions,
): Promise<OpenedImages> {
  const distinct = [...new Set(files)];
  const loaded = await load(
    distinct.map((file) => imageItem(file, settings)),
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
      const images = await Promise.all(Array.from(which, (n) => loaded.get(n)));
      for (const [b, { data }] of images.entries()) batch.set(data, b * size);
      return batch;
    },
  };
}

const largestFile = 2 ** 28; // bytes

function imageItem(file: string, settings: ImageSettings): Item {
  return {
    file,
    async open() {
      const bytes = await fileBytes(file);
      return {
        key: PixelCache.key(bytes, settings),
        decode: async () => ({ frames: 1, ...(await decodeImage(bytes, file, settings)) }),
      };
    },
  };
}

/** An image file's bytes. */
export async function fileBytes(file: string): Promise<Uint8Array> {
  try {
    return readGiven(file, largestFile);
  } catch (error) {
    throw imageRefused(file, error);
  }
}

/** Why an image or a video cannot be opened, as its readers report it. */
export function imageRefused(file: string, error: unknown): ImageError {
  if (!(error instanceof RefusedFile)) {
    const { code } = error as NodeJS.ErrnoException;
    return new ImageError(file, 'cannot be read', code, { cause: error });
  }
  const { refusal, problem } = error;
  switch (refusal) {
    case 'missing':
      return new ImageError(file, 'not there');
    case 'large':
      return new ImageError(file, 'too large', 'at most 256 MB are read');
    case 'outside':
    case 'link':
      return new ImageError(file, 'outside of the data folder', problem);
    case 'folder':
    case 'special':
    case 'shared':
    case 'moved':
      return new ImageError(file, 'not an ordinary file', problem);
    default:
      return refusal satisfies never;
  }
}
