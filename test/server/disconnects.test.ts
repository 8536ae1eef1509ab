// A client that leaves frees its row, whatever it was waiting for; one that does not read is paused and then cut; the others notice nothing.
import { connect } from 'node:net';
import { createServer } from '@unrolled/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineOf, rowsOf, served, until } from './served.ts';
import type { Engine } from '@unrolled/server';

let engine: Engine;
beforeAll(async () => {
  engine = await engineOf(['text-lstm'], { maxRows: 4, maxQueue: 8 });
});
afterAll(() => engine.close());

const body = (more: object = {}) => JSON.stringify({ model: 'text-lstm', prompt: 'the ', max_tokens: 16_000, ...more });
const request = (signal?: AbortSignal, more: object = {}) =>
  new Request('http://localhost/v1/completions', { method: 'POST', body: body(more), signal });
const quick = { max_tokens: 3, seed: 1 };

describe('without a network', () => {
  test('a stream that is cancelled frees its row', async () => {
    const server = createServer({ engine });
    const response = await server.fetch(request(undefined, { stream: true }));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    expect(rowsOf(engine)).toBe(1);
    await reader.cancel();
    expect(await until(() => rowsOf(engine) === 0)).toBeLessThan(1000); // 100 ms on a quiet machine: npm run bench:serve-http
    await until(() => server.inFlight === 0);
  });

  test('an answer that is waited for, and one in the queue, are freed too', async () => {
    const server = createServer({ engine });
    const stops = Array.from({ length: 8 }, () => new AbortController());
    const answers = stops.map(({ signal }) => server.fetch(request(signal)));
    await until(() => rowsOf(engine) === 8, 10_000);
    for (const stop of stops) stop.abort();
    expect(await until(() => rowsOf(engine) === 0)).toBeLessThan(1000);
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([408]));
    expect(server.inFlight).toBe(0);
  });

  test('300 that leave at any moment change nothing for those that stay', async () => {
    const server = createServer({ engine });
    const ask = async () =>
      ((await (await server.fetch(request(undefined, quick))).json()) as { choices: { text: string }[] }).choices[0]
        .text;
    const expected = await ask();
    for (let k = 0; k < 300; k++) {
      const stop = new AbortController();
      const left = server.fetch(request(stop.signal, { stream: k % 2 === 0 }));
      if (k % 3 === 0) await new Promise((done) => setImmediate(done));
      stop.abort();
      const { body: stream } = await left;
      if (k % 2 === 0) await stream?.cancel().catch(() => {});
      if (k % 50 === 0) expect(await ask()).toBe(expected);
    }
    await until(() => rowsOf(engine) === 0 && server.inFlight === 0);
    expect(await ask()).toBe(expected);
  });

  test('a client that does not read is cut after a while', async () => {
    const server = createServer({ engine, limits: { stallMs: 40 } });
    const response = await server.fetch(request(undefined, { stream: true }));
    expect(response.status).toBe(200);
    await until(() => rowsOf(engine) === 0);
    await expect(response.text()).rejects.toThrow(/did not read/);
    expect(server.inFlight).toBe(0);
  });

  test('a full queue refuses at once, with the seconds to wait', async () => {
    const server = createServer({ engine });
    const stops = Array.from({ length: 12 }, () => new AbortController());
    const answers = stops.map(({ signal }) => server.fetch(request(signal)));
    await until(() => rowsOf(engine) === 12, 10_000);
    try {
      const refused = await server.fetch(request()); // how fast: npm run bench:serve-http
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      const health = await server.fetch(new Request('http://localhost/health'));
      expect(health.status).toBe(200);
    } finally {
      for (const stop of stops) stop.abort();
      await Promise.all(answers);
    }
  });

  test('an answer that takes too long ends with its deadline, a stream with an error in its last frame', async () => {
    const server = createServer({ engine, limits: { deadlineMs: 60 } });
    const late = await server.fetch(request());
    expect([late.status, late.headers.get('x-should-retry')]).toEqual([504, 'false']);
    const stream = await (await server.fetch(request(undefined, { stream: true }))).text();
    const frames = stream.trim().split('\n\n');
    expect(JSON.parse((frames.at(-1) as string).slice(6))).toMatchObject({ error: { code: 'deadline' } });
    expect(stream).not.toContain('[DONE]');
  });
});

