// The AI SDK (`ai` with its provider for compatible servers) against the server.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embedMany, generateText, streamText } from 'ai';
import { expect, test } from 'vitest';
import { rowsOf, served, until } from './served.ts';

const at = served(['text-lstm']);
const provider = () => createOpenAICompatible({ name: 'unrolled', baseURL: `${at.url}/v1`, includeUsage: true });
const options = { maxOutputTokens: 20, seed: 4, maxRetries: 0 };

test('generateText gives a text and its usage', async () => {
  const { text, finishReason, usage } = await generateText({
    model: provider()('text-lstm'),
    prompt: 'the ',
    ...options,
  });
  expect([text.length, finishReason]).toEqual([20, 'length']);
  expect([usage.inputTokens, usage.outputTokens]).toEqual([4, 20]);
});

test('streamText gives the same text piece by piece, and its usage', async () => {
  const whole = await generateText({ model: provider()('text-lstm'), prompt: 'the ', ...options });
  const result = streamText({ model: provider()('text-lstm'), prompt: 'the ', ...options });
  let text = '';
  let pieces = 0;
  for await (const piece of result.textStream) {
    text += piece;
    pieces++;
  }
  expect(text).toBe(whole.text);
  expect(pieces).toBeGreaterThan(5);
  expect((await result.usage).outputTokens).toBe(20);
  expect(await result.finishReason).toBe('length');
});

test('completionModel, which wraps the prompt in a dialog, is no error for characters that the model does not know', async () => {
  const model = provider().completionModel('text-lstm');
  const { text } = await generateText({ model, prompt: 'the ☂ ', ...options });
  expect(text.length).toBe(20);
  let streamed = '';
  for await (const piece of streamText({ model, prompt: 'the ☂ ', ...options }).textStream) streamed += piece;
  expect(streamed).toBe(text);
});

test('embedMany gives one embedding a text', async () => {
  const { embeddings } = await embedMany({
    model: provider().embeddingModel('text-lstm'),
    values: ['the dog', 'a cat', 'rain'],
  });
  expect(embeddings.map(({ length }) => length)).toEqual([12, 12, 12]);
});

test('an error is an error part with the server’s words', async () => {
  const result = streamText({ model: provider()('no-such-model'), prompt: 'the ', ...options, onError() {} });
  const errors: unknown[] = [];
  for await (const part of result.fullStream) if (part.type === 'error') errors.push(part.error);
  expect(errors.length).toBe(1);
  expect(String((errors[0] as Error).message)).toContain('there is no model "no-such-model"');
});

test('aborting frees the row', async () => {
  const stop = new AbortController();
  const result = streamText({
    model: provider()('text-lstm'),
    prompt: 'the ',
    maxOutputTokens: 16_000,
    abortSignal: stop.signal,
    maxRetries: 0,
    onError() {},
  });
  let pieces = 0;
  for await (const _ of result.textStream) if (++pieces === 3) stop.abort();
  await until(() => rowsOf(at.engine) === 0); // how fast: disconnects.test.ts
});
