// Recording by a camera whose frames come when the test says so.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Recorder } from './recorder.ts';

class FakeCamera {
  take: ((frame: Uint8Array) => void) | null = null;
  #next = 0;

  follow(_: number, take: (frame: Uint8Array) => void): () => void {
    this.take = take;
    return () => {
      this.take = null;
    };
  }

  see(count: number): void {
    for (let k = 0; k < count; k++) this.take?.(Uint8Array.of(this.#next++));
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const begun = (count: number | null, countdown = 0, more = true) => {
  const [camera, recorder, clips] = [new FakeCamera(), new Recorder({ frames: 3, rate: 12 }), [] as number[][]];
  recorder.start(camera, { id: 1, count, countdown, take: (clip) => clips.push(Array.from(clip)) > 0 && more });
  return { camera, recorder, clips };
};

test('while a button is held a clip follows the other; the one that had begun when it was let go is finished', () => {
  const { camera, recorder, clips } = begun(null);
  camera.see(4);
  expect([clips, recorder.now.value?.part]).toEqual([[[0, 1, 2]], 1 / 3]);
  recorder.release();
  expect(recorder.now.value).not.toBeNull();
  camera.see(5);
  expect([clips, recorder.now.value, camera.take]).toEqual([
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
    null,
    null,
  ]);
});

test('a number of clips begins after a countdown, says how far it is, and ends by itself', () => {
  const { camera, recorder, clips } = begun(2, 3);
  expect([recorder.now.value?.countdown, camera.take]).toEqual([3, null]);
  vi.advanceTimersByTime(2000);
  expect([recorder.now.value?.countdown, camera.take]).toEqual([1, null]);
  vi.advanceTimersByTime(1000);
  camera.see(3);
  expect(recorder.now.value).toMatchObject({ countdown: 0, done: 1, count: 2 });
  camera.see(99);
  expect([clips.length, recorder.now.value]).toEqual([2, null]);
});

test('what is stopped ends at once, in the countdown too, and leaves the clip out that had begun', () => {
  const early = begun(2, 3);
  early.recorder.stop();
  vi.advanceTimersByTime(9000);
  expect([early.camera.take, early.recorder.now.value]).toEqual([null, null]);
  const { camera, recorder, clips } = begun(null);
  camera.see(5);
  recorder.stop();
  camera.see(5);
  expect(clips).toEqual([[0, 1, 2]]);
  recorder.start(camera, { id: 2, count: 1, countdown: 0, take: (clip) => clips.push(Array.from(clip)) > 0 });
  camera.see(3);
  expect(clips.at(-1)).toEqual([5, 6, 7]);
});

test('it ends where no more clips are taken', () => {
  const { camera, recorder, clips } = begun(null, 0, false);
  camera.see(9);
  expect([clips.length, recorder.now.value]).toEqual([1, null]);
});
