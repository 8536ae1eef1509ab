// Networks that read pictures: a few convolutions before the recurrent layers, small enough to be trained in a page.

import type { ConvNetOptions } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import type { ImageContract } from 'unrolled/pipelines';

/** Stages until the map is about 3 × 3. Their windows do not overlap, which costs a quarter of the usual ones. */
export function convNetOf(size: number): ConvNetOptions {
  return { channels: [32, 64, 64], kernelSize: 2, inputSize: [size, size] };
}

export function contractOf(size: number, range: ImageContract['range']): ImageContract {
  return { height: size, width: size, fit: 'cover', background: [255, 255, 255], range };
}

/** Frames of a clip next to each other, at most five, from all over it. */
export function strip(data: Uint8Array, size: number): RawImage {
  const bytes = size * size * 3;
  const frames = data.length / bytes;
  const count = Math.min(5, frames);
  const wide = new Uint8Array(count * bytes);
  for (let k = 0; k < count; k++) {
    const from = Math.round((k * (frames - 1)) / Math.max(1, count - 1)) * bytes;
    for (let y = 0; y < size; y++)
      wide.set(data.subarray(from + y * size * 3, from + (y + 1) * size * 3), (y * count + k) * size * 3);
  }
  return { height: size, width: count * size, data: wide };
}
