import { expect, test } from 'vitest';
import { dropoutMask, philox, philoxWords } from './random.ts';
import { ReferenceBackend } from './reference.ts';

const backend = new ReferenceBackend();
const hex = (words: readonly number[]) => words.map((w) => w.toString(16).padStart(8, '0')).join(' ');

test('philox gives the known answers that Random123 publishes', () => {
  const ones = 0xffffffff;
  expect(hex(philoxWords([0, 0], [0, 0, 0, 0]))).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
  expect(hex(philoxWords([ones, ones], [ones, ones, ones, ones]))).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
  expect(hex(philoxWords([0xa4093822, 0x299f31d0], [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]))).toBe(
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  );
});

test('key and counter are split into two words each', () => {
  const [key, counter] = [3 * 2 ** 32 + 7, 2 ** 53 - 1];
  expect(philox(key, counter)).toEqual(philoxWords([7, 3], [0xffffffff, 2 ** 21 - 1, 0, 0]));
});

test('a dropout mask is a function of key, counter and position alone', () => {
  const whole = backend.allocate('float32', 23);
  dropoutMask(whole, 0.3, 5, 100);
  const rest = backend.allocate('float32', 15);
  dropoutMask(rest, 0.3, 5, 102); // two blocks of four further on
  expect(rest.array).toEqual(whole.slice(8, 15).array);

  const words = philox(5, 100);
  const expected = words.map((w) => (w / 2 ** 32 < 0.3 ? 0 : Math.fround(1 / 0.7)));
  expect([...whole.array.subarray(0, 4)]).toEqual(expected);
});

test('a dropout mask drops the fraction it is asked for, and keeps the mean', () => {
  const mask = backend.allocate('float64', 20_000);
  for (const p of [0, 0.25, 0.8]) {
    dropoutMask(mask, p, 1234, 0);
    const dropped = Array.from(mask.array).filter((m) => m === 0).length / mask.length;
    const mean = Array.from(mask.array).reduce((sum, m) => sum + m, 0) / mask.length;
    expect(Math.abs(dropped - p)).toBeLessThan(0.01);
    expect(Math.abs(mean - 1)).toBeLessThan(0.05);
  }
  dropoutMask(mask, 1, 1234, 0);
  expect(mask.array.every((m) => m === 0)).toBe(true);
});

test('a number that is exactly p is kept: what is dropped is below it', () => {
  const u = philox(7, 3).map((word) => (word >>> 8) * 2 ** -24);
  const mask = backend.allocate('float64', 4);
  for (const [k, p] of u.entries()) {
    dropoutMask(mask, p, 7, 3);
    expect([...mask.array].map((m) => m === 0)).toEqual(u.map((other) => other < p));
    expect(mask.array[k]).toBe(1 / (1 - p));
  }
});
