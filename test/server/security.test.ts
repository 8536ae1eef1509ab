// Who may ask, and what an answer may contain.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Engine, type ServerOptions } from '@unrolled/server';
import { listen } from '@unrolled/server/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed, engineOf, runPath } from './served.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await engineOf(['text-lstm', 'caption-soft']);
});
afterAll(() => engine.close());

const key = 'a-key-of-many-characters';
const ask = async (options: Partial<ServerOptions>, path: string, init: RequestInit & { url?: string } = {}) => {
  const server = createServer({ engine, ...options } as ServerOptions);
  return server.fetch(new Request(`${init.url ?? 'http://localhost'}${path}`, init));
};
const post = (headers: Record<string, string> = {}) => ({
  method: 'POST',
  body: JSON.stringify({ model: 'text-lstm', prompt: 'a', max_tokens: 1 }),
  headers,
});

describe('hosts', () => {
  test.each(['localhost', 'localhost:8080', '127.0.0.1', '127.0.0.1:1', '[::1]:8080', '10.1.2.3', 'model.localhost'])(
    '%s is answered',
    async (host) => {
      expect((await ask({}, '/health', { headers: { host } })).status).toBe(200);
    },
  );
  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80',
    'xn--localhost',
    'localhost@evil.example',
    '1.2.3',
    '',
  ])('%j is refused', async (host) => {
    expect((await ask({}, '/health', { headers: { host } })).status).toBe(403);
  });
  test('without the header the address counts', async () => {
    expect((await ask({}, '/health', { url: 'http://evil.example' })).status).toBe(403);
  });
  test('listed ones are answered, all of them with a star or with a key', async () => {
    const headers = { host: 'models.example.com:443' };
    expect((await ask({ allowedHosts: ['models.example.com'] }, '/health', { headers })).status).toBe(200);
    expect((await ask({ allowedHosts: ['*'] }, '/health', { headers })).status).toBe(200);
    expect((await ask({ apiKey: key }, '/health', { headers })).status).toBe(200);
    expect((await ask({ apiKey: key, allowedHosts: [] }, '/health', { headers })).status).toBe(403);
  });
});

