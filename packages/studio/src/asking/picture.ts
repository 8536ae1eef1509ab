// A picture of any size as a network reads it: the middle of it, on white, as bytes.

import type { RawImage } from 'unrolled/data';

/** Bytes [size, size, 3]. Null for what this browser cannot decode. */
export async function pictureOf(file: Blob, size: number): Promise<RawImage | null> {
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = new OffscreenCanvas(size, size);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return null;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, size, size);
    context.imageSmoothingQuality = 'high';
    const side = Math.min(bitmap.width, bitmap.height);
    const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
    context.drawImage(bitmap, x, y, side, side, 0, 0, size, size);
    bitmap.close();
    const { data } = context.getImageData(0, 0, size, size);
    const pixels = new Uint8Array(size * size * 3);
    for (let k = 0; k < size * size; k++) pixels.set(data.subarray(4 * k, 4 * k + 3), 3 * k);
    return { height: size, width: size, data: pixels };
  } catch {
    return null;
  }
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
