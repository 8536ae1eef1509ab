// Values that go into a tensor and come out of it.

import { afterEach, expect, test, vi } from 'vitest';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { indices, tensor } from './index.ts';
import { yieldToEventLoop } from './yield-to-event-loop.ts';

const options = { backend: new ReferenceBackend() };
afterEach(() => void vi.useRealTimers());

test('a tensor takes the values of another, of whatever dtype, backend or part of its own memory', () => {
  const x = tensor([1, 2, 3, 4], undefined, options);
  x.set(tensor([5, 6, 7, 8], undefined, options));
  expect(x.toArray()).toEqual([5, 6, 7, 8]);
  x.set(tensor([0.5, 1.5, 2.5, 3.5], undefined, { ...options, dtype: 'float64' }));
  expect(x.toArray()).toEqual([0.5, 1.5, 2.5, 3.5]);
  x.set(indices([9, 8, 7, 6], undefined, options));
  expect(x.toArray()).toEqual([9, 8, 7, 6]);
  x.set(tensor([1, 2, 3, 4], undefined, { backend: new ReferenceBackend() }));
  expect(x.toArray()).toEqual([1, 2, 3, 4]);
  x.slice(0, 1, 4).set(x.slice(0, 0, 3)); // the windows overlap
  expect(x.toArray()).toEqual([1, 1, 2, 3]);
  x.slice(0, 0, 3).set(x.slice(0, 1, 4));
  expect(x.toArray()).toEqual([1, 2, 3, 3]);
});

test('reading a value lets others have a turn, but no more often than every 12 ms', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const waited = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    let turn = false;
    setImmediate(() => (turn = true));
    await yieldToEventLoop();
    const had = turn;
    await new Promise((resolve) => setImmediate(resolve));
    return had;
  };
  vi.advanceTimersByTime(1e9); // beyond all turns that other tests had
  await yieldToEventLoop();
  expect([await waited(0), await waited(11), await waited(1), await waited(11), await waited(13)]).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
});
