// The files' bytes are written out here as the published layout has them.

import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../encoding.ts';
import { readNpy } from './npy.ts';

function npy(
  descr: string,
  shape: string,
  data: ArrayLike<number> & ArrayBufferView,
  { version = 1, order = 'False' } = {},
) {
  const text = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const start = version === 1 ? 10 : 12;
  const header = encodeUtf8(text.padEnd(64 * Math.ceil((start + text.length + 1) / 64) - start - 1) + '\n');
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const length =
    version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...encodeUtf8('NUMPY'), version, 0, ...length, ...header, ...raw]);
}

describe('readNpy', () => {
  test.each([1, 2, 3])('version %i: the numbers and their shape', (version) => {
    const { shape, data } = readNpy(npy("'<f4'", '2, 3', Float32Array.of(1, -2.5, 3, 4, 5, 6), { version }));
    expect(shape).toEqual([2, 3]);
    expect(data).toEqual(Float32Array.of(1, -2.5, 3, 4, 5, 6));
  });

  test('all kinds of numbers; one number, a row, and nothing', () => {
    expect(readNpy(npy("'<f8'", '2,', Float64Array.of(0.1, -1e300))).data).toEqual(Float64Array.of(0.1, -1e300));
    // 1, −2, 65504 and the smallest number in half precision
    expect(Array.from(readNpy(npy("'<f2'", '4,', Uint16Array.of(0x3c00, 0xc000, 0x7bff, 1))).data)).toEqual([
      1,
      -2,
      65504,
      2 ** -24,
    ]);
    expect(readNpy(npy("'|u1'", '3,', Uint8Array.of(0, 1, 255))).data).toEqual(Uint8Array.of(0, 1, 255));
    expect(readNpy(npy("'<i4'", '1, 1', Int32Array.of(-7))).data).toEqual(Int32Array.of(-7));
    expect(readNpy(npy("'<i8'", '', BigInt64Array.of(-9n) as unknown as Int32Array))).toEqual({
      shape: [],
      data: Float64Array.of(-9),
    });
    expect(readNpy(npy("'<f4'", '0, 512', new Float32Array(0)))).toEqual({
      shape: [0, 512],
      data: new Float32Array(0),
    });
  });

  test('a row stored either way is the same', () => {
    expect(readNpy(npy("'<f4'", '1, 2', Float32Array.of(1, 2), { order: 'True' })).shape).toEqual([1, 2]);
  });

  test.each([
    [
      'cut off',
      npy("'<f4'", '2, 3', Float32Array.of(1, 2, 3, 4, 5)),
      'x.npy: should hold 24 bytes of numbers [2, 3] and holds 20; is it cut off?',
    ],
    ['cut off in its header', npy("'<f4'", '2', Float32Array.of(1)).subarray(0, 40), 'x.npy: ends within its header'],
    ['of Python objects', npy("'|O'", '2', Uint8Array.of(1, 2)), 'holds Python objects'],
    ['of records', npy("[('a', '<f4')]", '2', Float32Array.of(1, 2)), 'records of several fields'],
    [
      'column by column',
      npy("'<f4'", '2, 2', Float32Array.of(1, 2, 3, 4), { order: 'True' }),
      'numpy.ascontiguousarray(x)',
    ],
    ['big-endian', npy("'>f4'", '1', Float32Array.of(1)), 'the other order'],
    ['complex', npy("'<c8'", '1', Float32Array.of(1, 2)), 'holds <c8; float16'],
    ['an archive', Uint8Array.of(0x50, 0x4b, 3, 4), '.npz'],
    ['something else', Uint8Array.of(1, 2, 3), 'is not a .npy file'],
    ['impossibly large', npy("'<f4'", '9999999999, 9999999999', Float32Array.of(1)), 'which no array is'],
    ['beyond exact integers', npy("'<i8'", '1', BigInt64Array.of(2n ** 60n) as unknown as Int32Array), 'beyond those'],
  ])('refuses what is %s', (_what, bytes, message) => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow(message);
  });
});
