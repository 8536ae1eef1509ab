import { describe, expect, test } from 'vitest';
import { FormatError, OptionError } from '../errors.ts';
import { imageRows, readIdx } from './idx.ts';
import { processorTime } from '../../../../test/processor-time.ts';

/** Two images of 2 × 3. */
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

  test('an image is its rows, one a step', () => {
    const x = imageRows(readIdx(bytes), [1, 0]);
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

/** A header of axes of these sizes, and so many bytes. */
function idx(
  sizes: readonly number[],
  data: number,
  { type = 8, zeros = [0, 0], axes = sizes.length } = {},
): Uint8Array {
  const shape = sizes.flatMap((n) => [24, 16, 8, 0].map((k) => (n >>> k) & 255));
  return Uint8Array.from([...zeros, type, axes, ...shape, ...new Uint8Array(data)]);
}

const most = 2 ** 32 - 1;
const hostile: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ...Array.from({ length: 16 }, (_, k) => [`cut after ${k} bytes`, bytes.subarray(0, k)] as const),
  ...[0, 1, 7, 9, 11, 12, 13, 14, 255].map((type) => [`of type ${type}`, idx([2], 2, { type })] as const),
  ['a first byte that is not zero', idx([2], 2, { zeros: [1, 0] })],
  ['a second byte that is not zero', idx([2], 2, { zeros: [0, 1] })],
  ['a byte too few', idx([2, 2], 3)],
  ['a byte too many', idx([2, 2], 5)],
  ['no axes and two values', idx([], 2)],
  ['an axis more than there is', idx([2], 2, { axes: 2 })],
  ['255 axes in a small file', idx([2], 2, { axes: 255 })],
  ['4 GiB in a small file', idx([most], 4)],
  ['sizes the other way round', idx([0x02000000], 2)],
  ['a product that overflows', idx([most, most, most], 0)],
  ['a product that overflows to zero', idx([2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31], 0)],
  ['an overflow behind a zero', idx([0, most, most], 0)],
  ['an overflow before a zero', idx([most, most, 0], 0)],
  ['255 axes of the most', idx(Array<number>(255).fill(most), 0)],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)],
];

test.each(hostile)('hostile: %s', async (_, file) => {
  const took = await processorTime(() => expect(() => readIdx(file, 'x.idx')).toThrow(FormatError));
  expect(took).toBeLessThan(1000);
});

test('there are forty of them; images that are not there, and of no pixels, are refused', () => {
  expect(hostile.length).toBeGreaterThanOrEqual(40);
  expect(() => readIdx('abc' as unknown as Uint8Array)).toThrow(OptionError);
  const images = readIdx(bytes);
  for (const which of [2, -1, 0.5, Number.NaN])
    expect(() => imageRows(images, [which])).toThrow('expected numbers of images, 0 to 1');
  expect(() => imageRows(readIdx(idx([1, most, 0], 0)), [0])).toThrow('images of 4294967295 × 0 have no pixels');
});
