// State tokens: a text goes on exactly where it was, on any copy of the server, as often as one likes; and no other token is taken.
import { createServer, type Server } from '@unrolled/server';
import { Random } from 'unrolled';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { askOf, handler } from './ask.ts';
import { engineOf } from './served.ts';

const at = handler(['text-lstm', 'text-gru-tied', 'tag-forwards'], { stateKey: 'a secret of thirty-two characters' });
let copy: Server;
let close: () => Promise<void>;
beforeAll(async () => {
  const engine = await engineOf(['text-lstm']);
  copy = createServer({ engine, stateKey: 'a secret of thirty-two characters' });
  close = () => engine.close();
});
afterAll(() => close());

const ask = { model: 'text-lstm', prompt: 'the ', seed: 11 };
const post = async (server: Server, body: object) => {
  return (await askOf(server, '/v1/completions', { method: 'POST', body: JSON.stringify(body) })).body;
};
const textOf = ({ choices: [{ text }] }: { choices: { text: string }[] }) => text;

test('a text in two requests, each to another copy, is the text in one', async () => {
  const whole = textOf(await post(at.server, { ...ask, max_tokens: 60 }));
  const first = await post(at.server, { ...ask, max_tokens: 25, state: true });
  const second = await post(copy, { model: 'text-lstm', max_tokens: 35, state: first.choices[0].state });
  expect(textOf(first) + textOf(second)).toBe(whole);
});

test('it branches: the same token goes on twice, to the same text or, with a seed or a prompt of its own, to another', async () => {
  const { choices } = await post(at.server, { ...ask, max_tokens: 10, state: true });
  const rest = { model: 'text-lstm', max_tokens: 30, state: choices[0].state };
  const [once, twice, seeded, told] = await Promise.all([
    post(at.server, rest),
    post(at.server, rest),
    post(at.server, { ...rest, seed: 99 }),
    post(at.server, { ...rest, prompt: 'rain ' }),
  ]);
  expect(textOf(twice)).toBe(textOf(once));
  expect(textOf(seeded)).not.toBe(textOf(once));
  expect(textOf(told)).not.toBe(textOf(once));
});

test('a stream has it in its last chunk, Ollama’s routes and chats too', async () => {
  const events = await at.events('/v1/completions', { ...ask, max_tokens: 10, state: true });
  expect(events.map(({ choices: [one] }) => typeof one.state)).toEqual([
    ...events.slice(1).map(() => 'undefined'),
    'string',
  ]);
  const chat = await at.post('/v1/chat/completions', {
    model: 'text-lstm',
    seed: 11,
    max_tokens: 10,
    messages: [{ role: 'user', content: 'the ' }],
    state: true,
  });
  const options = { num_predict: 10, seed: 11, temperature: 1, top_k: 0, top_p: 1 };
  const ollama = await at.post('/api/generate', {
    model: 'text-lstm',
    prompt: 'the ',
    stream: false,
    options,
    state: true,
  });
  const rest = { model: 'text-lstm', max_tokens: 10 };
  const texts = await Promise.all(
    [events.at(-1).choices[0].state, chat.body.choices[0].state, ollama.body.state].map(async (state) =>
      textOf(await post(at.server, { ...rest, state })),
    ),
  );
  expect(new Set(texts).size).toBe(1);
});

test('a token of another model, another secret or another time is refused', async () => {
  const { choices } = await post(at.server, { ...ask, max_tokens: 5, state: true });
  const { state } = choices[0];
  const refused = async (server: Server, body: object) => (await post(server, { max_tokens: 5, ...body })).error;
  expect(await refused(at.server, { model: 'text-gru-tied', state })).toMatchObject({
    code: 'invalid_state',
    param: 'state',
  });
  const engine = await engineOf(['text-lstm']);
  const stranger = createServer({ engine, stateKey: 'another secret of 32 characters..' });
  expect(await refused(stranger, { model: 'text-lstm', state })).toMatchObject({ code: 'invalid_state' });
  await engine.close();
  const later = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 8 * 86_400_000);
  try {
    expect(await refused(at.server, { model: 'text-lstm', state })).toMatchObject({ code: 'invalid_state' });
  } finally {
    later.mockRestore();
  }
  expect((await at.post('/v1/tag', { model: 'tag-forwards', tokens: ['a'], state })).status).toBe(400);
});

test('none of 500 changed tokens is taken', async () => {
  const { choices } = await post(at.server, { ...ask, max_tokens: 5, state: true });
  const state: string = choices[0].state;
  const random = new Random(3);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (let k = 0; k < 500; k++) {
    const n = random.integer(state.length);
    const letter = alphabet[random.integer(64)];
    const cut = random.integer(10) === 0;
    const changed = cut ? state.slice(0, n) : state.slice(0, n) + letter + state.slice(n + 1);
    if (changed === state || changed === '') continue;
    const { error } = await post(at.server, { model: 'text-lstm', max_tokens: 1, state: changed });
    expect(error?.code).toBe('invalid_state');
  }
});
