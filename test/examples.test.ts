// The examples of servers: a tagger over HTTP, and the route of a Next.js app, which is a function from a Request to a Response.

import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { taggerServer } from '../examples/pipelines/tagger/server.ts';
import { POST } from '../examples/pipelines/next/app/api/translate/route.ts';

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/runs/${name}`, import.meta.url));

let server: Awaited<ReturnType<typeof taggerServer>>;
let url: string;
beforeAll(async () => {
  server = await taggerServer(fixture('tag'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('the tagger answers with tokens, labels and places', async () => {
  const text = 'the cat likes the moon .';
  const answers = await Promise.all([1, 2, 3].map(() => fetch(url, { method: 'POST', body: text })));
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    const { tokens } = (await answer.json()) as { tokens: { token: string; start: number; end: number }[] };
    expect(tokens.map(({ start, end }) => text.slice(start, end))).toEqual(text.split(' '));
    expect(tokens.map(({ token }) => token)).toEqual(text.split(' '));
  }
});

test('the tagger refuses what is no text to tag', async () => {
  expect((await fetch(url)).status).toBe(405);
  const long = await fetch(url, { method: 'POST', body: 'a '.repeat(60_000) });
  expect([long.status, await long.json()]).toEqual([400, { error: 'expected at most 100000 bytes' }]);
  expect(await (await fetch(url, { method: 'POST', body: '' })).json()).toEqual({ tokens: [], unknown: 0 });
});

test('the route translates, and a run that is missing is tried again', async () => {
  const post = (body: unknown) =>
    POST(new Request('http://localhost/api/translate', { method: 'POST', body: JSON.stringify(body) }));
  process.env.UNROLLED_RUN = fixture('none');
  await expect(post({ text: 'the cat' })).rejects.toThrow('there is no such folder');
  process.env.UNROLLED_RUN = fixture('translate-attention');
  const answer = await post({ text: 'the cat sees the moon' });
  const { translation, score } = (await answer.json()) as { translation: string; score: number };
  expect([answer.status, typeof translation, score < 0]).toEqual([200, 'string', true]);
  expect(translation.length).toBeGreaterThan(0);
  const refused = await post({ sentence: 'the cat' });
  expect([refused.status, await refused.json()]).toEqual([400, { error: 'expected { "text": "…" }' }]);
  delete process.env.UNROLLED_RUN;
});

test('the route of the Next.js app classifies, and refuses what is no text', async () => {
  const route = new URL('../examples/next-app/app/api/classify/route.js', import.meta.url).href; // JavaScript, as create-next-app has it
  const { POST: classify } = (await import(route)) as { POST: (request: Request) => Promise<Response> };
  const post = (body: string) => classify(new Request('http://localhost/api/classify', { method: 'POST', body }));
  expect((await post('no JSON')).status).toBe(400);
  process.env.UNROLLED_RUN = fixture('none');
  await expect(post('{"text":"good"}')).rejects.toThrow('there is no such folder');
  process.env.UNROLLED_RUN = fixture('classify');
  const answer = await post('{"text":"a good and lovely film"}');
  const { label, score } = (await answer.json()) as { label: string; score: number };
  expect([answer.status, ['positive', 'negative', 'mixed'].includes(label), score > 1 / 3]).toEqual([200, true, true]);
  delete process.env.UNROLLED_RUN;
});
