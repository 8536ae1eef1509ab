// Images as a program has them: pixels, or the bytes of a file where the host can decode them. A model reads bytes [h, w, 3] of its
// contract's size; a decoder makes them, one function:
//
//   sharp, in Node                 as in training, so that a file gives the same prediction as in the command: JPEGs are shrunk while they are decoded
//   createImageBitmap, in a page   decodes; resize.ts resizes with a Lanczos filter, a level or two from sharp's
//   pixels                         of the right size are used unchanged; else sharp, or resize.ts

import { requireKinds, shown } from '../../checks.ts';
import { FormatError, OptionError } from '../../errors.ts';
import type { ImageContract } from '../contract/input.ts';
import type { BitmapLike, BlobLike } from '../host.ts';

/** Pixels row by row from the top, channels last: 3 (RGB), 4 (RGBA, as from a canvas) or 1 (grayscale). */
export interface PixelImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** Number of channels. Default: from the length of the data. */
  readonly channels?: 1 | 3 | 4;
}

/** Pixels, the bytes of an image file, a Blob or File of them, or an ImageBitmap. */
export type ImageInput = PixelImage | Uint8Array | BlobLike | BitmapLike;

/** Input of a decoder: a file's bytes, or an ImageBitmap, or pixels of another size than the model's. */
export type UndecodedImage = Uint8Array | BitmapLike | (PixelImage & { readonly channels: 1 | 3 | 4 });

/** Makes bytes [h, w, 3] of the contract's size, upright, without transparency, in sRGB. `source` names the image in errors. */
export type ImageDecoder = (image: UndecodedImage, contract: ImageContract, source: string) => Promise<Uint8Array>;

/** Converts one image to the contract's pixels. */
export async function pixelsOf(
  image: ImageInput,
  contract: ImageContract,
  source: string,
  decoder: ImageDecoder,
): Promise<Uint8Array> {
  const { height, width } = contract;
  let undecoded: UndecodedImage;
  if (image instanceof Uint8Array) undecoded = image;
  else if (typeof image === 'object' && image !== null && 'data' in image) {
    const pixels = { ...image, channels: channelsOf(image, source) };
    const { data, channels } = pixels;
    if (channels === 3 && image.width === width && image.height === height)
      return new Uint8Array(data.buffer, data.byteOffset, data.length);
    undecoded = pixels;
  } else if (typeof image === 'object' && image !== null && 'arrayBuffer' in image)
    undecoded = await bytesOf(image, source);
  else if (typeof image === 'object' && image !== null && 'width' in image) undecoded = image;
  else
    throw new OptionError(
      source,
      'image',
      `expected pixels { data, width, height }, bytes or a Blob, got ${shown(image)}`,
    );
  const data: unknown = await decoder(undecoded, contract, source);
  if (!(data instanceof Uint8Array))
    throw new FormatError(source, `the decoder gave ${shown(data)}, expected a Uint8Array of RGB bytes`);
  if (data.length === height * width * 3) return data;
  throw new FormatError(source, `the decoder gave ${data.length} bytes, expected ${height} × ${width} × 3`);
}

async function bytesOf(blob: BlobLike, source: string): Promise<Uint8Array> {
  requireKinds(source, { image: blob }, { image: { arrayBuffer: 'function' } });
  return new Uint8Array(await blob.arrayBuffer());
}

function channelsOf({ data, width, height, channels }: PixelImage, source: string): 1 | 3 | 4 {
  requireKinds(source, { data }, { data: 'bytes' });
  if (!(Number.isInteger(width) && width > 0 && Number.isInteger(height) && height > 0))
    throw new OptionError(
      source,
      'image',
      `expected a width and a height from 1, got ${shown(width)} × ${shown(height)}`,
    );
  const found = channels ?? data.length / (width * height);
  if ((found === 1 || found === 3 || found === 4) && data.length === width * height * found) return found;
  throw new OptionError(
    source,
    'image',
    `expected ${width} × ${shown(height)} pixels of 1, 3 or 4 channels, got ${data.length} bytes`,
  );
}

/** Converts bytes [B, h, w, 3] to the network's input: floats [B, 3, h, w] in the contract's range. */
export function planesOf(images: readonly Uint8Array[], { height, width, range }: ImageContract): Float32Array {
  const area = height * width;
  const values = new Float32Array(images.length * 3 * area);
  // Byte by byte as training makes them, to the bit: see normalizeImages and imageBatch.
  const table = Float32Array.from({ length: 256 }, (_, v) =>
    range === 'symmetric' ? (v / 255 - 0.5) / 0.5 : v * (1 / 255),
  );
  for (const [b, bytes] of images.entries())
    for (let k = 0; k < area; k++) for (let c = 0; c < 3; c++) values[(b * 3 + c) * area + k] = table[bytes[3 * k + c]];
  return values;
}
