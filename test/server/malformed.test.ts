// Requests that are wrong in many ways: each is told what is wrong, in a body of the route's kind, and none is an error of the server's.
import { describe, expect, test } from 'vitest';
import { createServer, type Engine } from '@unrolled/server';
import { Random } from 'unrolled';
import { type Asked, handler } from './ask.ts';
import { changed } from './served.ts';

const at = handler(
  [
    'text-lstm',
    'classify',
    'tag-forwards',
    'tag',
    'translate-attention',
    'caption-soft',
    'vqa-map',
    'video-clip',
    'forecast',
  ],
  { limits: { bodyBytes: 65_536, mediaBytes: 65_536, characters: 20_000, choices: 8, maxTokens: 64, bodyMs: 50 } },
);

const text = { model: 'text-lstm', prompt: 'a', max_tokens: 1 };
const chat = { model: 'text-lstm', messages: [{ role: 'user', content: 'a' }], max_tokens: 1 };
const pixel = 'data:image/png;base64,iVBORw0KGgo=';
const many = (n: number, value: unknown = 'a') => Array.from({ length: n }, () => value);
const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;

/** Path, body. */
const cases: readonly (readonly [path: string, body: unknown])[] = [
  // bodies that are no JSON object
  ...[
    '',
    ' ',
    '{',
    '[',
    'null',
    'true',
    '5',
    '"text"',
    '[]',
    '{"a"}',
    "{'model':1}",
    '{"model":"text-lstm",}',
    'NaN',
    deep(30_000),
    '\u0000',
    '{"a":1}{"b":2}',
    '<xml/>',
    'model=text-lstm',
    '\ufeff{}x',
  ].map((body) => ['/v1/completions', body] as const),
  ['/v1/completions', Uint8Array.of(0xff, 0xfe, 0x00)],
  ['/v1/completions', Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d)],
  ['/v1/completions', `{"prompt":"${'a'.repeat(70_000)}"}`],
  ['/v1/completions', { ...text, prompt: 'a'.repeat(20_001) }],
  // fields of completions
  ...[5, {}, true, [], [[]], [1, 'a'], ['a', 1], [null], [-1], [1.5], [2 ** 40], [[1], 'a'], many(300)].map(
    (prompt) => ['/v1/completions', { ...text, prompt }] as const,
  ),
  ...[-1, 1.5, '5', 65, 1e9, {}, true].map((max_tokens) => ['/v1/completions', { ...text, max_tokens }] as const),
  ...[-0.1, 101, '1', 1e308, [], false].map((temperature) => ['/v1/completions', { ...text, temperature }] as const),
  ...[-1, 1.01, 'a'].map((top_p) => ['/v1/completions', { ...text, top_p }] as const),
  ...[0, -1, 9, 1.5, '2', 2 ** 31].map((n) => ['/v1/completions', { ...text, n }] as const),
  ...[1.5, 'x', 2 ** 60, {}].map((seed) => ['/v1/completions', { ...text, seed }] as const),
  ...[5, {}, [5], many(17), 'a'.repeat(257)].map((stop) => ['/v1/completions', { ...text, stop }] as const),
  ...[-1, 21, true, 'a'].map((logprobs) => ['/v1/completions', { ...text, logprobs }] as const),
  ...['x', 1, []].map((stream) => ['/v1/completions', { ...text, stream }] as const),
  ...[1, [], 'us1.', 'us1.AAAA', 'x', `us1.${'A'.repeat(400)}`, {}].map(
    (state) => ['/v1/completions', { ...text, state }] as const,
  ),
  ...['suffix', 'logit_bias', 'presence_penalty', 'frequency_penalty'].map(
    (field) => ['/v1/completions', { ...text, [field]: field === 'logit_bias' ? { 5: 1 } : 0.5 }] as const,
  ),
  ['/v1/completions', { ...text, n: 2, best_of: 1 }],
  ['/v1/completions', { ...text, best_of: 3, stream: true }],
  ['/v1/completions', { ...text, echo: true, prompt: [1] }],
  ['/v1/completions', { ...text, prompt: many(5), n: 2 }],
  ['/v1/completions', { ...text, stream_options: 5 }],
  ...[5, '', 'nope', 'classify', 'a'.repeat(300), {}, '__proto__', 'constructor', '../text-lstm']
    .map((model) => ['/v1/completions', { ...text, model }] as const)
    .filter(([, { model }]) => model !== ''),
  // chats
  ...[
    undefined,
    null,
    [],
    {},
    'a',
    5,
    [5],
    [null],
    [{}],
    [{ role: 'user', content: 5 }],
    [{ role: 'boss', content: 'a' }],
    [{ content: 'a' }],
    [{ role: 'user', content: [{ type: 'audio' }] }],
    [{ role: 'user', content: [{ type: 'text' }] }],
    [{ role: 'user', content: [{ type: 'image_url', image_url: 5 }] }],
    many(300, { role: 'user', content: 'a' }),
  ].map((messages) => ['/v1/chat/completions', { ...chat, messages }] as const),
  ['/v1/chat/completions', { ...chat, tools: [{ type: 'function' }] }],
  ['/v1/chat/completions', { ...chat, response_format: { type: 'json_schema' } }],
  ['/v1/chat/completions', { ...chat, response_format: 'json' }],
  ['/v1/chat/completions', { ...chat, top_logprobs: 2 }],
  ['/v1/chat/completions', { ...chat, model: 'caption-soft' }],
  ['/v1/chat/completions', { ...chat, model: 'translate-attention', n: 2 }],
  [
    '/v1/chat/completions',
    {
      ...chat,
      model: 'vqa-map',
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://127.0.0.1/' } }] }],
    },
  ],
  // embeddings
  ...[undefined, null, [], {}, 5, [{}], [[]], ['a', [1]]].map(
    (input) => ['/v1/embeddings', { model: 'text-lstm', input }] as const,
  ),
  ['/v1/embeddings', { model: 'text-lstm', input: 'a', encoding_format: 'hex' }],
  ['/v1/embeddings', { model: 'text-lstm', input: 'a', dimensions: 5 }],
  ['/v1/embeddings', { model: 'classify', input: 'a' }],
  // tasks
  ['/v1/classify', {}],
  ['/v1/classify', { input: 5 }],
  ['/v1/classify', { input: [] }],
  ['/v1/classify', { input: 'a', topK: 0 }],
  ['/v1/classify', { input: 'a', topk: 1 }],
  ['/v1/classify', { input: 'a', model: 'text-lstm' }],
  ['/v1/tag', { model: 'tag' }],
  ['/v1/tag', { model: 'tag', input: 'a', tokens: ['a'] }],
  ['/v1/tag', { model: 'tag', tokens: [['a'], 'b'] }],
  ['/v1/tag', { model: 'tag', input: 'a', state: true }],
  ['/v1/tag', { model: 'tag-forwards', input: ['a', 'b'], state: true }],
  ['/v1/tag', { input: 'a' }],
  ['/v1/translate', { input: 'a', beams: 0 }],
  ['/v1/translate', { input: 'a', beams: 33 }],
  ['/v1/translate', { input: 'a', beams: 2, nBest: 3 }],
  ['/v1/translate', { input: 'a', sample: { temperature: 0 } }],
  ['/v1/translate', { input: 'a', sample: { heat: 1 } }],
  ['/v1/translate', { input: 'a', minTokens: 20, maxTokens: 10 }],
  ['/v1/translate', { input: ['a', 'b'], stream: true }],
  ['/v1/translate', { input: 'a', beams: 5, stream: true }],
  ...[
    undefined,
    'x',
    'http://example.com/a.png',
    'file:///etc/passwd',
    'data:text/plain;base64,AAAA',
    'data:image/png;base64,',
    'data:image/png;base64,@@@',
    pixel,
    [],
    [5],
    5,
  ].map((image) => ['/v1/caption', { image }] as const),
  ['/v1/vqa', { image: pixel }],
  ['/v1/vqa', { question: 'a' }],
  ['/v1/vqa', { image: [pixel, pixel], question: 'a' }],
  ['/v1/vqa', { image: pixel, question: 'a' }],
  ['/v1/video', { frames: [] }],
  ['/v1/video', { frames: [pixel], rate: 0 }],
  ['/v1/video', { frames: [pixel], stream: true }],
  ['/v1/video', { frames: [pixel] }],
  ['/v1/forecast', {}],
  ['/v1/forecast', { columns: { load: 'a' } }],
  ['/v1/forecast', { columns: { load: [1, 'a'] } }],
  ['/v1/forecast', { columns: { load: [1], price: [1] } }],
  ['/v1/forecast', { columns: { load: [1] }, input: [] }],
  ['/v1/forecast', { columns: { load: [1], price: [1] }, steps: 0 }],
  ['/v1/forecast', { columns: { load: [1], price: [1] }, steps: 5000 }],
  ['/v1/forecast', { columns: { __proto__: [1] }, missing: 'guess' }],
  ['/v1/tensors', { inputs: {} }],
  // Ollama
  ['/api/generate', { model: 'nope', prompt: 'a' }],
  ['/api/generate', { model: 'text-lstm', prompt: 5 }],
  ['/api/generate', { model: 'text-lstm', prompt: 'a', options: { num_predict: 65 } }],
  ['/api/generate', { model: 'text-lstm', prompt: 'a', options: { temperature: 'hot' } }],
  ['/api/generate', { model: 'text-lstm', prompt: 'a', images: ['x'] }],
  ['/api/generate', { model: 'text-lstm', prompt: 'a', format: 'json' }],
  ['/api/generate', '{'],
  ['/api/chat', { model: 'text-lstm', messages: 'a' }],
  ['/api/chat', { model: 'text-lstm', messages: [{ role: 'user', content: 'a' }], tools: [{}] }],
  ['/api/embed', { model: 'text-lstm' }],
  ['/api/show', {}],
  ['/api/show', { model: 'nope' }],
  // paths
  ['/v1/nothing', {}],
  ['/health', {}],
  ['/v1/models', {}],
  ['/', {}],
  ['/v1/models/%00', {}],
  ['/%E0%A4%A', {}],
];

