// Resizes pixels, one axis after the other: a Lanczos filter of radius 3 where the image shrinks, Catmull and Rom's cubic where it grows, as
// libvips does. The rules of fit are those of
// ImageContract; `cover` and `contain` keep the center.

import { requireKinds } from '../../checks.ts';
import type { ImageContract } from '../contract/input.ts';
import type { PixelImage } from './image.ts';

/** Bytes [h, w, 3] of the contract's size. Transparent pixels show the background. */
export function resize(image: PixelImage & { readonly channels: 1 | 3 | 4 }, contract: ImageContract): Uint8Array {
  requireKinds(
    'resizeImage',
    { image, contract },
    {
      image: { data: 'bytes', width: 'number', height: 'number', channels: 'number' },
      contract: { height: 'number', width: 'number', fit: 'text', background: 'numbers' },
    },
  );
  const { height, width, fit, background } = contract;
  const shrink = [image.width / width, image.height / height];
  const scale = fit === 'cover' ? Math.min(...shrink) : Math.max(...shrink);
  // Size before cropping or letterboxing: larger than the contract's where it is cropped, smaller where it is letterboxed.
  const size = (own: number, target: number) => (fit === 'squash' ? target : Math.max(1, Math.round(own / scale)));
  const [w, h] = [size(image.width, width), size(image.height, height)];
  const source = opaque(image, background);
  const columns = weights(image.width, w, fit === 'squash' ? shrink[0] : scale);
  const rows = weights(image.height, h, fit === 'squash' ? shrink[1] : scale);
  const across = new Float32Array(image.height * w * 3); // [H, w, 3]
  for (let y = 0; y < image.height; y++)
    for (const [x, { from, taps }] of columns.entries())
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < taps.length; k++) sum += taps[k] * source[(y * image.width + from + k) * 3 + c];
        across[(y * w + x) * 3 + c] = sum;
      }
  const data = new Uint8ClampedArray(height * width * 3); // rounds and clamps
  for (let k = 0; k < height * width; k++) data.set(background, 3 * k);
  const [left, top] = [place(w, width), place(h, height)];
  for (let y = Math.max(0, top); y < Math.min(height, top + h); y++) {
    const { from, taps } = rows[y - top];
    for (let x = Math.max(0, left); x < Math.min(width, left + w); x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < taps.length; k++) sum += taps[k] * across[((from + k) * w + x - left) * 3 + c];
        data[(y * width + x) * 3 + c] = sum;
      }
  }
  return new Uint8Array(data.buffer);
}

/** Where `size` pixels begin in the middle of `target`, or −n where n of them are cut off. Halves are rounded as sharp rounds them. */
function place(size: number, target: number): number {
  return size > target ? -Math.floor((size - target + 1) / 2) : Math.floor((target - size) / 2);
}

/** Converts to RGB: grayscale is tripled, transparent pixels are blended with the background. */
function opaque(
  image: PixelImage & { readonly channels: 1 | 3 | 4 },
  background: readonly number[],
): ArrayLike<number> {
  const { data, channels, width, height } = image;
  if (channels === 3) return data;
  const rgb = new Float32Array(width * height * 3);
  for (let k = 0; k < width * height; k++)
    for (let c = 0; c < 3; c++) {
      const alpha = channels === 4 ? data[4 * k + 3] / 255 : 1;
      rgb[3 * k + c] = data[channels * k + (channels === 1 ? 0 : c)] * alpha + background[c] * (1 - alpha);
    }
  return rgb;
}

interface Taps {
  readonly from: number;
  readonly taps: Float64Array;
}

/** Filter taps for each of `count` output pixels, each made of `scale` input pixels. */
function weights(size: number, count: number, scale: number): Taps[] {
  const wide = Math.max(1, scale);
  const [filter, radius] = scale < 1 ? [catmullRom, 2] : [lanczos, 3];
  const start = (size - count * scale) / 2; // the middle stays in the middle, where the sizes are rounded
  return Array.from({ length: count }, (_, i) => {
    // Growing, libvips takes a pixel's corner for its middle.
    const center = scale < 1 ? i * scale : start + (i + 0.5) * scale;
    const first = Math.ceil(center - radius * wide - 0.5);
    const last = Math.floor(center + radius * wide - 0.5);
    const from = Math.min(size - 1, Math.max(0, first));
    const taps = new Float64Array(Math.max(from, Math.min(size - 1, last)) - from + 1);
    let sum = 0;
    for (let k = first; k <= last; k++) {
      const weight = filter((k + 0.5 - center) / wide);
      taps[Math.min(taps.length - 1, Math.max(0, k - from))] += weight; // the border goes on outside
      sum += weight;
    }
    return { from, taps: taps.map((v) => v / sum) };
  });
}

/** The cubic through its neighbors (a = −1/2). */
function catmullRom(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  const y = Math.PI * x;
  return (3 * Math.sin(y) * Math.sin(y / 3)) / (y * y);
}
