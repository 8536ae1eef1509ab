// What whoever runs a server needs: metrics, logs, the description of the interface, a page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type LogEntry } from '@unrolled/server';
import { expect, test } from 'vitest';
import { root } from '../snippets.ts';
import { askOf, handler } from './ask.ts';
import { changed, runPath } from './served.ts';

const log: LogEntry[] = [];
const at = handler(['text-lstm', 'classify'], { log: (entry) => log.push(entry) });

test('metrics are in the form that Prometheus reads', async () => {
  await at.post('/v1/completions', { model: 'text-lstm', prompt: 'a', max_tokens: 7 });
  await at.events('/v1/completions', { model: 'text-lstm', prompt: 'a', max_tokens: 5 });
  await at.post('/v1/completions', { model: 'text-lstm', n: 0 });
  const { text, headers } = await at.get('/metrics');
  expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const line =
    /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)+\})? (?:[-+0-9.e]+|\+Inf))$/;
  for (const one of text.trimEnd().split('\n')) expect(one).toMatch(line);
  const value = (name: string) => Number(new RegExp(`^${name.replace(/[{}"/.]/g, '\\$&')} (.+)$`, 'm').exec(text)?.[1]);
  expect(value('unrolled_http_requests_total{route="/v1/completions",method="POST",status="200"}')).toBe(2);
  expect(value('unrolled_http_requests_total{route="/v1/completions",method="POST",status="400"}')).toBe(1);
  expect(value('unrolled_tokens_total{model="text-lstm"}')).toBe(12);
  expect(value('unrolled_first_token_seconds_count{model="text-lstm"}')).toBe(2);
  expect(value('unrolled_http_requests_in_flight')).toBe(1); // this one
  for (const name of ['queue_depth', 'rows', 'refused_total'])
    expect(value(`unrolled_${name}{model="classify"}`)).toBe(0);
  expect(value('unrolled_memory_bytes')).toBeGreaterThan(1e6);
});

test('every request has one entry in the log, and no text of the client’s', async () => {
  log.length = 0;
  await at.post(
    '/v1/completions',
    { model: 'text-lstm', prompt: 'a secret\nprompt', max_tokens: 3 },
    { 'x-request-id': 'my-id' },
  );
  await at.post('/v1/completions', { model: '\u001b[31mred\n' });
  await at.get('/nothing/\u001b[31m?key=secret');
  expect(log.map(({ id, route, status, model, tokens, code }) => [id, route, status, model, tokens, code])).toEqual([
    ['my-id', '/v1/completions', 200, 'text-lstm', 3, undefined],
    [expect.stringMatching(/^req-/), '/v1/completions', 404, undefined, undefined, 'model_not_found'],
    [expect.stringMatching(/^req-/), 'unknown', 404, undefined, undefined, 'not_found'],
  ]);
  expect(JSON.stringify(log)).not.toMatch(/secret|red|31m/);
});

test('openapi.json describes every route, by the schemas that check them', async () => {
  const { body } = await at.get('/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(['/v1/models/{id}', '/v1/completions', '/v1/forecast', '/api/chat', '/metrics']),
  );
  const schema = body.paths['/v1/classify'].post.requestBody.content['application/json'].schema;
  expect(schema).toMatchObject({ type: 'object', required: ['input'], additionalProperties: false });
  expect(Object.keys(schema.properties)).toEqual(['model', 'input', 'topK']);
  expect(body.paths['/v1/caption'].post.requestBody.content).toHaveProperty('multipart/form-data');
  const ids = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap((path) =>
    Object.values(path).map((one) => one.operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  // Every reference is to something that is there.
  for (const [, name] of JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(body.components.schemas).toHaveProperty(name);
});

test('the page shows the models and loads nothing but its own style and script', async () => {
  const { text, headers } = await at.get('/');
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(text).toContain('text-lstm');
  expect(Array.from(text.matchAll(/(?:src|href)="([^"#]+)"/g), ([, path]) => path)).toEqual([
    'data:,',
    '/page.css',
    '/page.js',
    '/openapi.json',
    '/v1/models',
  ]);
  expect(text).not.toMatch(/style="|<style|onclick/);
  expect((await at.get('/page.js')).text).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|eval\(/);
});

test('under a path of another application everything is there, and nothing else', async () => {
  const server = createServer({ engine: await at.server.opened(), basePath: '/ai/models' });
  expect((await askOf(server, '/ai/models/v1/models')).body.data.length).toBe(2);
  expect((await askOf(server, '/ai/models/')).text).toContain('src="/ai/models/page.js"');
  expect((await askOf(server, '/ai/models/api/version')).body.version).toMatch(/^\d/);
  expect((await askOf(server, '/v1/models')).status).toBe(404);
  expect((await askOf(server, '/ai/models/v1/completions', { method: 'GET' })).status).toBe(405);
});

test('a log that fails, and a method that is none, cost nobody an answer', async () => {
  const engine = await at.server.opened();
  const server = createServer({
    engine,
    log: () => {
      throw new Error('the disk is full');
    },
  });
  expect(
    (await askOf(server, '/v1/completions', { method: 'POST', body: '{"prompt":"a","max_tokens":0}' })).body.choices[0]
      .text,
  ).toBe('');
  expect((await askOf(server, '/v1/models', { method: 'PROPFIND' })).status).toBe(405);
  expect((await askOf(server, '/metrics')).text).toContain('method="OTHER"');
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8')) as {
    version: string;
  };
  expect((await at.get('/api/version')).body).toEqual({ version });
});

test('a model may be left out where only one can be meant', async () => {
  expect((await at.post('/v1/completions', { prompt: 'a', max_tokens: 2 })).body.model).toBe('text-lstm');
  const [text] = (await at.server.opened()).models();
  const two = changed(await at.server.opened(), { models: () => [text, { ...text, id: 'other' }] });
  const { status, body } = await askOf(createServer({ engine: two }), '/v1/completions', {
    method: 'POST',
    body: '{"prompt":"a"}',
  });
  expect([status, body.error.message]).toEqual([400, 'model is missing; it could be text-lstm, other']);
});

test('a run that cannot be opened is told when the server is made, and requests say so', async () => {
  const server = createServer({ runs: [runPath('not-there')], workers: 0 });
  await expect(server.opened()).rejects.toThrow(/not-there/);
  expect((await askOf(server, '/health')).status).toBe(200);
  expect((await askOf(server, '/ready')).status).toBe(503);
  expect((await askOf(server, '/v1/models')).status).toBe(500);
  await server.close();
});

test('options that cannot be used are refused', () => {
  const engine = changed({} as never, {});
  expect(() => createServer({} as never)).toThrow(/either runs or an engine/);
  expect(() => createServer({ engine, hosts: [] } as never)).toThrow(/unknown option/);
  expect(() => createServer({ engine, limits: { bodyBites: 5 } } as never)).toThrow(/did you mean bodyBytes/);
  expect(() => createServer({ engine, limits: { bodyBytes: 0 } })).toThrow(/whole number from 1/);
  expect(() => createServer({ engine, stateKey: 'short' })).toThrow(/stateKey/);
  expect(() => createServer({ engine, basePath: 'x' })).toThrow(/basePath/);
  expect(() => createServer({ engine, allowedHosts: ['https://a.b'] })).toThrow(/allowedHosts/);
});