function expectRefused(path: string, { status, body, headers }: Asked): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(headers.get('content-type')).toBe('application/json');
  expect(headers.get('x-request-id')).toMatch(/^req-/);
  if (path.startsWith('/api/')) expect(body).toEqual({ error: expect.any(String) });
  else {
    expect(Object.keys(body.error)).toEqual(['message', 'type', 'param', 'code']);
    expect(body.error.message.length).toBeGreaterThan(5);
    expect(body.error.message.length).toBeLessThan(600);
  }
}

test('there are at least 120', () => {
  expect(cases.length).toBeGreaterThanOrEqual(120);
});

test.each(cases.map(([path, body], n) => [n, path, body] as const))('%i: %s', async (_, path, body) => {
  expectRefused(path, await at.post(path, body));
});

test('they name the field', async () => {
  const param = async (path: string, body: object) => (await at.post(path, body)).body.error;
  expect(await param('/v1/completions', { ...text, top_p: 2 })).toMatchObject({
    param: 'top_p',
    message: 'top_p: expected at most 1',
  });
  expect(
    await param('/v1/chat/completions', {
      ...chat,
      messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }],
    }),
  ).toMatchObject({
    param: 'messages.0.content.0.text',
    message: 'messages.0.content.0.text: expected a text, got 5',
  });
  expect(await param('/v1/classify', { input: 'a', topk: 3 })).toMatchObject({
    param: 'topk',
    message: 'unknown field "topk"; did you mean topK?',
  });
  expect(await param('/v1/classify', {})).toMatchObject({ param: 'input', code: 'missing_field' });
  expect(await param('/v1/completions', { ...text, model: 'x'.repeat(300) })).toMatchObject({ param: 'model' });
});

