// OpenAI's own client against the server.
import OpenAI, { APIError, AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { beforeAll, describe, expect, test } from 'vitest';
import { changed, rowsOf, served, until } from './served.ts';

const at = served(['text-lstm', 'classify', 'translate-attention', 'caption-soft', 'vqa-map']);
const locked = served(['text-lstm'], { apiKey: 'a-key-of-many-characters' });
let client: OpenAI;
beforeAll(() => {
  client = new OpenAI({ baseURL: `${at.url}/v1`, apiKey: 'none', maxRetries: 0 });
});

const model = 'text-lstm';
const asked = { model, prompt: 'the ', max_tokens: 24, seed: 5 };

describe('models', () => {
  test('are listed and found by their ids', async () => {
    const ids: string[] = [];
    for await (const one of client.models.list()) ids.push(one.id);
    expect(ids).toEqual(['text-lstm', 'classify', 'translate-attention', 'caption-soft', 'vqa-map']);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model', owned_by: 'unrolled' });
  });

  test('that are not there are a NotFoundError with a suggestion', async () => {
    const error = await client.models.retrieve('text-lst').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', requestID: expect.stringMatching(/^req-/) });
    expect((error as Error).message).toContain('did you mean text-lstm?');
  });

  test('are there without /v1 too', async () => {
    const bare = new OpenAI({ baseURL: at.url, apiKey: 'none', maxRetries: 0 });
    expect((await bare.models.list()).data.length).toBe(5);
  });
});

describe('completions', () => {
  test('stream the text that they give at once', async () => {
    const whole = await client.completions.create(asked);
    expect(whole.choices[0].text.length).toBe(24);
    expect(whole.usage).toEqual({ prompt_tokens: 4, completion_tokens: 24, total_tokens: 28 });
    const stream = await client.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } });
    let text = '';
    const ids = new Set<string>();
    let usage: unknown;
    let reason: unknown;
    for await (const chunk of stream) {
      ids.add(chunk.id);
      usage = chunk.usage ?? usage;
      for (const choice of chunk.choices) {
        text += choice.text;
        reason = choice.finish_reason ?? reason;
      }
    }
    expect([text, ids.size, reason]).toEqual([whole.choices[0].text, 1, 'length']);
    expect(usage).toEqual(whole.usage);
  });

  test('take the most probable symbol with top_p 0, as with temperature 0', async () => {
    const text = async (own: object) => (await client.completions.create({ ...asked, ...own })).choices[0].text;
    expect(await text({ top_p: 0, seed: 9 })).toBe(await text({ temperature: 0 }));
    const chat = async (own: object) =>
      (
        await client.chat.completions.create({
          model,
          messages: [{ role: 'user', content: 'the ' }],
          max_tokens: 24,
          ...own,
        })
      ).choices[0].message.content;
    expect(await chat({ top_p: 0 })).toBe(await chat({ temperature: 0 }));
  });

  test('continue each prompt n times, the first as if it were alone', async () => {
    const { choices, usage } = await client.completions.create({ ...asked, prompt: ['the ', 'a '], n: 3 });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(choices.map(({ text }) => text)).size).toBe(6);
    for (const [prompt, index] of [
      ['the ', 0],
      ['a ', 3],
    ] as const) {
      const alone = await client.completions.create({ ...asked, prompt });
      expect(choices[index].text).toBe(alone.choices[0].text);
    }
    expect(usage).toEqual({ prompt_tokens: 6, completion_tokens: 144, total_tokens: 150 });
  });

  test('stop before a stop text', async () => {
    const [whole] = (await client.completions.create(asked)).choices;
    const stop = whole.text.slice(6, 9);
    const at6 = whole.text.indexOf(stop);
    const [stopped] = (await client.completions.create({ ...asked, stop: [stop, 'never there'] })).choices;
    expect([stopped.text, stopped.finish_reason]).toEqual([whole.text.slice(0, at6), 'stop']);
  });

  test('report log-probabilities: those of the chosen symbols are among the top at temperature 0', async () => {
    const [choice] = (await client.completions.create({ ...asked, temperature: 0, logprobs: 2 })).choices;
    const {
      tokens = [],
      token_logprobs: chosen = [],
      top_logprobs: top = [],
      text_offset: offsets = [],
    } = choice.logprobs ?? {};
    expect(tokens.join('')).toBe(choice.text);
    expect(offsets).toEqual(tokens.map((_, k) => tokens.slice(0, k).join('').length));
    for (const [k, token] of tokens.entries()) {
      expect(top[k][token]).toBe(chosen[k]);
      expect(Math.max(...Object.values(top[k]))).toBe(chosen[k]);
    }
  });

  test('echo the prompt, and keep the best of several', async () => {
    const [echoed] = (await client.completions.create({ ...asked, echo: true })).choices;
    expect(echoed.text.startsWith('the ')).toBe(true);
    const { choices } = await client.completions.create({ ...asked, best_of: 6, n: 1, logprobs: 1 });
    const six = await client.completions.create({ ...asked, n: 6, logprobs: 1 });
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    const means = six.choices.map(({ logprobs }) => mean(logprobs?.token_logprobs ?? []));
    expect(mean(choices[0].logprobs?.token_logprobs ?? [])).toBe(Math.max(...means));
  });

  test('take ids of symbols as prompts', async () => {
    const { choices } = await client.completions.create({ ...asked, prompt: [[1, 2, 3], [4]] });
    expect(choices.map(({ text }) => text.length)).toEqual([24, 24]);
  });

  test('report characters that the model does not know, and are no error', async () => {
    const [choice] = (await client.completions.create({ ...asked, prompt: 'the ☂ß ' })).choices;
    expect(choice).toMatchObject({ unknown: ['☂', 'ß'], finish_reason: 'length' });
  });
});

