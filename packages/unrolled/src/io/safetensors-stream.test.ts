// Files that arrive piece by piece, beside the same files held in memory.

import { describe, expect, test } from 'vitest';
import { FormatError, OptionError } from '../errors.ts';
import { readSafetensors, type StoredTensor, type TensorData, writeSafetensors } from './safetensors.ts';
import { readSafetensorsStream, type SafetensorsStream } from './safetensors-stream.ts';

const bytes = writeSafetensors(
  new Map<string, TensorData>([
    ['b', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['a', { shape: [3], data: Float64Array.of(-1, Math.PI, 1e300) }],
    ['nothing', { shape: [0, 2], data: new Float32Array(0) }],
    ['steps', { shape: [], data: Int32Array.of(-42) }],
  ]),
);
const whole = [...readSafetensors(bytes).tensors];

/** Pieces of so many bytes, and what was asked of them. */
function pieces(of: Uint8Array, size: number) {
  const asked = { returned: 0, read: 0 };
  const stream: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]() {
      let at = 0;
      return {
        async next() {
          asked.read++;
          if (at >= of.length) return { done: true, value: undefined };
          const value = of.slice(at, at + size);
          at += size;
          return { done: false, value };
        },
        async return() {
          asked.returned++;
          return { done: true, value: undefined };
        },
      };
    },
  };
  return { stream, asked };
}

/** As `fetch` gives it, with an empty piece behind each. */
const readable = (of: Uint8Array, size: number) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < of.length; at += size) {
        controller.enqueue(of.slice(at, at + size));
        controller.enqueue(new Uint8Array(0));
      }
      controller.close();
    },
  });

async function all(stream: SafetensorsStream): Promise<[string, StoredTensor][]> {
  const found: [string, StoredTensor][] = [];
  for await (const entry of readSafetensorsStream(stream, 'x.safetensors')) found.push(entry);
  return found;
}

describe('a file that arrives piece by piece', () => {
  test.each([1, 3, 8, 64, 10_000])('is the file, in the order of its bytes: %i bytes at a time', async (size) => {
    expect(await all(pieces(bytes, size).stream)).toEqual(whole);
    expect(await all(readable(bytes, size))).toEqual(whole);
  });

  test('is the file from a Blob, too', async () => {
    expect(await all(new Blob([bytes as Uint8Array<ArrayBuffer>]))).toEqual(whole);
  });

  test('yields a tensor when its bytes are there, and cancels what is not read', async () => {
    const { stream, asked } = pieces(bytes, 8);
    for await (const [name] of readSafetensorsStream(stream)) {
      expect(name).toBe('a');
      break;
    }
    expect(asked.read).toBe((bytes.length - 6 * 4 - 4) / 8); // up to the last byte of `a`
    expect(asked.returned).toBe(1);
    let cancelled = 0;
    const stopped = new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(bytes), cancel: () => void cancelled++ });
    for await (const _ of readSafetensorsStream(stopped)) break;
    expect(cancelled).toBe(1);
  });

  test('may hold its tensors in another order than its header, an empty one among them', async () => {
    const f32 = (shape: number[], begin: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });
    const data = Float32Array.of(1, 2, 3);
    for (const header of [
      { c: f32([2], 4, 12), a: f32([1], 0, 4), none: f32([0], 0, 0), last: f32([0], 12, 12) },
      { last: f32([0], 12, 12), none: f32([0], 0, 0), a: f32([1], 0, 4), c: f32([2], 4, 12) },
    ]) {
      const json = new TextEncoder().encode(JSON.stringify(header));
      const file = new Uint8Array(8 + json.length + data.byteLength);
      file[0] = json.length;
      file.set(json, 8);
      file.set(new Uint8Array(data.buffer), 8 + json.length);
      const found = await all(pieces(file, 7).stream);
      expect(found.map(([name, { data: values }]) => [name, ...values])).toEqual([
        ['none'],
        ['a', 1],
        ['c', 2, 3],
        ['last'],
      ]);
      expect([...readSafetensors(file).tensors.keys()]).toEqual(Object.keys(header));
    }
  });

  test.each<[string, Uint8Array, string]>([
    ['without a byte', new Uint8Array(0), 'cut off: 8 bytes were to come, 0 did'],
    ['cut off in its first bytes', bytes.subarray(0, 7), 'cut off: 8 bytes were to come, 7 did'],
    [
      'cut off in its header',
      bytes.subarray(0, 20),
      `cut off: ${bytes[0] + 256 * bytes[1]} bytes were to come, 12 did`,
    ],
    ['cut off in its last tensor', bytes.subarray(0, -1), 'cut off: 4 bytes were to come, 3 did'],
    ['with a byte too many', Uint8Array.from([...bytes, 0]), 'bytes at the end belong to no tensor'],
    ['with a header of a byte', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0x7b), 'it declares a header of 1 bytes'],
    ['with the longest header', Uint8Array.of(0, 225, 245, 5, 0, 0, 0, 0), 'cut off: 100000000 bytes were to come'],
    ['with a longer one', Uint8Array.of(1, 225, 245, 5, 0, 0, 0, 0), 'it declares a header of 100000001 bytes'],
    ['with a header of 4 GiB', Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0), 'it declares a header of 4294967296 bytes'],
  ])('is refused %s', async (_name, file, message) => {
    for (const size of [1, 5, 1000]) {
      const reading = all(pieces(file, size).stream);
      await expect(reading).rejects.toThrow(FormatError);
      await expect(reading).rejects.toThrow(`x.safetensors: ${message.startsWith('it') ? 'not a safetensors file: ' : ''}${message}`); // biome-ignore format: one line
    }
  });

  test('is an empty file where its header is the shortest', async () => {
    expect(await all(pieces(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d), 4).stream)).toEqual([]);
  });

  test.each([[undefined], [null], ['abc'], [new Uint8Array(8)], [{}]])('is not %o', async (stream) => {
    const reading = all(stream as never);
    await expect(reading).rejects.toThrow(OptionError);
    await expect(reading).rejects.toThrow('expected a Blob or a stream of bytes, got');
  });
});
