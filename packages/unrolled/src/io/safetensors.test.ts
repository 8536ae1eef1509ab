import { describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { Random } from '../random.ts';
import { readSafetensors, type TensorData, writeSafetensors } from './safetensors.ts';
import { processorTime } from '../../../../test/processor-time.ts';

/** A file with `header` as it stands (or as JSON) and `data` after it. */
function file(header: unknown, data: Uint8Array | number = 0, declared?: number | bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const body = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(declared ?? json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

const f32 = (shape: unknown, begin: unknown, end: unknown) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });

const small = (): Map<string, TensorData> =>
  new Map<string, TensorData>([
    ['weight_ih_l0', { shape: [2, 3], data: Float32Array.of(1.5, -2, 0.25, 3e-8, -0, 7) }],
    ['steps', { shape: [], data: Int32Array.of(-42) }],
    ['loss', { shape: [2], data: Float64Array.of(Math.PI, -1 / 3) }],
    ['empty', { shape: [0, 5], data: new Float32Array(0) }],
    ['가중치 ⚖️', { shape: [1], data: Float32Array.of(9) }],
  ]);

describe('safetensors', () => {
  test('what is written is read back, bit for bit, with its metadata', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(small(), { format: 'pt', b: '"\\\n' }));
    expect(metadata).toEqual({ format: 'pt', b: '"\\\n' });
    expect([...tensors.keys()].sort()).toEqual([...small().keys()].sort());
    for (const [name, { shape, data }] of small()) {
      expect(tensors.get(name)?.shape).toEqual(shape);
      expect(tensors.get(name)?.data).toEqual(data);
    }
    expect(Object.is(tensors.get('weight_ih_l0')?.data[4], -0)).toBe(true);
  });

  test('the bytes are those of the published layout', () => {
    const bytes = writeSafetensors(new Map([['a', { shape: [1, 2], data: Float32Array.of(1, 2) }]]), { format: 'pt' });
    const json = '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    const length = Math.ceil(json.length / 8) * 8;
    expect(bytes[0]).toBe(length);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length))).toBe(json.padEnd(length));
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64]);
  });

  test('the order of the tensors and of the metadata changes no byte', () => {
    const reversed = new Map([...small()].reverse());
    expect(writeSafetensors(reversed, { y: '2', x: '1' })).toEqual(writeSafetensors(small(), { x: '1', y: '2' }));
  });

  test('wider numbers come first, so every tensor is aligned to its own size', () => {
    const { tensors } = readSafetensors(writeSafetensors(small()));
    expect([...tensors.keys()]).toEqual(['loss', 'empty', 'weight_ih_l0', '가중치 ⚖️', 'steps']);
  });

  test('arrays are copies, or windows on the bytes where that is asked for and they are aligned', () => {
    const bytes = writeSafetensors(small());
    const [copied, shared] = [readSafetensors(bytes), readSafetensors(bytes, 'file', { share: true })];
    expect(shared).toEqual(copied);
    const data = (tensors: typeof copied.tensors) => tensors.get('weight_ih_l0')?.data.buffer;
    expect(data(shared.tensors)).toBe(bytes.buffer);
    expect(data(copied.tensors)).not.toBe(bytes.buffer);
    const odd = new Uint8Array(bytes.length + 1).subarray(1);
    odd.set(bytes);
    const moved = readSafetensors(odd, 'file', { share: true });
    expect(moved).toEqual(copied);
    expect(data(moved.tensors)).not.toBe(odd.buffer);
    expect(() => readSafetensors(bytes, 'file', { share: 1 } as never)).toThrow(/share/);
  });

  test('an empty file has a header and nothing else', () => {
    const bytes = writeSafetensors(new Map());
    expect(bytes.length).toBe(16);
    expect(readSafetensors(bytes).tensors.size).toBe(0);
  });

  test('reads a file from the middle of a larger buffer, at an odd offset', () => {
    const bytes = writeSafetensors(small());
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    const { tensors } = readSafetensors(larger.subarray(3, 3 + bytes.length));
    expect(tensors.get('loss')?.data).toEqual(small().get('loss')?.data);
  });

  test('every dtype is read as the numbers it stands for', () => {
    const one = (dtype: string, size: number, data: ArrayBufferView) => {
      const bytes = new Uint8Array(data.buffer as ArrayBuffer);
      const header = { x: { dtype, shape: [bytes.length / size], data_offsets: [0, bytes.length] } };
      return readSafetensors(file(header, bytes)).tensors.get('x')?.data;
    };
    // half precision: 1, −2, the least subnormal 2⁻²⁴, the greatest 65504, ∞, −∞, NaN, −0, 2⁻¹⁴
    const halves = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000, 0x0400];
    expect(one('F16', 2, Uint16Array.from(halves))).toEqual(
      Float32Array.of(1, -2, 2 ** -24, 65504, Infinity, -Infinity, Number.NaN, -0, 2 ** -14),
    );
    expect(one('BF16', 2, Uint16Array.of(0x3f80, 0xc040, 0x0001))).toEqual(Float32Array.of(1, -3, 2 ** -133));
    expect(one('I64', 8, BigInt64Array.of(-1n, 2n ** 53n - 1n))).toEqual(Float64Array.of(-1, 2 ** 53 - 1));
    expect(one('I16', 2, Int16Array.of(-300, 300))).toEqual(Int16Array.of(-300, 300));
    expect(one('I8', 1, Int8Array.of(-3, 3))).toEqual(Int8Array.of(-3, 3));
    expect(one('U8', 1, Uint8Array.of(200))).toEqual(Uint8Array.of(200));
    expect(one('BOOL', 1, Uint8Array.of(1, 0))).toEqual(Uint8Array.of(1, 0));
    expect(() => one('I64', 8, BigInt64Array.of(2n ** 53n))).toThrow('beyond the integers');
    expect(() => one('BOOL', 1, Uint8Array.of(1, 2))).toThrow('byte 2 at 1 is not a BOOL');
    expect(() => one('BOOL', 1, Uint8Array.of(3, 1))).toThrow('byte 3 at 0 is not a BOOL');
  });

  test('names and metadata keys that mean something to JavaScript are only names', () => {
    const header = '{"__metadata__":{"__proto__":"m"},"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    const { tensors, metadata } = readSafetensors(file(header, 1));
    expect([...tensors.keys()]).toEqual(['__proto__']);
    expect(Object.keys(metadata)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
  });

  test('refuses to write what could not be read back', () => {
    const data = Float32Array.of(1, 2);
    expect(() => writeSafetensors(new Map([['a', { shape: [3], data }]]))).toThrow('"a" has 2 numbers, not [3]');
    expect(() => writeSafetensors(new Map([['a', { shape: [-1, -2], data }]]))).toThrow(FormatError);
    expect(() => writeSafetensors(new Map([['__metadata__', { shape: [2], data }]]))).toThrow(FormatError);
    expect(() => writeSafetensors(new Map([['\ud800', { shape: [2], data }]]))).toThrow(FormatError);
  });
});

