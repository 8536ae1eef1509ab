// Image files of requests: sharp where it is installed, a few at a time, and none with more pixels than the limit, which is looked up in its header.
// sharp is loaded when the first image comes: a server of texts starts without it.

import { BackendError, FormatError } from 'unrolled';
import { type ImageDecoder, resizeImage, sharpDecoder, type SharpLike } from 'unrolled/pipelines';

const atOnce = 2;

export function boundedDecoder(pixels: number): ImageDecoder {
  let loading: Promise<SharpLike | null> | undefined;
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (image, contract, source) => {
    while (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      const sharp = await (loading ??= loadSharp());
      if (!sharp && !(image instanceof Uint8Array) && 'data' in image) return resizeImage(image, contract);
      if (!sharp)
        throw new BackendError(`${source}: image files cannot be decoded here; install sharp, or send pixels`);
      if (image instanceof Uint8Array) await requirePixels(sharp, image, pixels, source);
      return await sharpDecoder(sharp)(image, contract, source);
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}

/** How files of images begin: PNG, JPEG, GIF and WebP. */
const beginnings = [/^\x89PNG\r\n/, /^\xff\xd8\xff/, /^GIF8[79]a/, /^RIFF.{4}WEBP/s];

/**
 * Throws a FormatError for what is no image, and for one that is too large. Only files of these formats are given to sharp: it reads SVG too, which is a
 * program that a stranger wrote and can be drawn for hours.
 */
async function requirePixels(sharp: SharpLike, bytes: Uint8Array, most: number, source: string): Promise<void> {
  const begin = String.fromCharCode(...bytes.subarray(0, 12));
  if (!beginnings.some((one) => one.test(begin)))
    throw new FormatError(source, 'is not an image that can be used: expected a PNG, JPEG, WebP or GIF file');
  const { width = 0, height = 0 } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: Error) => {
      throw new FormatError(source, `is not an image that can be used: ${cause.message.split('\n')[0]}`, { cause });
    });
  if (width * height > most)
    throw new FormatError(source, `is too large: ${width} × ${height} pixels, at most ${most} are read`);
}

/** Null where sharp is not installed. */
function loadSharp(): Promise<SharpLike | null> {
  const name = 'sharp'; // not written in the import: it need not be there
  return import(name).then(
    (module: { default: SharpLike }) => module.default,
    () => null,
  );
}
