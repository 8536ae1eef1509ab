// The files' bytes are written out here as the published layout has them.

import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../encoding.ts';
import { FormatError, OptionError } from '../errors.ts';
import { readNpy, readNpyTexts } from './npy.ts';
import { processorTime } from '../../../../test/processor-time.ts';

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

/** A file with a header of any text. */
function headed(text: string, data = 0, { version = [1, 0], length = text.length } = {}): Uint8Array {
  const size = version[0] === 1 ? [length & 255, (length >> 8) & 255] : [0, 8, 16, 24].map((k) => (length >>> k) & 255);
  return Uint8Array.from([
    0x93,
    ...encodeUtf8('NUMPY'),
    ...version,
    ...size,
    ...encodeUtf8(text),
    ...new Uint8Array(data),
  ]);
}

const dictionary = (change: Readonly<Record<string, string>>) => {
  const fields = { descr: "'<f4'", fortran_order: 'False', shape: '(2,)', ...change };
  return `{${Object.entries(fields)
    .map(([key, value]) => `'${key}': ${value}, `)
    .join('')}}`;
};

const hostile: readonly (readonly [what: string, bytes: Uint8Array, message: string])[] = [
  ['nothing', new Uint8Array(0), 'does not begin with'],
  ...Array.from({ length: 12 }, (_, k) => {
    const message = k < 10 ? 'does not begin with' : 'ends within its header';
    return [`cut after ${k} bytes`, headed(dictionary({}), 8).subarray(0, k), message] as const;
  }),
  [
    'version 2, cut in its length',
    headed(dictionary({}), 8, { version: [2, 0] }).subarray(0, 11),
    'ends within its header',
  ],
  ['a file that begins with a P', Uint8Array.from([0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 'does not begin with'],
  ['a file whose second byte is a K', Uint8Array.from([0, 0x4b, 0, 0, 0, 0, 0, 0, 0, 0]), 'does not begin with'],
  ['a header of 65537 bytes', headed(' '.repeat(65537), 8, { version: [2, 0] }), 'has a header of 65537 bytes'],
  ['a header of 65536', headed(' '.repeat(65536), 8, { version: [2, 0] }), 'says no type, order and shape'],
  [
    'an axis of 2⁵³ bytes',
    headed(dictionary({ descr: "'|u1'", shape: '(9007199254740992,)' }), 8),
    'which no array is',
  ],
  [
    'an axis of one byte less',
    headed(dictionary({ descr: "'|u1'", shape: '(9007199254740991,)' }), 8),
    'should hold 9007199254740991 bytes',
  ],
  ['version 0', headed(dictionary({}), 8, { version: [0, 0] }), 'is of version 0.0; 1.0 to 3.0 are read'],
  ['version 4', headed(dictionary({}), 8, { version: [4, 0] }), 'is of version 4.0; 1.0 to 3.0 are read'],
  [
    'a header of 1 GiB in a small file',
    headed(dictionary({}), 8, { version: [2, 0], length: 2 ** 30 }),
    'ends within its header',
  ],
  [
    'a header of 4 GiB less one',
    headed(dictionary({}), 8, { version: [2, 0], length: 2 ** 32 - 1 }),
    'ends within its header',
  ],
  [
    'a header of a megabyte',
    headed(' '.repeat(2 ** 20), 8, { version: [2, 0] }),
    'has a header of 1048576 bytes; at most 65536 are read',
  ],
  ['an empty header', headed('', 8), 'says no type, order and shape'],
  [
    'a header that is not text',
    Uint8Array.from([0x93, ...encodeUtf8('NUMPY'), 1, 0, 2, 0, 0xff, 0xfe]),
    'has a header that is not text',
  ],
  ['a list for a dictionary', headed("['<f4', False, (2,)]", 8), 'says no type, order and shape'],
  ['no type', headed("{'fortran_order': False, 'shape': (2,)}", 8), 'says no type, order and shape'],
  ['no order', headed("{'descr': '<f4', 'shape': (2,)}", 8), 'says no type, order and shape'],
  ['no shape', headed("{'descr': '<f4', 'fortran_order': False}", 8), 'says no type, order and shape'],
  [
    'two shapes',
    headed(`${dictionary({})}${dictionary({ shape: '(1,)' })}`, 8),
    "has a header that says 'descr' twice",
  ],
  [
    'a program for a shape',
    headed(dictionary({ shape: "__import__('os').system('ls')" }), 8),
    'says no type, order and shape',
  ],
  ['a program for a type', headed(dictionary({ descr: '(lambda: 1)()' }), 8), 'says no type, order and shape'],
  ['a type from the prototype', headed(dictionary({ descr: "'<constructor'" }), 8), 'says no type, order and shape'],
  ['a type of 99 bytes', headed(dictionary({ descr: "'<f99'" }), 8), 'holds <f99; float16'],
  ['a date', headed(dictionary({ descr: "'<M8[s]'" }), 16), 'says no type, order and shape'],
  ['texts', headed(dictionary({ descr: "'<U4'" }), 32), 'holds <U4; float16'],
  ['a negative axis', headed(dictionary({ shape: '(-2,)' }), 8), 'says no type, order and shape'],
  ['half an axis', headed(dictionary({ shape: '(2.5,)' }), 10), 'says no type, order and shape'],
  ['an axis with an exponent', headed(dictionary({ shape: '(1e3,)' }), 8), 'says no type, order and shape'],
  ['an axis of two numbers', headed(dictionary({ shape: '(1 2,)' }), 8), '[NaN], which no array is'],
  ['an axis that is not a number', headed(dictionary({ shape: '(nan,)' }), 8), 'says no type, order and shape'],
  ['an axis of 2⁶⁴', headed(dictionary({ shape: '(18446744073709551616,)' }), 8), 'which no array is'],
  [
    'axes whose product overflows to zero',
    headed(dictionary({ shape: '(4294967296, 4294967296)' })),
    '[4294967296, 4294967296], which no array is',
  ],
  [
    'an overflow hidden by a zero',
    headed(dictionary({ shape: '(0, 4294967296, 4294967296)' })),
    '[0, 4294967296, 4294967296], which no array is',
  ],
  ['65 axes', headed(dictionary({ shape: `(${'1, '.repeat(65)})` }), 4), 'has 65 axes; at most 64 are read'],
  ['ten thousand brackets', headed(dictionary({ shape: '('.repeat(10_000) }), 8), 'says no type, order and shape'],
  ['a byte too many', headed(dictionary({}), 9), 'should hold 8 bytes of numbers [2] and holds 9'],
  ['a byte too few', headed(dictionary({}), 7), 'should hold 8 bytes of numbers [2] and holds 7'],
  ['an image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13), 'does not begin with'],
];

test.each(hostile)('hostile: %s', async (_, bytes, message) => {
  const took = await processorTime(() => {
    expect(() => readNpy(bytes, 'x.npy')).toThrow(FormatError);
    expect(() => readNpy(bytes, 'x.npy')).toThrow(message);
  });
  expect(took).toBeLessThan(1000);
});

test('64 axes are read, and so is a header that has no byte order', () => {
  expect(readNpy(headed(dictionary({ shape: `(${'1, '.repeat(64)})` }), 4)).shape).toEqual(new Array(64).fill(1));
  expect(readNpy(headed(dictionary({ descr: "'u1'" }), 2)).data).toEqual(new Uint8Array(2));
});

test('there are forty of them; and an invalid file is refused', () => {
  expect(hostile.length).toBeGreaterThanOrEqual(40);
  for (const bytes of ['abc', null, [1, 2], new ArrayBuffer(8)])
    expect(() => readNpy(bytes as unknown as Uint8Array)).toThrow(OptionError);
});

describe('readNpyTexts', () => {
  const utf32 = (...texts: string[]) => {
    const width = 3;
    const codes = new Uint32Array(texts.length * width);
    for (const [n, text] of texts.entries()) for (const [k, c] of Array.from(text).entries()) codes[n * width + k] = c.codePointAt(0) as number; // biome-ignore format: a line
    return codes;
  };

  test('texts of UTF-32 and of bytes, shorter ones ending in zeros', () => {
    expect(readNpyTexts(npy("'<U3'", '2, 2', utf32('up', '위로', '🙂', '')))).toEqual({
      shape: [2, 2],
      texts: ['up', '위로', '🙂', ''],
    });
    expect(readNpyTexts(npy("'|S2'", '2,', encodeUtf8('ab\0\0')))).toEqual({ shape: [2], texts: ['ab', ''] });
  });

  test('null for numbers, and for texts of no length, which would cost nothing a text', () => {
    expect(readNpyTexts(npy("'<f4'", '1,', Float32Array.of(1)))).toBe(null);
    expect(readNpyTexts(npy("'<U0'", '9007199254740991,', new Uint8Array(0)))).toBe(null);
  });

  test('refuses what is cut off, and characters that Unicode does not have', () => {
    expect(() => readNpyTexts(npy("'<U3'", '3,', utf32('up')))).toThrow(
      'should hold 36 bytes of numbers [3] and holds 12',
    );
    expect(() => readNpyTexts(npy("'<U1'", '1,', Uint32Array.of(0x110000)))).toThrow('Unicode does not have');
    expect(() => readNpyTexts(npy("'|O'", '1,', new Uint8Array(8)))).toThrow('Python objects');
  });
});
