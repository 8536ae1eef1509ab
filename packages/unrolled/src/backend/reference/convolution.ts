// Convolution (cross-correlation, as networks have it) and its two derivatives: one walk over everything that a weight touches.

import type { ConvolutionSizes, WindowSizes } from '../backend.ts';
import type { Storage } from '../storage.ts';

export function convolution(
  y: Storage,
  x: Storage,
  weight: Storage,
  bias: Storage | null,
  sizes: ConvolutionSizes,
): void {
  const sums = new Float64Array(y.length);
  walk(sizes, (yAt, xAt, weightAt) => {
    sums[yAt] += weight.array[weightAt] * x.array[xAt];
  });
  const places = sizes.oh * sizes.ow;
  for (let at = 0; at < places * sizes.B * sizes.O; at++) {
    y.array[at] = sums[at] + (bias ? bias.array[Math.floor(at / places) % sizes.O] : 0);
  }
}

export function convolutionBackward(
  dx: Storage | null,
  dWeight: Storage | null,
  dBias: Storage | null,
  dy: Storage,
  x: Storage,
  weight: Storage,
  sizes: ConvolutionSizes,
): void {
  const dxs = new Float64Array(dx ? dx.length : 0);
  const dWeights = new Float64Array(dWeight ? dWeight.length : 0);
  walk(sizes, (yAt, xAt, weightAt) => {
    if (dx) dxs[xAt] += weight.array[weightAt] * dy.array[yAt];
    if (dWeight) dWeights[weightAt] += x.array[xAt] * dy.array[yAt];
  });
  dx?.array.set(dxs);
  dWeight?.array.set(dWeights);
  if (!dBias) return;
  const { B, O, oh, ow } = sizes;
  for (let o = 0; o < O; o++) {
    let sum = 0;
    for (let b = 0; b < B; b++) for (let p = 0; p < oh * ow; p++) sum += dy.array[(b * O + o) * oh * ow + p];
    dBias.array[o] = sum;
  }
}

/** Every product of the sum: element yAt takes weight weightAt times pixel xAt. */
function walk(sizes: ConvolutionSizes, visit: (yAt: number, xAt: number, weightAt: number) => void): void {
  const { B, C, h, w, oh, ow, O, groups } = sizes;
  const [kh, kw] = sizes.kernel;
  const [Cg, Og] = [C / groups, O / groups];
  for (let b = 0; b < B; b++) {
    for (let o = 0; o < O; o++) {
      const firstChannel = Math.floor(o / Og) * Cg;
      for (let oy = 0; oy < oh; oy++) {
        for (let ox = 0; ox < ow; ox++) {
          const yAt = ((b * O + o) * oh + oy) * ow + ox;
          for (let c = 0; c < Cg; c++) {
            under(sizes, oy, ox, (iy, ix, ky, kx) => {
              visit(yAt, ((b * C + firstChannel + c) * h + iy) * w + ix, ((o * Cg + c) * kh + ky) * kw + kx);
            });
          }
        }
      }
    }
  }
}

/** The pixels under a window at place (oy, ox), row by row, without its padding. */
export function under(
  { h, w, kernel, stride, padding, dilation }: WindowSizes,
  oy: number,
  ox: number,
  visit: (iy: number, ix: number, ky: number, kx: number) => void,
): void {
  for (let ky = 0; ky < kernel[0]; ky++) {
    const iy = oy * stride[0] - padding[0] + ky * dilation[0];
    if (iy < 0 || iy >= h) continue;
    for (let kx = 0; kx < kernel[1]; kx++) {
      const ix = ox * stride[1] - padding[1] + kx * dilation[1];
      if (ix >= 0 && ix < w) visit(iy, ix, ky, kx);
    }
  }
}
