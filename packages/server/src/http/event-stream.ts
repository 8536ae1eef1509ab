// Answers that grow: server-sent events (OpenAI's routes and the tasks) and lines of JSON (Ollama's). The client's reading paces the work: what it has
// not read is not asked for, and a client that reads nothing for a while is cut. An answer that fails says so in its last frame; it never just ends.

import { type ApiError, apiErrorOf } from './api-error.ts';

/** How frames of an answer are written. */
export interface FrameFormat {
  readonly contentType: string;
  frame(json: string): string;
  /** The last frame of an answer that failed. */
  failure(error: ApiError): string;
  /** What ends a complete answer. */
  readonly end: string;
  /** What says that there is still someone; null where the format has nothing for it. */
  readonly ping: string | null;
}

export const eventStream: FrameFormat = {
  contentType: 'text/event-stream',
  frame: (json) => `data: ${json}\n\n`,
  failure: (error) => `data: ${JSON.stringify(error.body)}\n\n`,
  end: 'data: [DONE]\n\n',
  ping: ': ping\n\n',
};

export const jsonLines: FrameFormat = {
  contentType: 'application/x-ndjson',
  frame: (json) => `${json}\n`,
  failure: (error) => `${JSON.stringify({ error: error.message })}\n`,
  end: '',
  ping: null,
};

export interface StreamOptions {
  readonly format: FrameFormat;
  /** Ends the work: the client has left, or was cut. */
  readonly abort: (reason: string) => void;
  /** Closes the connection of a client that was cut, where the runtime lets one. */
  readonly cut?: () => void;
  readonly stallMs: number;
  readonly pingMs?: number;
  /** Called once, when the answer is complete or has failed. */
  readonly ended: (error: ApiError | null) => void;
}

const encoder = new TextEncoder();
const mostAtOnce = 16_384; // characters

/** The answer of these frames, each a text of JSON. Its first frame is awaited, so that what fails before it has a status of its own. */
export async function streamResponse(frames: AsyncIterator<string>, options: StreamOptions): Promise<Response> {
  const first = await frames.next();
  const headers = {
    'content-type': options.format.contentType,
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  };
  return new Response(bodyOf(first, frames, options), { headers });
}

function bodyOf(
  first: IteratorResult<string>,
  frames: AsyncIterator<string>,
  { format, abort, cut, stallMs, pingMs = 15_000, ended }: StreamOptions,
): ReadableStream<Uint8Array> {
  let next = Promise.resolve(first);
  let over = false;
  /** When something was last written, or asked for. */
  let since = performance.now();
  let watch: ReturnType<typeof setInterval> | undefined;
  const finish = (error: ApiError | null) => {
    if (over) return;
    over = true;
    clearInterval(watch);
    ended(error);
  };
  const leave = (reason: string) => {
    if (over) return;
    abort(reason);
    frames.return?.().catch(() => {});
    finish(null);
  };
  const ask = () => {
    const promise = frames.next();
    promise.catch(() => {}); // it may fail before it is asked for
    return promise;
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      // One timer a stream: timers for each frame would cost more than the frames.
      const look = () => {
        const waited = performance.now() - since;
        const isRead = (controller.desiredSize ?? 0) > 0;
        if (isRead && waited >= pingMs && format.ping !== null) {
          since = performance.now();
          controller.enqueue(encoder.encode(format.ping));
        } else if (!isRead && waited >= stallMs) {
          leave('the client did not read');
          if (cut) cut();
          else controller.error(new Error('the client did not read its answer'));
        }
      };
      watch = setInterval(look, Math.min(pingMs, stallMs) / 8);
      (watch as { unref?: () => void }).unref?.();
    },
    async pull(controller) {
      since = performance.now();
      let text = '';
      try {
        let found: IteratorResult<string> | 'later' = await next;
        // Frames that are there already go out together.
        const soon = immediately();
        while (found !== 'later' && !found.done) {
          text += format.frame(found.value);
          next = ask();
          if (text.length >= mostAtOnce) break;
          found = await Promise.race([next, soon]);
        }
        if (over) return;
        if (found !== 'later' && found.done) {
          if (text + format.end !== '') controller.enqueue(encoder.encode(text + format.end));
          finish(null);
          controller.close();
          return;
        }
      } catch (error) {
        if (over) return;
        const told = apiErrorOf(error);
        controller.enqueue(encoder.encode(text + format.failure(told)));
        finish(told);
        controller.close();
        return;
      }
      since = performance.now();
      controller.enqueue(encoder.encode(text));
    },
    cancel() {
      leave('the client left');
    },
  });
}

/** 'later', once everything that is ready has had its turn. */
function immediately(): Promise<'later'> {
  return new Promise((resolve) => {
    const { setImmediate: soon = setTimeout } = globalThis as { setImmediate?: (run: () => void) => unknown };
    soon(() => resolve('later'));
  });
}
