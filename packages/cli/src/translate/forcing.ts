// How much of the truth the decoder reads: a share that is the same all through, or falls from 1 to that share over the whole run.

import { type TeacherForcingSchedule, teacherForcingRatio, OptionError } from 'unrolled';
import type { ForcingName } from './options.ts';

/** ε(0) ≈ 1 and ε(steps) = `share`. */
export function forcingOf(name: ForcingName, share: number, steps: number): number | TeacherForcingSchedule {
  if (name === 'constant' || share === 1) return share;
  switch (name) {
    case 'linear':
      return { kind: 'linear', slope: (1 - share) / steps, minimum: share };
    case 'exponential':
      return { kind: 'exponential', k: Math.min(aboveZero(name, share) ** (1 / steps), 1 - 1e-12) };
    case 'inverse-sigmoid':
      return { kind: 'inverse-sigmoid', k: sigmoidK(aboveZero(name, share), steps) };
    default:
      return name satisfies never;
  }
}

function aboveZero(name: string, share: number): number {
  if (share > 0) return share;
  throw new OptionError('train translate', '--teacher-forcing', `${name} never reaches 0; say 0.01, or linear`);
}

/** The k at which k / (k + exp(steps / k)) is `share`: it grows with k, so the interval is halved. */
function sigmoidK(share: number, steps: number): number {
  let [low, high] = [1, Math.max(2, steps * 10)];
  for (let i = 0; i < 100; i++) {
    const k = (low + high) / 2;
    if (teacherForcingRatio({ kind: 'inverse-sigmoid', k }, steps) < share) low = k;
    else high = k;
  }
  return high;
}
