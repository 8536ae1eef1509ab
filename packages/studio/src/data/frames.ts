// Clips as images: their frames one below the other, as a network is asked about them.

import type { RawImage } from 'unrolled/data';

/** The frames of a clip; they share its bytes. */
export function framesOf({ height, width, data }: RawImage): RawImage[] {
  const bytes = width * width * 3;
  return Array.from({ length: Math.floor(height / width) }, (_, t) => ({
    height: width,
    width,
    data: data.subarray(t * bytes, (t + 1) * bytes),
  }));
}

/** Bytes [T, size, size, 3] as one image. */
export const clipImage = (data: Uint8Array, size: number): RawImage => ({
  height: data.length / (size * 3),
  width: size,
  data,
});

/** Frames one after the other. */
export function clipOf(frames: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    all.set(frame, at);
    at += frame.length;
  }
  return all;
}
