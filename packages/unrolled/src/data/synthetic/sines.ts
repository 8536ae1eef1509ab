import { requireWhole, shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { Random } from '../../random.ts';
import type { Series } from '../series.ts';

const mostNumbers = 2 ** 27; // of a series

/** Options of `makeSines`. */
export interface SinesOptions {
  /** Number of channels. Default 3. */
  readonly channels?: number;
  /** Standard deviation of the noise. Default 0.1. */
  readonly noise?: number;
}

/**
 * Waves with noise, in `count` steps of `channels` values. Each channel is a fast wave (a day of 24 steps) on a slow one (a week of 168), with
 * its own height and phase, about its own level; the waves are common to all, so that channels are informative about each other:
 *
 *   channel 1  ∿∿∿∿⁀∿∿∿∿‿∿∿∿∿        level₁ + height₁·( sin 2π(t/24 + phase₁) + ½ sin 2π(t/168 + phase₁) ) + noise
 *   channel 2  ‿∿∿∿∿⁀∿∿∿∿‿∿∿∿
 *
 * No forecast can be better than the noise: its expected squared error is at least noise².
 */
export function makeSines(count: number, seed: number, options: SinesOptions = {}): Series {
  checkOptions('makeSines', options, ['channels', 'noise']);
  const { channels = 3, noise = 0.1 } = options;
  requireWhole('makeSines', 'channels', channels, 1, 1024);
  requireWhole('makeSines', 'count', count, 0, Math.floor(mostNumbers / channels));
  requireNoise('makeSines', noise);
  const random = new Random(seed);
  const waves = Array.from({ length: channels }, () => ({
    level: 10 * random.normal(),
    height: 0.5 + 2 * random.uniform(),
    phase: random.uniform(),
  }));
  const values = new Float32Array(count * channels);
  for (let t = 0, k = 0; t < count; t++) {
    for (const { level, height, phase } of waves) {
      const wave = sine(t / 24 + phase) + 0.5 * sine(t / 168 + phase);
      values[k++] = level + height * wave + noise * random.normal();
    }
  }
  return { values, names: waves.map((_, c) => `wave ${c + 1}`) };
}

/** Throws an OptionError for a standard deviation that is no number from 0. */
export function requireNoise(who: string, noise: unknown): void {
  if (!(typeof noise === 'number' && noise >= 0 && noise < Infinity))
    throw new OptionError(who, 'noise', `expected a number from 0, got ${shown(noise)}`);
}

/** sin 2πu by its series, from + and × alone: an engine's Math.sin may differ from another's in the last bit. */
export function sine(u: number): number {
  let turn = u - Math.floor(u + 0.5); // in [−½, ½)
  if (turn > 0.25) turn = 0.5 - turn;
  if (turn < -0.25) turn = -0.5 - turn;
  const x = 2 * Math.PI * turn;
  let sum = 0;
  for (let n = 19; n >= 3; n -= 2) sum = ((sum + 1) * -x * x) / (n * (n - 1));
  return x * (1 + sum);
}
