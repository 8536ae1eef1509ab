import { expect, test } from 'vitest';
import { Pieces } from './pieces.ts';

function make() {
  const calls: string[] = [];
  const pieces = new Pieces<number>({
    onStart: () => calls.push('start'),
    onLeave: () => calls.push('leave'),
    onFull: () => calls.push('full'),
    onDrained: () => calls.push('drained'),
  });
  return { pieces, calls };
}

test('pieces come in their order, whether they or their readers wait; the work begins with the first reader', async () => {
  const { pieces, calls } = make();
  expect(calls).toEqual([]);
  const early = [pieces.next(), pieces.next()];
  expect(calls).toEqual(['start']);
  for (let n = 0; n < 4; n++) pieces.push(n, 1);
  pieces.end();
  pieces.push(9, 1);
  expect(await Promise.all(early)).toEqual([0, 1].map((value) => ({ value, done: false })));
  const rest: number[] = [];
  for await (const piece of pieces) rest.push(piece);
  expect(rest).toEqual([2, 3]);
  expect(await pieces.next()).toEqual({ value: undefined, done: true });
  expect(calls).toEqual(['start']);
});

test('an error comes behind what waits, once', async () => {
  const { pieces } = make();
  pieces.push(1, 1);
  pieces.fail(new Error('broken'));
  pieces.fail(new Error('again'));
  expect(await pieces.next()).toEqual({ value: 1, done: false });
  await expect(pieces.next()).rejects.toThrow('broken');
  expect(await pieces.next()).toEqual({ value: undefined, done: true });
  const { pieces: other } = make();
  const [first, second] = [other.next(), other.next()];
  other.fail(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  expect(await second).toEqual({ value: undefined, done: true });
});

test('a reader who leaves is heard at once, even while it waits', async () => {
  const { pieces, calls } = make();
  const waiting = pieces.next();
  await pieces.return();
  expect(await waiting).toEqual({ value: undefined, done: true });
  await pieces.return();
  pieces.push(1, 1);
  expect(await pieces.next()).toEqual({ value: undefined, done: true });
  expect(calls).toEqual(['start', 'leave']);
  const { pieces: unread, calls: none } = make();
  await unread.return();
  expect(await unread.next()).toEqual({ value: undefined, done: true });
  expect(none).toEqual([]);
});

test('a slow reader lets the work rest above 64 KiB, and it goes on below 16 KiB', async () => {
  const { pieces, calls } = make();
  const first = pieces.next();
  pieces.push(0, 1024);
  await first;
  for (let n = 1; n <= 64; n++) pieces.push(n, 1024);
  expect(calls).toEqual(['start']);
  pieces.push(65, 1);
  pieces.push(66, 1);
  expect(calls).toEqual(['start', 'full']);
  for (let n = 1; n <= 47; n++) await pieces.next();
  expect(calls).toEqual(['start', 'full']);
  for (let n = 48; n <= 49; n++) await pieces.next();
  expect(calls).toEqual(['start', 'full', 'drained']);
});
