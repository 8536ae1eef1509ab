// Frame sampling as a run's input contract says: a frame rate, and of those frames a number, evenly over the clip, or all.

import { shown } from '../checks.ts';
import { sampleAtRate, sampleEvenly } from '../data/frames.ts';
import { OptionError } from '../errors.ts';
import type { VideoClassificationInput } from './contract/input.ts';

/** Resamples `count` frames shown `rate` per second; returns frame indices. */
export function chosenFrames(
  count: number,
  rate: number,
  { rate: wanted, frames, maxFrames }: Pick<VideoClassificationInput, 'rate' | 'frames' | 'maxFrames'>,
): number[] {
  checkRate(rate);
  if (wanted === null) return sampleEvenly(count, frames ?? maxFrames);
  const all = sampleAtRate(new Array<number>(count).fill(1000 / rate), wanted);
  return sampleEvenly(all.length, frames ?? maxFrames).map((k) => all[k]);
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
