// Reads a safetensors file tensor by tensor, from a Blob or a stream: it needs memory for the largest tensor only, and the first is available before the
// last has arrived.

import { shown } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';
import { checkLayout, decode, MAX_HEADER, type StoredTensor } from './safetensors.ts';
import { parseHeader } from './safetensors-header.ts';

interface ByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** A Blob or File, a ReadableStream of bytes (`response.body`), or anything that yields bytes piece by piece. */
export type SafetensorsStream = { stream(): ByteStream } | ByteStream | AsyncIterable<Uint8Array>;

/**
 * Yields every tensor of a file as soon as its bytes are there, in file order.
 *
 *     for await (const [name, tensor] of readSafetensorsStream(response.body)) …
 *
 * Throws a FormatError for an invalid file; the tensors before the error were valid. Leaving the loop early cancels the stream.
 */
export async function* readSafetensorsStream(
  stream: SafetensorsStream,
  source = 'safetensors',
): AsyncGenerator<[name: string, tensor: StoredTensor], void> {
  const bytes = new Bytes(stream, source);
  try {
    const prefix = await bytes.take(8);
    const view = new DataView(prefix.buffer);
    const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
    if (length > MAX_HEADER || length < 2)
      throw new FormatError(source, `not a safetensors file: it declares a header of ${length} bytes`);
    const { entries } = parseHeader(await bytes.take(length), source);
    const ends = entries.reduce((most, { end }) => Math.max(most, end), 0);
    checkLayout(entries, ends, source); // no holes, no overlaps
    const inOrder = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
    for (const { name, dtype, shape, begin, end } of inOrder) {
      const raw = await bytes.take(end - begin);
      yield [name, { dtype, shape, data: decode(dtype, raw.buffer, name, source) }];
    }
    if (!(await bytes.ended())) throw new FormatError(source, 'bytes at the end belong to no tensor');
  } finally {
    await bytes.cancel();
  }
}

/** A stream of pieces, read by numbers of bytes. */
class Bytes {
  readonly #next: () => Promise<Uint8Array | null>;
  /** Says that no more is read; of a stream that has ended it does nothing. */
  readonly cancel: () => Promise<unknown>;
  readonly #source: string;
  #left = new Uint8Array(0);

  constructor(stream: SafetensorsStream, source: string) {
    this.#source = source;
    const isStream =
      typeof stream === 'object' &&
      stream !== null &&
      ['stream', 'getReader', Symbol.asyncIterator].some((name) => name in stream);
    if (!isStream)
      throw new OptionError(
        'readSafetensorsStream',
        'stream',
        `expected a Blob or a stream of bytes, got ${shown(stream)}`,
      );
    if (Symbol.asyncIterator in stream && !('getReader' in stream)) {
      const pieces = stream[Symbol.asyncIterator]();
      this.#next = async () => {
        const { done, value } = await pieces.next();
        return done ? null : value;
      };
      this.cancel = async () => pieces.return?.();
      return;
    }
    const reader = ('stream' in stream ? stream.stream() : (stream as ByteStream)).getReader();
    this.#next = async () => {
      const { done, value } = await reader.read();
      return done ? null : (value ?? new Uint8Array(0));
    };
    this.cancel = () => reader.cancel();
  }

  /** Reads exactly `count` bytes, as a copy. Memory is allocated as they arrive, not as they are declared. */
  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < count) {
      const part = this.#left.length > 0 ? this.#left : await this.#next();
      if (part === null) throw new FormatError(this.#source, `cut off: ${count} bytes were to come, ${length} did`);
      const used = part.subarray(0, count - length);
      this.#left = part.subarray(used.length) as Uint8Array<ArrayBuffer>;
      parts.push(used);
      length += used.length;
    }
    const bytes = new Uint8Array(count);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  async ended(): Promise<boolean> {
    if (this.#left.length > 0) return false;
    for (let next = await this.#next(); next !== null; next = await this.#next()) if (next.length > 0) return false;
    return true;
  }
}
