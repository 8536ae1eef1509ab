// Pixels of another size: the Lanczos filter of radius 3, widened where the image shrinks, one axis after the other. The rules of fit are those of
// ImageContract; `cover` and `contain` keep the middle.

import type { ImageContract } from '../contract/input.ts';
import type { PixelImage } from './image.ts';

/** Bytes [h, w, 3] of the contract's size. Transparency shows the background. */
export function resize(image: PixelImage & { readonly channels: 1 | 3 | 4 }, contract: ImageContract): Uint8Array {
  const { height, width, fit, background } = contract;
  const scales = [image.width / width, image.height / height];
  const scale = fit === 'cover' ? Math.min(...scales) : Math.max(...scales);
  const [sx, sy] = fit === 'squash' ? scales : [scale, scale];
  // Of the contained image alone: the bars are not filtered into it.
  const inside = fit === 'contain';
  const w = inside ? Math.max(1, Math.round(image.width / sx)) : width;
  const h = inside ? Math.max(1, Math.round(image.height / sy)) : height;
  const source = opaque(image, background);
  const columns = weights(image.width, w, inside ? image.width / w : sx);
  const rows = weights(image.height, h, inside ? image.height / h : sy);
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
  const [left, top] = [Math.floor((width - w) / 2), Math.floor((height - h) / 2)];
  for (const [y, { from, taps }] of rows.entries())
    for (let x = 0; x < w; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < taps.length; k++) sum += taps[k] * across[((from + k) * w + x) * 3 + c];
        data[((top + y) * width + left + x) * 3 + c] = sum;
      }
  return new Uint8Array(data.buffer);
}

/** RGB, grays tripled, transparent pixels over the background. */
function opaque(image: PixelImage & { readonly channels: 1 | 3 | 4 }, background: readonly number[]): ArrayLike<number> {
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

/** For each of `count` pixels, which of `size` it is made of: `scale` source pixels wide each, the middle of the source in the middle. */
function weights(size: number, count: number, scale: number): Taps[] {
  const reach = 3 * Math.max(1, scale);
  const start = (size - count * scale) / 2;
  return Array.from({ length: count }, (_, i) => {
    const center = start + (i + 0.5) * scale;
    const from = Math.max(0, Math.ceil(center - reach - 0.5));
    const to = Math.min(size - 1, Math.floor(center + reach - 0.5));
    const taps = Float64Array.from({ length: to - from + 1 }, (_, k) =>
      lanczos((from + k + 0.5 - center) / Math.max(1, scale)),
    );
    const sum = taps.reduce((a, b) => a + b, 0);
    return { from, taps: taps.map((v) => v / sum) };
  });
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  const y = Math.PI * x;
  return (3 * Math.sin(y) * Math.sin(y / 3)) / (y * y);
}
