// Frame sampling, the same for training and for predictions: the frames shown at a rate, and of those a number, evenly over the clip.

import { requireKinds, requireWhole, shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

const mostFrames = 2 ** 24;

/** Indices of `wanted` of `count` frames, the middle of each of as many parts; all of them where there are no more. */
export function sampleEvenly(count: number, wanted: number): number[] {
  requireWhole('sampleEvenly', 'count', count, 0, mostFrames);
  requireWhole('sampleEvenly', 'wanted', wanted, 0, mostFrames);
  if (count <= wanted) return Array.from({ length: count }, (_, t) => t);
  return Array.from({ length: wanted }, (_, t) => Math.floor(((t + 0.5) * count) / wanted));
}

/** Indices of the frames shown at every 1/rate of a second, for frames with `durations` in milliseconds; long ones come several times. */
export function sampleAtRate(durations: ArrayLike<number>, rate: number): number[] {
  requireKinds('sampleAtRate', { durations, rate }, { durations: 'numbers', rate: 'number' });
  const total = Array.from(durations).reduce((sum, duration) => sum + duration, 0);
  if (!(rate > 0 && (total * rate) / 1000 <= mostFrames))
    throw new OptionError('sampleAtRate', 'rate', `expected frames per second above 0, got ${shown(rate)}`);
  const chosen: number[] = [];
  let end = 0;
  for (let t = 0; t < durations.length; t++) {
    end += durations[t];
    for (let n = timesTaken(end, chosen.length, rate); n > 0; n--) chosen.push(t);
  }
  return chosen;
}

/** How often the frame that is shown until `end` (milliseconds) is sampled, where `taken` were sampled before it. */
export function timesTaken(end: number, taken: number, rate: number): number {
  let n = 0;
  while (((taken + n) * 1000) / rate < end - 1e-6) n++;
  return n;
}
