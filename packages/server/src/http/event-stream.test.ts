import { expect, test } from 'vitest';
import { eventStream, streamResponse } from './event-stream.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('a stream whose work takes long says that there is still someone, and then goes on', async () => {
  async function* frames(): AsyncGenerator<string, void> {
    yield '1';
    await pause(200);
    yield '2';
  }
  const ended: unknown[] = [];
  const options = {
    format: eventStream,
    abort: () => {},
    stallMs: 10_000,
    pingMs: 40,
    ended: (error: unknown) => void ended.push(error),
  };
  const text = await (await streamResponse(frames(), options)).text();
  expect(text.replaceAll(/(: ping\n\n)+/g, ': ping\n\n')).toBe('data: 1\n\n: ping\n\ndata: 2\n\ndata: [DONE]\n\n');
  expect(ended).toEqual([null]);
});

test('frames that are there together go out in one write, and a reader who stops reading ends the work', async () => {
  const aborted: string[] = [];
  async function* frames(): AsyncGenerator<string, void> {
    for (let n = 0; aborted.length === 0; n++) {
      if (n % 3 === 0) await pause(5);
      yield String(n);
    }
  }
  const options = {
    format: eventStream,
    abort: (reason: string) => void aborted.push(reason),
    stallMs: 60,
    ended: () => {},
  };
  const { body } = await streamResponse(frames(), options);
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  const second = new TextDecoder().decode((await reader.read()).value);
  expect(second.match(/data: /g)?.length).toBeGreaterThan(1);
  while (aborted.length === 0) await pause(10);
  expect(aborted).toEqual(['the client did not read']);
});
