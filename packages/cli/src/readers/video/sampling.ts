// Options of frame sampling, and sampling of a stream whose length is not known.

import { OptionError } from 'unrolled';
import { sampleEvenly } from 'unrolled/data';

export interface Sampling {
  /** Number of frames, sampled evenly: the middle of each of as many parts. A shorter clip keeps all it has. Null for all, or for `rate`. */
  readonly frames: number | null;
  /** Frames per second to sample. */
  readonly rate: number | null;
  /** Maximum number of frames; a longer clip is sampled evenly. Default 500. */
  readonly maxFrames: number;
  /** Frame rate of folders of frames, which do not say so themselves. Default 25. */
  readonly folderRate: number;
}

export function sampling(options: Partial<Sampling> = {}): Sampling {
  const all: Sampling = { frames: null, rate: null, maxFrames: 500, folderRate: 25, ...options };
  for (const name of ['frames', 'maxFrames'] as const) {
    const value = all[name];
    if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= 100_000))
      throw new OptionError('clips', name, `expected a whole number from 1 to 100000, got ${value}`);
  }
  for (const name of ['rate', 'folderRate'] as const) {
    const value = all[name];
    if (value !== null && !(value > 0 && value <= 1000))
      throw new OptionError('clips', name, `expected frames a second, above 0 and up to 1000, got ${value}`);
  }
  if (all.frames !== null && all.rate !== null)
    throw new OptionError('clips', 'frames, rate', 'a number of frames or a number a second, not both');
  return all;
}

/**
 * Samples a stream of unknown length in bounded memory: every frame while there are few, then every second, every fourth, …
 * From these `take` chooses evenly; up to twice `wanted` frames that is exact, and beyond it off by at most a quarter of the distance.
 */
export class Thinned {
  readonly #wanted: number;
  readonly #most: number;
  #kept: Uint8Array[] = [];
  #stride = 1;
  seen = 0;

  constructor(wanted: number) {
    this.#wanted = wanted;
    this.#most = Math.max(256, 2 * wanted);
  }

  add(frame: Uint8Array): void {
    if (this.seen++ % this.#stride !== 0) return;
    this.#kept.push(frame);
    if (this.#kept.length <= this.#most) return;
    this.#kept = this.#kept.filter((_, k) => k % 2 === 0);
    this.#stride *= 2;
  }

  take(): Uint8Array[] {
    return sampleEvenly(this.seen, this.#wanted).map((t) => {
      return this.#kept[Math.min(this.#kept.length - 1, Math.round(t / this.#stride))];
    });
  }
}
