// The page's side of the protocol with a worker that does as it is told: silence for half a minute is a death, a sleep of the page is none.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WorkerClient } from './client.ts';

class FakeWorker {
  static all: FakeWorker[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  readonly sent: { readonly id: number }[] = [];
  ended = false;
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(message: { readonly id: number }): void {
    this.sent.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
}

beforeEach(() => {
  FakeWorker.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('Worker', FakeWorker);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a worker that says nothing for half a minute while it has work is replaced, and what waited is told', async () => {
  const lost = vi.fn<() => void>();
  const client = new WorkerClient('trainer', () => {}, lost);
  const waiting = client.call('ping').catch((error: Error) => error.name);
  vi.advanceTimersByTime(30_000);
  expect(lost).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5000);
  expect([lost.mock.calls.length, FakeWorker.all[0].ended]).toEqual([1, true]);
  expect(await waiting).toBe('WorkerLost');
  void client.call('ping').catch(() => {});
  expect(FakeWorker.all.length).toBe(2);
});

test('a computer that slept for an hour has not been waited for', () => {
  const lost = vi.fn<() => void>();
  const client = new WorkerClient('trainer', () => {}, lost);
  void client.call('ping').catch(() => {});
  client.working = true;
  for (let k = 0; k < 3; k++) {
    vi.setSystemTime(Date.now() + 3_600_000); // time passes, and no timer runs
    vi.advanceTimersByTime(5000);
  }
  expect(lost).not.toHaveBeenCalled();
  FakeWorker.all[0].onmessage?.({ data: { id: 1, value: null } });
});

test('what is stopped is no death', async () => {
  const lost = vi.fn<() => void>();
  const client = new WorkerClient('lessons', () => {}, lost);
  const waiting = client.call('lessonMeasure', { name: 'vanish' }).catch((error: Error) => error.message);
  client.stop();
  expect(await waiting).toBe('stopped');
  expect([lost.mock.calls.length, FakeWorker.all[0].ended]).toEqual([0, true]);
});
