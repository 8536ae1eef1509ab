// Frame sampling: a frame rate, and of those frames a number, evenly over the clip, or all.

import { OptionError } from '../errors.ts';
import type { VideoClassificationInput } from './contract/input.ts';

/** Resamples `count` frames shown `rate` per second; returns frame indices. */
export function chosenFrames(
  count: number,
  rate: number,
  { rate: wanted, frames, maxFrames }: Pick<VideoClassificationInput, 'rate' | 'frames' | 'maxFrames'>,
): number[] {
  if (!(rate > 0 && rate <= 1000))
    throw new OptionError(
      'video-classification',
      'rate',
      `expected frames a second, above 0 and up to 1000, got ${rate}`,
    );
  const all = wanted === null ? Array.from({ length: count }, (_, t) => t) : atRate(count, 1000 / rate, wanted);
  return evenly(all.length, frames ?? maxFrames).map((k) => all[k]);
}

/** Indices of `wanted` of `count` frames, or of all: the middle of each part. */
export function evenly(count: number, wanted: number): number[] {
  if (count <= wanted) return Array.from({ length: count }, (_, t) => t);
  return Array.from({ length: wanted }, (_, t) => Math.floor(((t + 0.5) * count) / wanted));
}

/** The frames shown at every 1/rate of a second, for frames shown for `delay` milliseconds. */
function atRate(count: number, delay: number, rate: number): number[] {
  const chosen: number[] = [];
  for (let t = 0, end = delay; t < count; t++, end += delay)
    while ((chosen.length * 1000) / rate < end - 1e-6) chosen.push(t);
  return chosen;
}
