// Decodes image files to pixels, through sharp (libvips): JPEG, PNG, WebP, GIF, TIFF and AVIF become upright RGB of one size.
//
// sharp decodes in threads of its own pool, so worker threads of ours would add copies and nothing else: of a photograph of 500 × 375 pixels, 2.4 ms of
// processor time, the main thread has 0.3 (4 at once, 2 cores). The caller bounds how many are decoded at once (load.ts).

import type { Metadata, Sharp } from 'sharp';
import { FormatError } from 'unrolled';
import { type Clip, type RawImage } from 'unrolled/data';
import { loadSharp } from '../../pages/svg-to-png.ts';
import type { ImageSettings } from './settings.ts';

const formats: Readonly<Record<string, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  gif: 'GIF',
  tiff: 'TIFF',
  heif: 'AVIF',
};

/** File name extensions of images. */
export const imageFile = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|avif)$/i;

/** Extensions of images that cannot be decoded here, but are to be reported. */
export const otherImage = /\.(hei[cf]|bmp|dib|ico|svg|psd|jxl|jp2|tga|dng|cr2|nef|arw|raw)$/i;

/** The problem of such a file. */
export const notRead = 'of a format that is not read; convert it to PNG or JPEG';

/** Extensions of animations. */
export const animation = /\.(gif|webp)$/i;

/** An image or a video that cannot be used. `problem` is what is counted, without details of this file. */
export class ImageError extends FormatError {
  override name = 'ImageError';
  readonly problem: string;

  constructor(source: string, problem: string, detail = '', options?: ErrorOptions) {
    super(source, problem + (detail && `: ${detail}`), options);
    this.problem = problem;
  }
}

type Open = (bytes: Uint8Array, options: object) => Sharp;

/** sharp, loaded when the first image is read. */
async function openWith(): Promise<Open> {
  const { default: sharp } = await loadSharp('reading images');
  sharp.cache(false); // every image is read once
  return (bytes, options) => sharp(bytes, options);
}

/** Decodes a still image. Throws an ImageError for an invalid, damaged or animated one, or one with more pixels than allowed. */
export async function decodeImage(bytes: Uint8Array, source: string, settings: ImageSettings): Promise<RawImage> {
  const open = await openWith();
  const { frames } = await inspect(open, bytes, source, settings);
  if (frames > 1) throw new ImageError(source, 'animated where a still image is expected', `${frames} frames`);
  const { height, width } = settings;
  const data = await pixels(open(bytes, decoding).autoOrient(), source, settings);
  return { height, width, data };
}

/** Decodes all frames of an animated image, with their durations in milliseconds. A still one has one frame. */
export async function decodeAnimation(
  bytes: Uint8Array,
  source: string,
  settings: ImageSettings,
): Promise<{ clip: Clip; delays: readonly number[] }> {
  const open = await openWith();
  const { frames, delays } = await inspect(open, bytes, source, settings);
  const { height, width } = settings;
  const data = await pixels(open(bytes, { ...decoding, animated: true }), source, settings);
  const clip = { frames: data.length / (height * width * 3), height, width, data };
  // 0 is shown as 100 ms by every viewer.
  return { clip, delays: Array.from({ length: frames }, (_, t) => delays[t] || 100) };
}

/** Pixels were checked before: sharp's own limit would give a worse message. */
const decoding = { failOn: 'error', limitInputPixels: false };

/** Reads the header alone, and refuses an image that is too large or of another format. */
async function inspect(
  open: Open,
  bytes: Uint8Array,
  source: string,
  { maxPixels }: ImageSettings,
): Promise<{ frames: number; delays: readonly number[] }> {
  if (bytes.length === 0) throw new ImageError(source, 'empty');
  let found: Metadata;
  try {
    found = await open(bytes, decoding).metadata();
  } catch (error) {
    throw unreadable(source, error);
  }
  const { format, width, height } = found;
  if (!Object.hasOwn(formats, format))
    throw new ImageError(source, `of the format ${format}; ${Object.values(formats).join(', ')} are read`);
  // TIFF and AVIF have pages too: their first is the image.
  const frames = format === 'gif' || format === 'webp' ? (found.pages ?? 1) : 1;
  // An animation is refused for the total of its frames; a thousand of the largest allowed would be a bomb too.
  if (width * height > maxPixels || width * height * frames > 10 * maxPixels) {
    throw new ImageError(
      source,
      'too large',
      `${width} × ${height}${frames > 1 ? ` × ${frames} frames` : ''}; at most ${maxPixels.toLocaleString('en-US')} pixels are decoded`,
    );
  }
  return { frames, delays: found.delay ?? [] };
}

/** Upright, resized, without transparency, in sRGB, 8 bits. */
async function pixels(image: Sharp, source: string, settings: ImageSettings): Promise<Uint8Array> {
  const { height, width, fit, background } = settings;
  const [r, g, b] = background;
  try {
    const { data, info } = await image
      .resize({ height, width, fit: fit === 'squash' ? 'fill' : fit, background: { r, g, b, alpha: 1 } })
      .flatten({ background: { r, g, b } })
      .toColorspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels were decoded`);
    return new Uint8Array(data.buffer, data.byteOffset, data.length);
  } catch (error) {
    throw unreadable(source, error);
  }
}

/** Converts the decoder's message to a reason: damaged, or no image at all. */
function unreadable(source: string, cause: unknown): ImageError {
  const text = (cause as Error).message.split('\n')[0];
  if (/unsupported image format/.test(text)) return new ImageError(source, 'not an image', '', { cause });
  const predicted = text.replace(/^Input (buffer|file) has corrupt header:? ?/, '').trim() || 'its header is cut off';
  return new ImageError(source, 'damaged', predicted, { cause });
}
