// The tracks of a trace while they are written.

import type { Trace, UnitTrack } from './unit-track.ts';

/** Tracks of so many steps, made when their first values come. */
export class TrackWriter {
  readonly #steps: number;
  readonly #tracks = new Map<string, UnitTrack>();

  constructor(steps: number) {
    this.#steps = steps;
  }

  /** Writes the values [.., H] of a track from step n on. */
  put(about: Omit<UnitTrack, 'size' | 'values'>, size: number, n: number, values: ArrayLike<number>): void {
    const key = `${about.layer} ${about.kind} ${about.what}`;
    let track = this.#tracks.get(key);
    if (!track) {
      track = { ...about, size, values: new Float32Array(this.#steps * size) };
      this.#tracks.set(key, track);
    }
    track.values.set(values, n * size);
  }

  trace(): Trace {
    const tracks = Array.from(this.#tracks.values(), (track): UnitTrack => {
      const candidate = track.kind === 'gate' && track.values.some((v) => v < 0 || v > 1);
      return candidate ? { ...track, kind: 'candidate' } : track;
    });
    return { steps: this.#steps, tracks };
  }
}
