// Frame sampling: a frame rate, and of those frames a number, evenly over the clip, or all.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import type { VideoClassificationInput } from './contract/input.ts';

/** Resamples `count` frames shown `rate` per second; returns frame indices. */
export function chosenFrames(
  count: number,
  rate: number,
  { rate: wanted, frames, maxFrames }: Pick<VideoClassificationInput, 'rate' | 'frames' | 'maxFrames'>,
): number[] {
  checkRate(rate);
  const all = wanted === null ? Array.from({ length: count }, (_, t) => t) : atRate(count, 1000 / rate, wanted);
  return evenly(all.length, frames ?? maxFrames).map((k) => all[k]);
}

/** Throws an OptionError unless frames can be shown so many a second. */
export function checkRate(rate: number): void {
  if (typeof rate === 'number' && rate > 0 && rate <= 1000) return;
  throw new OptionError(
    'video-classification',
    'rate',
    `expected frames a second, above 0 and up to 1000, got ${shown(rate)}`,
  );
}

/** Indices of `wanted` of `count` frames, or of all: the middle of each part. */
export function evenly(count: number, wanted: number): number[] {
  if (count <= wanted) return Array.from({ length: count }, (_, t) => t);
  return Array.from({ length: wanted }, (_, t) => Math.floor(((t + 0.5) * count) / wanted));
}

/** The frames shown at every 1/rate of a second, for frames shown for `delay` milliseconds. */
function atRate(count: number, delay: number, rate: number): number[] {
  const chosen: number[] = [];
  for (let t = 0; t < count; t++) for (let n = timesTaken(t, chosen.length, delay, rate); n > 0; n--) chosen.push(t);
  return chosen;
}

/** How often frame `t` is taken, when `taken` were taken of the frames before it: not at all, once, or more often where frames come slowly. */
export function timesTaken(t: number, taken: number, delay: number, rate: number): number {
  let n = 0;
  while (((taken + n) * 1000) / rate < (t + 1) * delay - 1e-6) n++;
  return n;
}