describe('bodies with images', () => {
  const form = (entries: readonly (readonly [string, string | Blob])[]) => {
    const data = new FormData();
    for (const [name, value] of entries) data.append(name, value);
    return data;
  };
  const image = new Blob([Uint8Array.of(1, 2, 3)], { type: 'image/png' });
  test.each([
    ['a form without an image', form([['model', 'caption-soft']])],
    ['a file that is no image', form([['image', image]])],
    ['a file in another field', form([['picture', image]])],
    [
      'two images for one question',
      form([
        ['image', image],
        ['image', image],
        ['question', 'a'],
      ]),
    ],
    [
      'an unknown field',
      form([
        ['image', image],
        ['beems', '3'],
      ]),
    ],
    ['too many fields', form(many(1100, ['x', 'y']) as [string, string][])],
  ])('%s', async (_, body) => {
    const [path] = body.has('question') ? ['/v1/vqa'] : ['/v1/caption'];
    expectRefused(path, await at.post(path, body));
  });
  test.each([
    ['image/png', Uint8Array.of(1, 2, 3), ''],
    ['image/png', new Uint8Array(0), ''],
    ['application/octet-stream', new Uint8Array(70_000), ''],
    [
      'image/svg+xml',
      new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      '?beams=x',
    ],
    ['multipart/form-data; boundary=x', new TextEncoder().encode('--y\r\nnothing'), ''],
    ['multipart/form-data', new TextEncoder().encode('--y\r\nnothing'), ''],
  ])('%s that is none', async (type, bytes, query) => {
    expectRefused('/v1/caption', await at.post(`/v1/caption${query}`, bytes, { 'content-type': type }));
  });
});

