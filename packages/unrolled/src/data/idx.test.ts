import { describe, expect, test } from 'vitest';
import { pictureRows, readIdx } from './idx.ts';

/** Two pictures of 2 × 3. */
const bytes = Uint8Array.of(
  0,
  0,
  8,
  3,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  3,
  0,
  51,
  102,
  153,
  204,
  255,
  1,
  2,
  3,
  4,
  5,
  6,
);

describe('IDX', () => {
  test('reads axes and values', () => {
    expect(readIdx(bytes)).toEqual({ shape: [2, 2, 3], data: bytes.subarray(16) });
    expect(readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9))).toEqual({ shape: [2], data: Uint8Array.of(7, 9) });
  });

  test('reads bytes that lie within a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 5);
    expect(readIdx(larger.subarray(5)).shape).toEqual([2, 2, 3]);
  });

  test('a picture is its rows, one a step', () => {
    const x = pictureRows(readIdx(bytes), [1, 0]);
    const [b1, b0] = [[1, 2, 3, 4, 5, 6].map((v) => v / 255), [0, 0.2, 0.4, 0.6, 0.8, 1]];
    const expected = [...b1.slice(0, 3), ...b0.slice(0, 3), ...b1.slice(3), ...b0.slice(3)];
    expected.forEach((v, i) => expect(x[i]).toBeCloseTo(v, 6));
  });

  test.each<[string, Uint8Array, string]>([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'digits: is compressed with gzip; unzip it first'],
    [
      'another file',
      Uint8Array.of(137, 80, 78, 71),
      'digits: is not an IDX file: it does not begin with two zero bytes',
    ],
    [
      'floats',
      Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0),
      'digits: holds values of type 0x0d; only bytes (0x08) are read',
    ],
    ['half a header', bytes.subarray(0, 10), 'digits: ends within its header of 16 bytes'],
    ['a cut file', bytes.subarray(0, -1), 'digits: should hold 2 × 2 × 3 bytes after its header and holds 11'],
    ['nothing', new Uint8Array(0), 'digits: is not an IDX file'],
  ])('refuses %s', (_what, data, message) => {
    expect(() => readIdx(data, 'digits')).toThrow(message);
  });
});
