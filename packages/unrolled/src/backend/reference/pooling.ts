// Pooling: the largest or the mean of what a window stands on.

import type { WindowSizes } from '../backend.ts';
import type { Storage } from '../storage.ts';
import { under } from './convolution.ts';

/** Every place of every image: its number in y, and where its image begins in x. */
function places(
  { B, C, h, w, oh, ow }: WindowSizes,
  visit: (at: number, start: number, oy: number, ox: number) => void,
): void {
  for (let at = 0; at < B * C * oh * ow; at++) {
    visit(at, Math.floor(at / (oh * ow)) * h * w, Math.floor(at / ow) % oh, at % ow);
  }
}

export function maxPool(y: Storage, index: Storage, x: Storage, sizes: WindowSizes): void {
  places(sizes, (at, start, oy, ox) => {
    let [largest, where] = [-Infinity, -1];
    under(sizes, oy, ox, (iy, ix) => {
      const pixel = iy * sizes.w + ix;
      const value = x.array[start + pixel];
      if (where >= 0 && !(value > largest) && !(Number.isNaN(value) && !Number.isNaN(largest))) return;
      [largest, where] = [value, pixel];
    });
    y.array[at] = largest;
    index.array[at] = where;
  });
}

export function maxPoolBackward(
  dx: Storage,
  dy: Storage,
  index: Storage,
  planes: number,
  pixels: number,
  placesOfPlane: number,
): void {
  dx.array.fill(0, 0, planes * pixels);
  for (let at = 0; at < planes * placesOfPlane; at++) {
    if (index.array[at] >= 0) dx.array[Math.floor(at / placesOfPlane) * pixels + index.array[at]] += dy.array[at];
  }
}

/** What the sum under a window is divided by. Padding reaches `padding` beyond each edge, and no further. */
function divisor(sizes: WindowSizes, countPadding: boolean, oy: number, ox: number): number {
  const { h, w, kernel, stride, padding } = sizes;
  const size = [h, w];
  const count = [oy, ox].map((place, axis) => {
    const from = place * stride[axis] - padding[axis];
    const [low, high] = countPadding ? [-padding[axis], size[axis] + padding[axis]] : [0, size[axis]];
    return Math.max(0, Math.min(from + kernel[axis], high) - Math.max(from, low));
  });
  return Math.max(1, count[0] * count[1]);
}

export function averagePool(y: Storage, x: Storage, countPadding: boolean, sizes: WindowSizes): void {
  const window: WindowSizes = { ...sizes, dilation: [1, 1] };
  places(window, (at, start, oy, ox) => {
    let sum = 0;
    under(window, oy, ox, (iy, ix) => {
      sum += x.array[start + iy * sizes.w + ix];
    });
    y.array[at] = sum / divisor(sizes, countPadding, oy, ox);
  });
}

export function averagePoolBackward(dx: Storage, dy: Storage, countPadding: boolean, sizes: WindowSizes): void {
  const window: WindowSizes = { ...sizes, dilation: [1, 1] };
  dx.array.fill(0, 0, sizes.B * sizes.C * sizes.h * sizes.w);
  places(window, (at, start, oy, ox) => {
    const share = dy.array[at] / divisor(sizes, countPadding, oy, ox);
    under(window, oy, ox, (iy, ix) => {
      dx.array[start + iy * sizes.w + ix] += share;
    });
  });
}