test('a compressed body is refused, whatever it would become', async () => {
  const { status, body } = await at.post('/v1/completions', text, { 'content-encoding': 'gzip' });
  expect([status, body.error.code]).toEqual([415, 'unsupported_encoding']);
});

test('a body that does not come is cut', async () => {
  const never = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"prompt":'));
    },
  });
  const init = { method: 'POST', body: never, duplex: 'half' } as RequestInit;
  const response = await at.server.fetch(new Request('http://localhost/v1/completions', init));
  expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
    408,
    'body_timeout',
  ]);
});

/** The models of an engine, with answers that cost nothing: what is asked for was checked before. */
function instant(engine: Engine): Engine {
  const finish = { reason: 'length', promptTokens: 1, completionTokens: 0, unknown: [] } as const;
  return changed(engine, {
    async *generate() {
      yield { text: '', ids: [], finish };
    },
    embed: async ({ input }) => ({ embeddings: input.map(() => new Float32Array(2)), tokens: 0, unknown: [] }),
    call: async ({ inputs }) => ({ outputs: inputs }),
  });
}

test('20,000 bodies with something changed are answered or refused, and never an error of the server’s', async () => {
  const random = new Random(20_000);
  const paths = [
    '/v1/completions',
    '/v1/chat/completions',
    '/v1/embeddings',
    '/v1/classify',
    '/v1/tag',
    '/v1/forecast',
    '/api/generate',
    '/api/chat',
  ];
  const bodies = paths.map((path) => {
    if (path.includes('chat'))
      return JSON.stringify({ ...chat, stream: false, options: { num_predict: 1 }, stop: ['x'], seed: 3 });
    if (path === '/v1/forecast')
      return JSON.stringify({
        columns: { load: [1, null, 2.5], price: [1] },
        known: { weekday: [1, 2] },
        steps: 2,
        missing: 'fill',
      });
    if (path === '/v1/classify') return JSON.stringify({ model: 'classify', input: ['a b', 'c'], topK: 2 });
    if (path === '/v1/tag') return JSON.stringify({ model: 'tag-forwards', tokens: ['a', 'b'], topK: 1, state: true });
    return JSON.stringify({
      ...text,
      input: 'ab',
      stream: false,
      options: { num_predict: 1, top_k: 3 },
      n: 1,
      logprobs: 1,
      stop: null,
    });
  });
  const values = [
    'null',
    'true',
    '-1',
    '1e999',
    '0.5',
    '""',
    '"\\ud800"',
    '[]',
    '{}',
    '[[]]',
    '9007199254740993',
    '"a"',
    '[1,2]',
    '{"a":1}',
  ];
  const counts = new Map<number, number>();
  const light = createServer({ engine: instant(await at.server.opened()), limits: { maxTokens: 64 } });
  for (let k = 0; k < 20_000; k++) {
    const which = random.integer(paths.length);
    const before = bodies[which];
    const from = random.integer(before.length);
    const changed =
      random.integer(2) === 0
        ? before.slice(0, from) + String.fromCharCode(32 + random.integer(96)) + before.slice(from + 1)
        : before.replace(/(?<=:)(?:"[^"]*"|[\d.]+|null|false)/g, (value) =>
            random.integer(4) === 0 ? values[random.integer(values.length)] : value,
          );
    const request = new Request(`http://localhost${paths[which]}`, { method: 'POST', body: changed });
    const { status } = await (k % 10 === 0 ? at.server : light).fetch(request);
    counts.set(status, (counts.get(status) ?? 0) + 1);
    if (status >= 500) throw new Error(`${status} for ${paths[which]} ${changed}`);
  }
  expect(counts.get(200)).toBeGreaterThan(500);
  expect(counts.get(400)).toBeGreaterThan(5000);
}, 120_000);