describe('origins', () => {
  test('of other sites may not ask, not even in ways that need no preflight', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3000', 'file://', 'x'])
      expect((await ask({}, '/v1/completions', post({ origin, host: 'localhost' }))).status).toBe(403);
    expect((await ask({}, '/v1/completions', post({ 'sec-fetch-site': 'cross-site' }))).status).toBe(403);
  });
  test('the server’s own may, and programs, which have none', async () => {
    expect(
      (await ask({}, '/v1/completions', post({ origin: 'http://localhost:8080', host: 'localhost:8080' }))).status,
    ).toBe(200);
    expect((await ask({}, '/v1/completions', post())).status).toBe(200);
  });
  test('no answer can be read by another page, unless its origin is listed', async () => {
    const options = { allowedOrigins: ['https://app.example.com'] };
    const other = await ask(options, '/v1/models', { headers: { origin: 'https://evil.example' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const listed = await ask(options, '/v1/completions', post({ origin: 'https://app.example.com' }));
    expect([listed.status, listed.headers.get('access-control-allow-origin'), listed.headers.get('vary')]).toEqual([
      200,
      'https://app.example.com',
      'Origin',
    ]);
    expect(listed.headers.get('access-control-allow-credentials')).toBeNull();
  });
  test('a preflight of a listed origin allows what browser clients send', async () => {
    const asked = {
      origin: 'https://app.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-stainless-os,x-evil',
    };
    const found = await ask({ allowedOrigins: ['https://app.example.com'] }, '/v1/chat/completions', {
      method: 'OPTIONS',
      headers: asked,
    });
    expect([found.status, found.headers.get('access-control-allow-headers')]).toEqual([
      204,
      expect.stringContaining('x-stainless-os'),
    ]);
    expect(found.headers.get('access-control-allow-headers')).not.toContain('evil');
    const other = await ask({}, '/v1/chat/completions', { method: 'OPTIONS', headers: asked });
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
  test.each(['*', 'https://*.example.com', 'example.com', 'https://a/b'])('%s cannot be listed', (origin) => {
    expect(() => createServer({ engine, allowedOrigins: [origin] })).toThrow(/allowedOrigins/);
  });
});

describe('keys', () => {
  const closed = [
    '/v1/completions',
    '/completions',
    '/v1/chat/completions',
    '/v1/embeddings',
    '/v1/classify',
    '/api/generate',
    '/api/show',
    '/metrics',
  ];
  test.each(closed)('%s needs one', async (path) => {
    const method = path === '/metrics' ? 'GET' : 'POST';
    const found = await ask({ apiKey: key }, path, { method, ...(method === 'POST' ? { body: '{' } : {}) });
    expect([found.status, found.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
  test.each(['/health', '/ready', '/v1/models', '/models', '/v1/models/text-lstm', '/openapi.json', '/', '/api/tags'])(
    '%s needs none',
    async (path) => {
      expect((await ask({ apiKey: key }, path)).status).toBe(200);
    },
  );
  test('as a bearer or as x-api-key, one of several', async () => {
    const options = { apiKey: ['another-long-key', key] };
    expect((await ask(options, '/v1/completions', post({ authorization: `Bearer ${key}` }))).status).toBe(200);
    expect((await ask(options, '/v1/completions', post({ 'x-api-key': 'another-long-key' }))).status).toBe(200);
    for (const wrong of [key.slice(1), `${key}x`, key.toUpperCase(), '', 'Bearer', `Basic ${key}`, 'a'.repeat(10_000)])
      expect((await ask(options, '/v1/completions', post({ authorization: `Bearer ${wrong}` }))).status).toBe(401);
  });
  test('that are easy to guess are refused', async () => {
    for (const bad of ['short', 'with a space in it', 'é'.repeat(20)]) {
      const server = createServer({ engine, apiKey: bad });
      await expect(server.opened()).rejects.toThrow(/apiKey/);
    }
  });
  test('an address that others reach needs one', async () => {
    await expect(listen({ engine, host: '0.0.0.0', port: 0 })).rejects.toThrow(/--api-key/);
    await expect(listen({ engine, host: '::', port: 0 })).rejects.toThrow(/--api-key/);
  });
});

describe('images', () => {
  test('are fetched from listed hosts alone', async () => {
    const image = 'http://127.0.0.1:1/a.png';
    const asked = (url: string, options: Partial<ServerOptions>) =>
      ask(options, '/v1/caption', { method: 'POST', body: JSON.stringify({ image: url }) }).then(
        (r) => r.json() as Promise<{ error: { code: string } }>,
      );
    expect((await asked(image, {})).error.code).toBe('image_url_not_allowed');
    const options = { imageHosts: ['127.0.0.1:1'] };
    expect((await asked(image, options)).error.code).toBe('invalid_image');
    for (const url of [
      'http://127.0.0.1:2/a.png',
      'http://127.0.0.1:1@evil.example/',
      'http://a@127.0.0.1:1/',
      'ftp://127.0.0.1:1/',
      'file:///etc/passwd',
    ])
      expect(['image_url_not_allowed', 'invalid_image']).toContain((await asked(url, options)).error.code);
  });
});

describe('bodies that are long', () => {
  const limits = { bodyBytes: 1000, mediaBytes: 100_000, bodyMs: 1000 };
  const caption = async (body: string, type?: string) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const response = await ask({ limits }, '/v1/caption', { method: 'POST', body, headers });
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
  };
  test('have no more values of JSON than short ones can have', async () => {
    expect(await caption(`{"image":[${'1,'.repeat(501)}1]}`)).toEqual([413, 'too_many_values']);
    expect(await caption(`{"image":${'['.repeat(600)}${']'.repeat(600)}}`)).toEqual([413, 'too_many_values']);
    expect(await caption(`{"image":"data:image/png;base64,${'A'.repeat(5000)}"}`)).toEqual([400, 'invalid_value']);
  });
  test('have no more parts of a form than are read', async () => {
    const mark = 'x'.repeat(30);
    const part = `--${mark}\r\ncontent-disposition: form-data; name="x"\r\n\r\n1\r\n`;
    const form = (parts: number) =>
      caption(`${part.repeat(parts)}--${mark}--\r\n`, `multipart/form-data; boundary=${mark}`);
    expect(await form(1024)).toEqual([400, 'missing_field']);
    expect(await form(1025)).toEqual([400, 'invalid_form']);
  });
});

test('a tensor without values has axes that are no longer than those of one with values', async () => {
  const body = (shape: number[]) => JSON.stringify({ inputs: { x: { shape, data: [] } } });
  const tensors = async (shape: number[]) => {
    const response = await ask({}, '/v1/tensors', { method: 'POST', body: body(shape) });
    return ((await response.json()) as { error: { code: string; param: string } }).error;
  };
  expect(await tensors([0, 2 ** 18, 1])).toMatchObject({ code: 'model_not_found' });
  for (const shape of [
    [0, 2 ** 18 + 1],
    [0, 2 ** 10, 2 ** 9],
    [2 ** 31 - 1, 0],
  ])
    expect(await tensors(shape)).toMatchObject({ code: 'invalid_value', param: expect.stringMatching(/^inputs\.x/) });
});

test('images of a request that are fetched have no more bytes together than a body can have', async () => {
  let served = 0;
  const http = createHttpServer((_, response) => {
    served++;
    response.end(Buffer.alloc(600));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  const body = JSON.stringify({ image: Array.from({ length: 8 }, (_, n) => `http://${host}/${n}.png`) });
  const options = { imageHosts: [host], limits: { mediaBytes: 1000 } };
  const response = await ask(options, '/v1/caption', { method: 'POST', body });
  expect(((await response.json()) as { error: object }).error).toMatchObject({
    code: 'image_too_large',
    param: 'image',
  });
  expect(served).toBe(2);
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

test('state tokens are good for a time that they can hold', () => {
  for (const stateSeconds of [0, -1, Number.NaN, Infinity, 1e11])
    expect(() => createServer({ engine, stateSeconds })).toThrow(/stateSeconds: expected a number above 0, at most/);
});

test('there is nothing that changes the server', async () => {
  for (const path of [
    '/api/pull',
    '/api/delete',
    '/api/create',
    '/api/copy',
    '/admin',
    '/reload',
    '/v1/files',
    '/shutdown',
    '/.env',
    '/../package.json',
    '/v1/models/../../etc/passwd',
  ])
    for (const method of ['GET', 'POST', 'DELETE'])
      expect([404, 405]).toContain((await ask({}, path, { method })).status);
});

test('every answer has headers that keep a browser from misreading it, and an id', async () => {
  for (const path of ['/', '/v1/models', '/nothing', '/page.js']) {
    const { headers } = await ask({}, path, { headers: { 'x-request-id': 'mine-1' } });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('permissions-policy')).toMatch(/^camera=\(\), microphone=\(\)/);
    expect(headers.get('x-request-id')).toBe('mine-1');
  }
  const strange = await ask({}, '/health', { headers: { 'x-request-id': 'a b<script>' } });
  expect(strange.headers.get('x-request-id')).toMatch(/^req-/);
});

test('the studio may ask for the camera, and for nothing else; only this page itself may', async () => {
  const studio = { read: async () => new TextEncoder().encode('<!doctype html>') };
  for (const path of ['/studio/', '/studio/assets/worker-1.js']) {
    const { status, headers } = await ask({ studio }, path);
    const allowed = headers.get('permissions-policy')?.split(', ') ?? [];
    expect([status, allowed[0], allowed.length > 5]).toEqual([200, 'camera=(self)', true]);
    expect(allowed.slice(1).every((one) => one.endsWith('=()'))).toBe(true);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  }
});

test('what goes wrong inside is not told, and is in the log', async () => {
  const log: { cause?: string; code?: string }[] = [];
  const broken = changed(engine, {
    embed: () => Promise.reject(new Error(`secret at ${runPath('text-lstm')}`)),
  });
  const server = createServer({ engine: broken, log: (entry) => log.push(entry) });
  const found = await server.fetch(
    new Request('http://localhost/v1/embeddings', { method: 'POST', body: '{"input":"a"}' }),
  );
  const text = await found.text();
  expect([found.status, found.headers.get('x-should-retry'), text.includes('secret')]).toEqual([500, 'false', false]);
  expect(log[0]).toMatchObject({ level: 'error', code: 'internal_error', cause: expect.stringContaining('secret at') });
});

describe('names on the page', () => {
  const fixtures = [
    '<script>alert(1)</script>',
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '"onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    'javascript:alert(1)',
    '</title><script>alert(1)</script>',
    '</textarea><script>alert(1)</script>',
    '</pre><script>alert(1)</script>',
    '<!--<script>',
    '--><script>alert(1)</script>',
    '<a href="javascript:alert(1)">x</a>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '&#60;script&#62;',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<body onload=alert(1)>',
    '<input autofocus onfocus=alert(1)>',
    '<details open ontoggle=alert(1)>',
    '<style>@import "//evil"</style>',
    '<link rel=stylesheet href=//evil>',
    '<base href=//evil>',
    '<meta http-equiv=refresh content="0;url=//evil">',
    '<object data=//evil>',
    '<embed src=//evil>',
    '<form action=//evil><button>',
    '<template><script>alert(1)</script></template>',
    '\u0000<script>alert(1)</script>',
    '<scr\u0000ipt>alert(1)</scr\u0000ipt>',
    '<ſcript>alert(1)</ſcript>',
    '{{constructor.constructor("alert(1)")()}}',
    '${alert(1)}',
    '`${alert(1)}`',
  ];
  test('there are at least 30', () => expect(fixtures.length).toBeGreaterThanOrEqual(30));
  test.each(fixtures)('%j is text', async (name) => {
    const [model] = engine.models();
    const info = {
      ...model.info,
      cell: name,
      labels: [name],
      input: { columns: [name], known: [name], length: 2, horizon: 1 },
    };
    const tasks = ['text-generation', 'time-series-forecasting', name] as (typeof model.task)[];
    const named = changed(engine, {
      models: () => tasks.slice(0, 2).map((task) => ({ ...model, id: name, task, info })),
    });
    const server = createServer({ engine: named, allowedHosts: ['*'] });
    const html = await (
      await server.fetch(new Request('http://localhost/', { headers: { host: 'localhost' } }))
    ).text();
    const plain = await (await createServer({ engine }).fetch(new Request('http://localhost/'))).text();
    // The tags and the attributes are those of the page without it.
    const tags = (text: string) => new Set(Array.from(text.matchAll(/<\/?([^\s>]*)/g), ([, tag]) => tag));
    for (const tag of tags(html)) expect([...tags(plain), 'select', 'option']).toContain(tag);
    const attributes = Array.from(html.matchAll(/\s(on\w+|srcdoc|action)\s*=/gi), ([, one]) => one);
    const outside = html.replace(/"[^"]*"/g, '""').replace(/>[^<]*</g, '><');
    expect(outside).not.toMatch(/\son\w+\s*=/i);
    expect(attributes.length >= 0 && !/<script(?! src="[^"]*\/page\.js" defer>)/i.test(html)).toBe(true);
  });
});
