// A picture of any size as a network reads it: the middle of it, on white, as bytes.

import type { RawImage } from 'unrolled/data';

/** Bytes [size, size, 3]. Null for what this browser cannot decode. */
export async function pictureOf(file: Blob, size: number): Promise<RawImage | null> {
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    const picture = squareOf(bitmap, { width, height }, new OffscreenCanvas(size, size));
    bitmap.close();
    return picture;
  } catch {
    return null;
  }
}

/** The middle of a source of this size, as large as the canvas; mirrored, where that is wanted. Null where nothing can be drawn. */
export function squareOf(
  source: CanvasImageSource,
  { width, height }: { readonly width: number; readonly height: number },
  canvas: OffscreenCanvas,
  mirrored = false,
): RawImage | null {
  const size = canvas.width;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  context.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? size : 0, 0);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, size, size);
  context.imageSmoothingQuality = 'high';
  const side = Math.min(width, height);
  context.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, size, size);
  const { data } = context.getImageData(0, 0, size, size);
  const pixels = new Uint8Array(size * size * 3);
  for (let k = 0; k < size * size; k++) pixels.set(data.subarray(4 * k, 4 * k + 3), 3 * k);
  return { height: size, width: size, data: pixels };
}

/** A picture as a PNG file. */
export async function pngOf(picture: RawImage): Promise<Uint8Array> {
  const { width, height, data } = picture;
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  for (let k = 0; k < width * height; k++) {
    pixels.data.set(data.subarray(3 * k, 3 * k + 3), 4 * k);
    pixels.data[4 * k + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}

/** Of a clip the first frame; a picture as it is. */
export const firstFrame = ({ height, width, data }: RawImage): RawImage =>
  height > width ? { height: width, width, data: data.slice(0, width * width * 3) } : { height, width, data };