const good = f32([1], 0, 4);
const raw = (...bytes: number[]) => Uint8Array.from(bytes);

const hostile: Record<string, [bytes: Uint8Array, message: RegExp]> = {
  'no bytes': [raw(), /0 bytes are too few/],
  'seven bytes': [raw(1, 0, 0, 0, 0, 0, 0), /7 bytes are too few/],
  'a length and nothing more': [raw(2, 0, 0, 0, 0, 0, 0, 0), /cut off/],
  'a header of no bytes': [raw(0, 0, 0, 0, 0, 0, 0, 0), /does not start with/],
  'a header of one byte': [file('{'), /does not start with|expected/],
  'a header of 1 GiB in a file of 100 bytes': [file('{}', 90, 2 ** 30), /declares a header of 1073741824 bytes/],
  'the longest header in a file of 100 bytes': [file('{}', 90, 1e8), /cut off: the header should have 100000000/],
  'a header a byte longer than that': [file('{}', 90, 1e8 + 1), /declares a header of 100000001 bytes/],
  'a header of 2⁶⁴ − 1 bytes': [file('{}', 0, 2n ** 64n - 1n), /declares a header of/],
  'a header of 2⁶³ bytes': [file('{}', 0, 2n ** 63n), /declares a header of/],
  'a header one byte longer than the file': [file('{}', 0, 3), /cut off/],
  'a header one byte short': [file('{"a":1}', 0, 6), /header/],
  'a pickle': [raw(0x80, 2, 0x7d, 0x71, 0, 0x58, 1, 0, 0, 0), /not a safetensors file/],
  'a zip': [raw(0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, 0), /not a safetensors file/],
  'spaces before the header': [file(' {}'), /does not start with/],
  'an array for a header': [file('[]'), /does not start with/],
  'invalid UTF-8': [new Uint8Array([4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0x22]), /not UTF-8/],
  'no end': [file('{"a":'), /expected \{/],
  'a name without an end': [file('{"a'), /does not end/],
  'a name that ends in a backslash': [file('{"a\\'), /does not end/],
  'a name with a raw newline': [file('{"a\nb":{}}'), /not valid JSON/],
  'a name with a wrong escape': [file('{"\\x41":{}}'), /not valid JSON/],
  'single quotes': [file("{'a':{}}"), /expected a text in quotes/],
  'a comma too many': [file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},}'), /expected a text/],
  'two objects': [file('{}{}'), /nothing but spaces/],
  'bytes after the header that are not spaces': [file('{}\0\0\0\0\0\0'), /nothing but spaces/],
  'nesting 10,000 deep': [file('{"a":'.repeat(10_000)), /unknown field|expected/],
  'arrays 10,000 deep': [file(`{"a":{"dtype":"F32","shape":${'['.repeat(10_000)}`), /expected an integer/],
  'the same tensor twice': [
    file(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      2,
    ),
    /"a" is there twice/,
  ],
  'the same tensor twice, once in escapes': [
    file(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}',
      1,
    ),
    /"a" is there twice/,
  ],
  'a field twice': [
    file('{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}'),
    /"dtype" is there twice/,
  ],
  'metadata twice': [file('{"__metadata__":{},"__metadata__":{}}'), /there twice/],
  'metadata that is not text': [file({ __metadata__: { a: 1 } }), /expected a text/],
  'metadata that is a list': [file({ __metadata__: [] }), /expected \{/],
  'an unknown dtype': [
    file({ a: { ...good, dtype: 'F8_E4M3' } }, 4),
    /dtype "F8_E4M3", which cannot be read; known are F64/,
  ],
  'a dtype from the prototype': [file({ a: { ...good, dtype: 'constructor' } }, 4), /cannot be read/],
  'a dtype in lower case': [file({ a: { ...good, dtype: 'f32' } }, 4), /cannot be read/],
  'a dtype that is a number': [file({ a: { ...good, dtype: 32 } }, 4), /expected a text/],
  'no dtype': [file({ a: { shape: [1], data_offsets: [0, 4] } }, 4), /no dtype/],
  'no shape': [file({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4), /no shape/],
  'no offsets': [file({ a: { dtype: 'F32', shape: [1] } }, 4), /two data_offsets/],
  'one offset': [file({ a: { ...good, data_offsets: [0] } }, 4), /two data_offsets/],
  'three offsets': [file({ a: { ...good, data_offsets: [0, 4, 4] } }, 4), /at most 2/],
  'an unknown field': [file({ a: { ...good, url: 'http://x' } }, 4), /unknown field "url"/],
  'a tensor that is null': [file({ a: null }), /expected \{/],
  'a negative dimension': [file({ a: f32([-1], 0, 4) }, 4), /expected an integer/],
  'a fractional dimension': [file({ a: f32([1.5], 0, 6) }, 6), /expected an integer/],
  'a dimension with an exponent': [
    file('{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}', 4),
    /expected an integer/,
  ],
  'a dimension with leading zeros': [file('{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}', 4), /expected/],
  'a dimension of NaN': [file('{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}', 4), /expected an integer/],
  'a dimension of 2⁵³': [
    file('{"a":{"dtype":"U8","shape":[9007199254740992],"data_offsets":[0,4]}}', 4),
    /expected an integer/,
  ],
  'a dimension of 2⁶⁴': [
    file('{"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,0]}}'),
    /expected an integer/,
  ],
  'a dimension of 2⁵³ − 1': [
    file({ a: { dtype: 'U8', shape: [2 ** 53 - 1], data_offsets: [0, 4] } }, 4),
    /needs 9007199254740991 bytes, not 4/,
  ],
  'a name of 80 characters': [file(`{"${'n'.repeat(80)}":{}}`), /"n{80}"/],
  'a name of 81': [file(`{"${'n'.repeat(81)}":{}}`), /"n{80}…"/],
  'dimensions whose product overflows to zero': [file({ a: f32([2 ** 32, 2 ** 32], 0, 0) }), /impossibly large/],
  'an overflow hidden by a zero': [file({ a: f32([2 ** 52, 2 ** 52, 0], 0, 0) }), /impossibly large/],
  'a size of 2⁵² in a small file': [
    file({ a: { dtype: 'U8', shape: [2 ** 52], data_offsets: [0, 2 ** 52] } }, 4),
    /cut off/,
  ],
  'more than 64 dimensions': [file({ a: f32(new Array(65).fill(1), 0, 4) }, 4), /at most 64/],
  'offsets backwards': [file({ a: f32([1], 4, 0) }, 4), /before it begins/],
  'negative offsets': [file({ a: f32([1], -4, 0) }, 4), /expected an integer/],
  'fewer bytes than the shape needs': [file({ a: f32([2], 0, 4) }, 4), /needs 8 bytes, not 4/],
  'more bytes than the shape needs': [file({ a: f32([1], 0, 8) }, 8), /needs 4 bytes, not 8/],
  'data beyond the end': [file({ a: f32([2], 0, 8) }, 4), /cut off: its data ends at 8 of 4/],
  'an overlap': [file({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), /overlaps/],
  'two tensors on the same bytes': [file({ a: good, b: good }, 4), /overlaps/],
  'a hole': [file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /bytes 4 to 8 before it belong to no tensor/],
  'a hole at the start': [file({ a: f32([1], 4, 8) }, 8), /belong to no tensor/],
  'bytes left over': [file({ a: good }, 5), /1 bytes at the end belong to no tensor/],
  'bytes and no tensor': [file({}, 1), /belong to no tensor/],
  'an empty tensor in a hole': [file({ a: f32([0], 100, 100) }), /belong to no tensor/],
};

describe('a hostile safetensors file is refused at once, by name', () => {
  test.each(Object.entries(hostile))('%s', async (_name, [bytes, message]) => {
    const took = await processorTime(() => {
      expect(() => readSafetensors(bytes, 'bad.safetensors')).toThrow(FormatError);
      expect(() => readSafetensors(bytes, 'bad.safetensors')).toThrow(message);
      expect(() => readSafetensors(bytes, 'bad.safetensors')).toThrow(/^bad\.safetensors: .{1,600}$/s);
    });
    expect(took).toBeLessThan(250);
  });

  test('a name of a megabyte is shortened in the message', () => {
    const header = `{"${'x'.repeat(1e6)}":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`;
    expect(() => readSafetensors(file(header, 4))).toThrow(/^.{1,300}$/s);
  });
});

test('20,000 mutated files are read or refused with a FormatError, nothing else', () => {
  const random = new Random(20_000);
  const base = [
    writeSafetensors(small(), { format: 'pt' }),
    file(
      { h: { dtype: 'F16', shape: [2], data_offsets: [0, 4] }, i: { dtype: 'I64', shape: [1], data_offsets: [4, 12] } },
      12,
    ),
  ];
  const words = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '0',
    '9999999999999999',
    '-1',
    'F32',
    'BOOL',
    'null',
    '__proto__',
    '\\u',
  ];
  const encoder = new TextEncoder();
  let refused = 0;
  for (let n = 0; n < 20_000; n++) {
    let bytes = base[random.integer(base.length)].slice();
    for (let k = 1 + random.integer(3); k > 0 && bytes.length > 0; k--) {
      const at = random.integer(random.integer(3) ? Math.min(bytes.length, 200) : bytes.length); // mostly the header
      switch (random.integer(5)) {
        case 0:
          bytes[at] ^= 1 << random.integer(8);
          break;
        case 1:
          bytes[at] = random.integer(256);
          break;
        case 2:
          bytes = bytes.slice(0, at);
          break;
        case 3:
          bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + random.integer(9)));
          break;
        default: {
          const word = encoder.encode(words[random.integer(words.length)]);
          bytes = Uint8Array.of(...bytes.subarray(0, at), ...word, ...bytes.subarray(at));
          if (random.integer(2) && bytes.length > 8) new DataView(bytes.buffer).setUint8(0, bytes[0] + word.length);
        }
      }
    }
    try {
      const { tensors } = readSafetensors(bytes);
      for (const { shape, data } of tensors.values()) {
        if (shape.reduce((a, b) => a * b, 1) !== data.length) throw new Error(`mutation ${n}: shape and data differ`);
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw new Error(`mutation ${n} got through`, { cause: error });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(10_000);
});
