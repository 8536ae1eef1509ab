// Bodies, read up to a number of bytes and for a time: a sender that is slow, or that never stops, is cut.

import { ApiError, badRequest } from './api-error.ts';

export interface BodyLimits {
  readonly bytes: number;
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** A request or a response. */
interface WithBody {
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** All bytes of a body. Throws an ApiError 413 past the limit, 408 past the time. */
export async function readBytes(request: WithBody, { bytes: most, ms, signal }: BodyLimits): Promise<Uint8Array> {
  const tooLarge = () => new ApiError(413, 'body_too_large', `the body is longer than ${most} bytes`);
  const declared = request.headers.get('content-length');
  if (declared !== null && Number(declared) > most) throw tooLarge();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let left: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new ApiError(408, 'body_timeout', `the body did not arrive within ${ms} ms`, {
          headers: { connection: 'close' },
        }),
      );
    }, ms);
    left = () => reject(new ApiError(408, 'aborted', 'the client left while its body was read'));
    signal.addEventListener('abort', left);
  });
  stopped.catch(() => {});
  try {
    // A length that was declared is one that the connection keeps to; what has none is read piece by piece.
    const whole = declared !== null && declared !== '' && Number(declared) >= 0;
    const bytes = whole
      ? new Uint8Array(await Promise.race([handled(request.arrayBuffer()), stopped]))
      : await piecewise(request, most, stopped, tooLarge);
    if (bytes.length > most) throw tooLarge();
    return bytes;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(400, 'body_broken', 'the body ended before it was complete', { cause: error });
  } finally {
    clearTimeout(timer);
    if (left) signal.removeEventListener('abort', left);
  }
}

/** The same promise; that it fails later, when nobody waits any more, is no fault. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

async function piecewise(
  { body }: WithBody,
  most: number,
  stopped: Promise<never>,
  tooLarge: () => ApiError,
): Promise<Uint8Array> {
  if (!body) return new Uint8Array(0);
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([handled(reader.read()), stopped]);
      if (done) break;
      length += value.length;
      if (length > most) throw tooLarge();
      chunks.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
  if (chunks.length === 1) return chunks[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A body of JSON. Throws an ApiError 400 for what is none, and 413 for one that is longer than `textBytes` and has more values than a body of that length
 * can have: what is long is images, and a list of millions of small values would take many times its length of memory, and seconds to check.
 */
export function jsonOf(bytes: Uint8Array, textBytes: number): unknown {
  if (bytes.length > textBytes && hasMoreValues(bytes, textBytes / 2))
    throw new ApiError(413, 'too_many_values', `the body has more than ${Math.floor(textBytes / 2)} values`);
  if (bytes.length === 0) throw badRequest('the body is empty; send a JSON object', null, 'invalid_json');
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw badRequest('the body is not UTF-8', null, 'invalid_json');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ApiError(400, 'invalid_json', `the body is not JSON: ${(cause as Error).message.slice(0, 120)}`, {
      cause,
    });
  }
}

/** Whether JSON may hold more values than `most`: each but the first follows a comma or what opens a list or an object. */
function hasMoreValues(bytes: Uint8Array, most: number): boolean {
  let count = 0;
  for (let at = 0; at < bytes.length && count <= most; at++)
    if (bytes[at] === 0x2c || bytes[at] === 0x5b || bytes[at] === 0x7b) count++;
  return count > most;
}
