// An image as a network reads it.

import { type Tensor, tensor } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import { type ImageContract, resizeImage } from 'unrolled/pipelines';

/** Bytes [h, w, 3] of the contract's size. */
export function pixelsOf(image: RawImage, contract: ImageContract): Uint8Array {
  const { height, width, fit, background, range } = contract;
  if (image.height === height && image.width === width) return image.data;
  const whole = { ...image, data: Uint8Array.from(image.data), channels: 3 as const };
  return resizeImage(whole, { height, width, fit, background, range });
}

/** [1, 3, h, w] in the contract's range. */
export function planes(image: RawImage, contract: ImageContract): Tensor {
  const { height, width, range } = contract;
  const pixels = pixelsOf(image, contract);
  const area = height * width;
  const values = new Float32Array(3 * area);
  const scaled = (v: number) => (range === 'symmetric' ? v / 127.5 - 1 : range === 'unit' ? v / 255 : v);
  for (let k = 0; k < area; k++) for (let c = 0; c < 3; c++) values[c * area + k] = scaled(pixels[3 * k + c]);
  return tensor(values, [1, 3, height, width]);
}