describe('over a connection', () => {
  const at = served(['text-lstm'], { limits: { bodyMs: 150, stallMs: 150 } });
  const open = () => connect(at.listening.port, '127.0.0.1').on('error', () => {});
  const head = (path: string, length: number | string) =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  const all = async (socket: ReturnType<typeof open>) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (data) => (text += data));
    await new Promise((done) => socket.once('close', done));
    return text;
  };

  test('one that is closed while its answer is computed frees its row', async () => {
    const socket = open();
    socket.write(head('/v1/completions', body().length) + body());
    await until(() => rowsOf(at.engine) === 1);
    socket.destroy();
    await until(() => rowsOf(at.engine) === 0);
  });

  test('one that sends what is no HTTP and keeps its side open has no connection any more', async () => {
    const connections = () =>
      new Promise<number>((done) => at.listening.http.getConnections((_, count) => done(count)));
    const before = await connections();
    const socket = connect({ port: at.listening.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
    socket.resume().write('hello\r\n\r\n');
    await new Promise((done) => socket.once('end', done));
    let now = await connections();
    for (let k = 0; k < 100 && now > before; k++) {
      await new Promise((done) => setTimeout(done, 10));
      now = await connections();
    }
    expect(now).toBeLessThanOrEqual(before);
    expect(socket.writable).toBe(true);
    socket.destroy();
  });

  test('one that cannot be accepted is not the end of the server', async () => {
    for (let k = 0; k < 2; k++) at.listening.http.emit('error', Object.assign(new Error('accept'), { code: 'EMFILE' }));
    expect((await fetch(`${at.url}/health`)).status).toBe(200);
  });

  test('a body that comes too slowly is cut', async () => {
    const socket = open();
    socket.write(`${head('/v1/completions', 1000)}{`);
    expect(await all(socket)).toMatch(/^HTTP\/1\.1 408 [^]*body_timeout/);
  });

  test('a body that is too long is refused before it is read', async () => {
    const socket = open();
    socket.write(head('/v1/completions', 2 ** 31));
    const text = await Promise.race([
      all(socket),
      new Promise<string>((done) => socket.once('data', (data) => done(String(data)))),
    ]);
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  test.each([
    ['what is no HTTP', 'hello\r\n\r\n', 400],
    ['headers that are too long', `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a request without a host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['a host that is none', 'GET /health HTTP/1.1\r\nHost: a b/c\r\n\r\n', 400],
    [
      'two lengths',
      'POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{',
      400,
    ],
    [
      'a length and chunks',
      'POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n{',
      400,
    ],
  ])('%s is refused', async (_, text, status) => {
    const socket = open();
    socket.write(text);
    const got = await new Promise<string>((done) => socket.once('data', (data) => done(String(data))));
    socket.destroy();
    expect(got.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });

  test('a reader that stops reading is cut, and its buffer stays small', async () => {
    const socket = open();
    const asked = body({ stream: true, logprobs: 20 });
    socket.write(head('/v1/completions', asked.length) + asked);
    await new Promise((done) => socket.once('data', done));
    socket.pause();
    await until(() => rowsOf(at.engine) === 0, 10_000);
    const open1 = (await new Promise<number>((done, reject) =>
      at.listening.http.getConnections((e, n) => (e ? reject(e) : done(n))),
    )) as number;
    expect(open1).toBeLessThanOrEqual(1);
    socket.destroy();
  });
});

test('a server that stops refuses new requests, is not ready, and finishes what it has begun', async () => {
  const own = await engineOf(['text-lstm']);
  const server = createServer({ engine: own });
  const running = server.fetch(request(undefined, { max_tokens: 400, seed: 2, stream: true }));
  const stream = await running;
  const drained = server.drain(10_000);
  expect((await server.fetch(new Request('http://localhost/ready'))).status).toBe(503);
  expect((await server.fetch(new Request('http://localhost/health'))).status).toBe(200);
  const refused = await server.fetch(request());
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  expect(await stream.text()).toContain('data: [DONE]');
  await drained;
  expect(server.inFlight).toBe(0);
  await own.close();
});
