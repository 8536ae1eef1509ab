// Ollama's client against the server.
import { Ollama } from 'ollama';
import { beforeAll, expect, test } from 'vitest';
import { rowsOf, served, until } from './served.ts';

const at = served(['text-lstm', 'classify']);
let ollama: Ollama;
beforeAll(() => {
  ollama = new Ollama({ host: at.url });
});
const options = { seed: 7, num_predict: 16, temperature: 0.7 };

test('list, show, ps and version say what is served', async () => {
  const { models } = await ollama.list();
  expect(models.map(({ name }) => name)).toEqual(['text-lstm', 'classify']);
  expect(models[0].details.family).toBe('gru');
  const shown = await ollama.show({ model: 'text-lstm:latest' });
  expect(shown.capabilities).toContain('completion');
  expect((await ollama.ps()).models.length).toBe(2);
  expect((await ollama.version()).version).toMatch(/^\d/);
});

test('generate gives the same text whole and in lines', async () => {
  const whole = await ollama.generate({ model: 'text-lstm', prompt: 'the ', options });
  expect(whole).toMatchObject({ done: true, done_reason: 'length', prompt_eval_count: 4, eval_count: 16 });
  let text = '';
  const lines = [];
  for await (const line of await ollama.generate({ model: 'text-lstm', prompt: 'the ', options, stream: true })) {
    text += line.response;
    lines.push(line.done);
  }
  expect(text).toBe(whole.response);
  expect(lines.indexOf(true)).toBe(lines.length - 1);
});

test('an empty prompt loads the model, as Ollama’s command does; a state goes on without one', async () => {
  for (const prompt of ['', undefined]) {
    const loaded = await ollama.generate({ model: 'text-lstm', prompt: prompt as string, options });
    expect(loaded).toMatchObject({ response: '', done: true, done_reason: 'load' });
  }
  expect(await ollama.chat({ model: 'text-lstm', messages: [] })).toMatchObject({ done: true, done_reason: 'load' });
  const ask = { model: 'text-lstm', prompt: 'the ', options, state: true };
  const whole = await ollama.generate({ ...ask, options: { ...options, num_predict: 32 } });
  const first = (await ollama.generate(ask)) as unknown as { response: string; state: string };
  const { seed: _, ...unseeded } = options; // a seed would begin another continuation
  const on = { ...ask, prompt: '', state: first.state, options: unseeded } as unknown as typeof ask;
  const rest = await ollama.generate(on);
  expect(first.response + rest.response).toBe(whole.response);
});

test('top_p 0 takes the most probable symbol', async () => {
  const text = async (own: object) =>
    (await ollama.generate({ model: 'text-lstm', prompt: 'the ', options: { ...options, ...own } })).response;
  expect(await text({ top_p: 0 })).toBe(await text({ temperature: 0 }));
});

test('chat gives messages', async () => {
  const messages = [{ role: 'user', content: 'the ' }];
  const whole = await ollama.chat({ model: 'text-lstm', messages, options });
  expect(whole.message.role).toBe('assistant');
  let text = '';
  for await (const line of await ollama.chat({ model: 'text-lstm', messages, options, stream: true }))
    text += line.message.content;
  expect(text).toBe(whole.message.content);
});

test('embed gives vectors', async () => {
  const { embeddings } = await ollama.embed({ model: 'text-lstm', input: ['the dog', 'a cat'] });
  expect(embeddings.map(({ length }) => length)).toEqual([12, 12]);
  expect((await ollama.embeddings({ model: 'text-lstm', prompt: 'the dog' })).embedding).toEqual(embeddings[0]);
});

test('errors have the server’s words', async () => {
  await expect(ollama.generate({ model: 'nothing', prompt: 'x' })).rejects.toMatchObject({
    message: expect.stringContaining('there is no model "nothing"'),
    status_code: 404,
  });
  await expect(ollama.generate({ model: 'classify', prompt: 'x' })).rejects.toThrow(/text-classification/);
});

test('aborting frees the row', async () => {
  const lines = await ollama.generate({
    model: 'text-lstm',
    prompt: 'the ',
    options: { num_predict: 16_000 },
    stream: true,
  });
  const read = async () => {
    for await (const _ of lines) lines.abort();
  };
  await expect(read()).rejects.toThrow(/abort/i);
  await until(() => rowsOf(at.engine) === 0); // how fast: disconnects.test.ts
});
