// Clips of the same length, one after the other: while a button is held, or a number of them after a countdown.

import { type ReadonlySignal, signal } from '@preact/signals';
import { clipOf } from '../data/frames.ts';
import type { Camera } from './camera.ts';

/** What is being recorded. */
export interface Recording {
  /** What it is for. */
  readonly id: number;
  /** Seconds until it begins. */
  readonly countdown: number;
  /** Clips that were recorded, and how many there are to be; null while a button is held. */
  readonly done: number;
  readonly count: number | null;
  /** How much of the clip is recorded, from 0 to 1. */
  readonly part: number;
}

interface RecordOptions extends Pick<Recording, 'id' | 'countdown' | 'count'> {
  /** Gets every clip. Returns whether another one can be taken. */
  readonly take: (clip: Uint8Array) => boolean;
}

export class Recorder {
  readonly #now = signal<Recording | null>(null);
  readonly #frames: number;
  readonly #rate: number;
  #end: () => void = () => {};
  #released = false;

  /** `frames` of a clip, and how many there are a second. */
  constructor({ frames, rate }: { readonly frames: number; readonly rate: number }) {
    this.#frames = frames;
    this.#rate = rate;
  }

  /** Null while nothing is recorded. */
  get now(): ReadonlySignal<Recording | null> {
    return this.#now;
  }

  start(camera: Pick<Camera, 'follow'>, { id, countdown, count, take }: RecordOptions): void {
    if (this.#now.peek()) return;
    this.#released = false;
    this.#now.value = { id, countdown, count, done: 0, part: 0 };
    if (countdown === 0) {
      this.#record(camera, take);
      return;
    }
    const timer = setInterval(() => {
      const left = this.#put({ countdown: (this.#now.peek()?.countdown ?? 1) - 1 }).countdown;
      if (left > 0) return;
      clearInterval(timer);
      this.#record(camera, take);
    }, 1000);
    this.#end = () => clearInterval(timer);
  }

  #record(camera: Pick<Camera, 'follow'>, take: RecordOptions['take']): void {
    let frames: Uint8Array[] = [];
    this.#end = camera.follow(this.#rate, (frame) => {
      frames.push(frame);
      this.#put({ part: frames.length / this.#frames });
      if (frames.length < this.#frames) return;
      const { done, count } = this.#put({ done: (this.#now.peek()?.done ?? 0) + 1, part: 0 });
      const more = take(clipOf(frames));
      frames = [];
      if (!more || this.#released || done === count) this.stop();
    });
  }

  #put(some: Partial<Recording>): Recording {
    const next = { ...(this.#now.peek() as Recording), ...some };
    this.#now.value = next;
    return next;
  }

  /** Ends after the clip that has begun: a short press records one. */
  release(): void {
    this.#released = true;
  }

  /** Ends at once; the clip that has begun is left out. */
  stop(): void {
    this.#end();
    this.#end = () => {};
    this.#now.value = null;
  }
}