describe('chats', () => {
  const messages = [{ role: 'user' as const, content: 'the ' }];

  test('give a message, and the same one streamed', async () => {
    const { choices, usage } = await client.chat.completions.create({ model, messages, max_tokens: 20, seed: 3 });
    expect(choices[0].message.role).toBe('assistant');
    expect(usage?.completion_tokens).toBe(20);
    const stream = client.chat.completions.stream({ model, messages, max_tokens: 20, seed: 3 });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0].message.content).toBe(choices[0].message.content);
    expect(final.choices[0].finish_reason).toBe('length');
  });

  test('have the role in the first chunk alone, no content in the last, and usage where it was asked for', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages,
      max_completion_tokens: 5,
      seed: 1,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.slice(1, -1).every(({ choices }) => choices[0].delta.role === undefined)).toBe(true);
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'length' });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 5 } });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  test('are raw continuations of one message', async () => {
    const chat = await client.chat.completions.create({ model, messages, max_tokens: 20, seed: 3 });
    const raw = await client.completions.create({ model, prompt: 'the ', max_tokens: 20, seed: 3 });
    expect(chat.choices[0].message.content).toBe(raw.choices[0].text);
  });

  test('report log-probabilities with the bytes of each symbol', async () => {
    const { choices } = await client.chat.completions.create({
      model,
      messages,
      max_tokens: 4,
      logprobs: true,
      top_logprobs: 3,
    });
    const content = choices[0].logprobs?.content ?? [];
    expect(content.map(({ top_logprobs: top }) => top.length)).toEqual([3, 3, 3, 3]);
    expect(content.map(({ bytes }) => new TextDecoder().decode(Uint8Array.from(bytes ?? []))).join('')).toBe(
      choices[0].message.content,
    );
  });

  test('with a translator translate the last message, whole and streamed', async () => {
    const ask = { model: 'translate-attention', messages: [{ role: 'user' as const, content: 'my friend' }] };
    const whole = await client.chat.completions.create(ask);
    expect(whole.choices[0].message.content).not.toBe('');
    const streamed = await client.chat.completions.stream(ask).finalContent();
    expect(streamed).toBe(whole.choices[0].message.content);
  });
});

describe('embeddings', () => {
  test('by default (base64) equal those in floats', async () => {
    const ask = { model, input: ['the dog', 'a cat'] };
    const packed = await client.embeddings.create(ask);
    const floats = await client.embeddings.create({ ...ask, encoding_format: 'float' });
    expect(packed.data.map(({ embedding }) => embedding.length)).toEqual([12, 12]);
    for (const [n, { embedding }] of packed.data.entries())
      expect(Array.from(embedding)).toEqual(floats.data[n].embedding.map((x) => Math.fround(x)));
    expect(packed.usage).toEqual({ prompt_tokens: 12, total_tokens: 12 });
  });
});

describe('errors', () => {
  test('have their types and fields', async () => {
    await expect(client.completions.create({ ...asked, temperature: -1 })).rejects.toMatchObject({
      status: 400,
      param: 'temperature',
      type: 'invalid_request_error',
    });
    await expect(client.completions.create({ ...asked, model: 'classify' })).rejects.toBeInstanceOf(BadRequestError);
    await expect(
      client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'x' }],
        tools: [{ type: 'function', function: { name: 'f', parameters: {} } }],
      }),
    ).rejects.toMatchObject({ status: 400, param: 'tools', code: 'unsupported_parameter' });
    const stranger = new OpenAI({ baseURL: locked.url, apiKey: 'another', maxRetries: 0 });
    await expect(stranger.completions.create(asked)).rejects.toBeInstanceOf(AuthenticationError);
    const known = new OpenAI({ baseURL: locked.url, apiKey: 'a-key-of-many-characters', maxRetries: 0 });
    expect((await known.completions.create(asked)).choices.length).toBe(1);
    expect((await stranger.models.list()).data.length).toBe(1);
  });

  test('that a retry can cure are retried, and no others', async () => {
    const busy = served429();
    const patient = new OpenAI({ baseURL: 'http://busy.test/v1', apiKey: 'none', maxRetries: 2, fetch: busy.fetch });
    await expect(patient.completions.create(asked)).rejects.toBeInstanceOf(RateLimitError);
    expect(busy.count()).toBe(3);
    const before = at.log.length;
    const mistaken = new OpenAI({ baseURL: `${at.url}/v1`, apiKey: 'none', maxRetries: 2 });
    await expect(mistaken.completions.create({ ...asked, n: 0 })).rejects.toBeInstanceOf(APIError);
    expect(at.log.length).toBe(before + 1);
  });
});

test('leaving a stream frees its row', async () => {
  const stream = await client.completions.create({ ...asked, max_tokens: 16_000, stream: true });
  for await (const _ of stream) break;
  await until(() => rowsOf(at.engine) === 0); // how fast: disconnects.test.ts
});

/** A server without a place in its queue, and how often it was asked. */
function served429() {
  let asks = 0;
  return {
    count: () => asks,
    async fetch() {
      const { createServer, EngineError } = await import('@unrolled/server');
      asks++;
      const full = new EngineError('queue-full', 'the queue is full', { retryAfter: 0.001 });
      const engine = changed(at.engine, { generate: () => failing(full) });
      const server = createServer({ engine, allowedHosts: ['busy.test'] });
      const body = JSON.stringify(asked);
      const response = await server.fetch(new Request('http://busy.test/v1/completions', { method: 'POST', body }));
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
      return new Response(response.body, {
        status: 429,
        headers: { 'retry-after-ms': '1', 'content-type': 'application/json' },
      });
    },
  };
}

async function* failing(error: Error): AsyncGenerator<never, void> {
  yield Promise.reject(error);
}
