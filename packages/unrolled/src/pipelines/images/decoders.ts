// The hosts' image decoders: createImageBitmap in a page, sharp in Node.

import { finders } from '../../backend/kernel/package-files.ts';
import { requireFunction } from '../../checks.ts';
import { BackendError, FormatError } from '../../errors.ts';
import { type BitmapLike, host } from '../host.ts';
import type { ImageDecoder, PixelImage, UndecodedImage } from './image.ts';
import { resize } from './resize.ts';

let chosen: ImageDecoder | null = null;

/** The default decoder of every pipeline; null for the host's own. */
export function setImageDecoder(decoder: ImageDecoder | null): void {
  if (decoder !== null) requireFunction('setImageDecoder', 'decoder', decoder);
  chosen = decoder;
}

const mostPixels = 100_000_000;

/** The decoder that was set, or the host's own: pixels need none. */
export const defaultDecoder: ImageDecoder = async (image, contract, source) => {
  if (chosen) return chosen(image, contract, source);
  if (host.createImageBitmap) return inPage(image, contract, source);
  const sharp = loadSharp();
  if (sharp) return sharpDecoder(sharp)(image, contract, source);
  if (isPixels(image)) return resize(image, contract);
  throw new BackendError(
    `${source}: image files cannot be decoded here; install sharp, give pixels { data, width, height }, or pass decodeImage`,
  );
};

const inPage: ImageDecoder = async (image, contract, source) => {
  if (isPixels(image)) return resize(image, contract);
  const { createImageBitmap, Blob } = host;
  let bitmap: BitmapLike;
  try {
    bitmap =
      image instanceof Uint8Array
        ? ((await createImageBitmap?.(new (Blob as NonNullable<typeof Blob>)([image]))) as BitmapLike)
        : image;
  } catch (cause) {
    throw new FormatError(source, 'is not an image that this page can decode', { cause });
  }
  const { width, height } = bitmap;
  if (width * height > mostPixels) throw new FormatError(source, `is too large: ${width} × ${height} pixels`);
  const canvas = host.OffscreenCanvas
    ? new host.OffscreenCanvas(width, height)
    : (host.document as NonNullable<typeof host.document>).createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new BackendError('this page has no 2d canvas');
  context.drawImage(bitmap, 0, 0);
  const data = Uint8Array.from(context.getImageData(0, 0, width, height).data);
  if (bitmap !== image) bitmap.close?.();
  return resize({ data, width, height, channels: 4 }, contract);
};

const isPixels = (image: UndecodedImage): image is PixelImage & { readonly channels: 1 | 3 | 4 } =>
  !(image instanceof Uint8Array) && 'data' in image;

/** The used part of sharp. */
export interface SharpLike {
  (bytes: Uint8Array, options: object): SharpPipeline;
}

interface SharpPipeline {
  metadata(): Promise<{ format?: string; width?: number; height?: number; pages?: number }>;
  autoOrient(): SharpPipeline;
  resize(options: object): SharpPipeline;
  flatten(options: object): SharpPipeline;
  toColorspace(name: string): SharpPipeline;
  raw(options: object): SharpPipeline;
  toBuffer(options: { resolveWithObject: true }): Promise<{ data: Uint8Array; info: { channels: number } }>;
}

/** sharp, loaded when the first image is decoded; null where it is not installed. No import names it: a bundler for a page would look for it. */
function loadSharp(): SharpLike | null {
  for (const { load } of finders()) {
    try {
      return load('sharp') as SharpLike;
    } catch {
      // nor here
    }
  }
  return null;
}

/** Makes a decoder of sharp, for programs whose sharp this library cannot find: `setImageDecoder(sharpDecoder(sharp))`. */
export function sharpDecoder(sharp: SharpLike): ImageDecoder {
  return async (image, { height, width, fit, background }, source) => {
    if (!(image instanceof Uint8Array) && !isPixels(image)) throw new FormatError(source, 'is a bitmap of a page');
    const options = { failOn: 'error', limitInputPixels: false };
    const [r, g, b] = background;
    try {
      const input = isPixels(image)
        ? sharp(new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.length), {
            ...options,
            raw: { width: image.width, height: image.height, channels: image.channels },
          })
        : await checked(sharp, image, options);
      const { data, info } = await input
        .autoOrient()
        .resize({ height, width, fit: fit === 'squash' ? 'fill' : fit, background: { r, g, b, alpha: 1 } })
        .flatten({ background: { r, g, b } })
        .toColorspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      if (info.channels !== 3) throw new Error(`${info.channels} channels were decoded`);
      return new Uint8Array(data.buffer, data.byteOffset, data.length);
    } catch (cause) {
      throw new FormatError(source, `is not an image that can be used: ${(cause as Error).message.split('\n')[0]}`, {
        cause,
      });
    }
  };
}

/** Reads the header alone first: a few kilobytes can unpack to more than the memory. */
async function checked(sharp: SharpLike, bytes: Uint8Array, options: object): Promise<SharpPipeline> {
  const { width = 0, height = 0 } = await sharp(bytes, options).metadata();
  if (width * height > mostPixels) throw new Error(`too large, ${width} × ${height} pixels`);
  return sharp(bytes, options);
}
