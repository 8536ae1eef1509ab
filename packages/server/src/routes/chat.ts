// POST /v1/chat/completions. Language models continue the text of the messages; models of other tasks answer the last one: a translator translates it, a
// captioner describes its image, a model of visual questions answers its question.

import type { EngineModel, GenerateRequest } from '../engine/engine.ts';
import { badRequest } from '../http/api-error.ts';
import { eventStream } from '../http/event-stream.ts';
import { type ChatBody, chatBody } from './chat-body.ts';
import { answerChat, chatTasks } from './chat-tasks.ts';
import { allOf, continued, requestsFor, usageOf } from './continuations.ts';
import { findModel } from './find-model.ts';
import { promptOf } from './messages.ts';
import { chatLogprobs, extras, newId, seconds } from './openai-text.ts';
import { type Call, json, route } from './route.ts';
import { refuseUnsupported } from './unsupported.ts';

const unsupported = [
  'tools',
  'functions',
  'logit_bias',
  'presence_penalty',
  'frequency_penalty',
  'audio',
  'prediction',
];

export const chat = route({
  method: 'POST',
  path: '/v1/chat/completions',
  summary: 'Continue the text of messages, or answer the last one.',
  group: 'OpenAI',
  style: 'openai',
  body: chatBody,
  async handle(call) {
    const { body } = call;
    refuseUnsupported(body, unsupported);
    const format = body.response_format?.type ?? 'text';
    if (format !== 'text')
      throw badRequest(
        `response_format ${JSON.stringify(format.slice(0, 40))} is not supported; expected text`,
        'response_format',
        'unsupported_parameter',
      );
    const served = findModel(call, body.model, ['text-generation', ...chatTasks]);
    if (served.task !== 'text-generation') return answerChat(call, served);
    const n = body.n ?? 1;
    const requests = await requestsOf(call, served, n);
    if (body.stream) return call.stream(eventStream, chunks(call, served, requests, n));
    const found = await allOf(call, requests);
    const choices = found.map(async ({ text: content, finish, logprobs }, index) => ({
      index,
      message: { role: 'assistant', content, refusal: null },
      logprobs: body.logprobs ? chatLogprobs(logprobs) : null,
      finish_reason: finish.reason,
      ...extras(finish.unknown, finish.state && (await call.server.states.write(served, finish.state))),
    }));
    return json({
      id: newId('chatcmpl'),
      object: 'chat.completion',
      created: seconds(),
      model: served.id,
      choices: await Promise.all(choices),
      usage: usageOf(
        found.map(({ finish }) => finish),
        n,
      ),
    });
  },
});

async function requestsOf(call: Call<ChatBody>, served: EngineModel, n: number): Promise<GenerateRequest[]> {
  const { body, server } = call;
  const { prompt, stop: turn } = promptOf(body.messages, server.chat);
  const ends = typeof body.stop === 'string' ? [body.stop] : (body.stop ?? []);
  if (body.top_logprobs && !body.logprobs) throw badRequest('top_logprobs needs logprobs: true', 'top_logprobs');
  const sampling = {
    maxTokens: body.max_completion_tokens ?? body.max_tokens,
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    minP: body.min_p,
    seed: body.seed,
    stop: [...ends, ...turn],
    ...(body.logprobs ? { logprobs: body.top_logprobs ?? 0 } : {}),
  };
  return requestsFor(call, served, [prompt], n, sampling, await server.states.read(served, body.state));
}

async function* chunks(call: Call<ChatBody>, served: EngineModel, requests: readonly GenerateRequest[], n: number) {
  const { body, server } = call;
  const isUsage = body.stream_options?.include_usage === true;
  const head = { id: newId('chatcmpl'), object: 'chat.completion.chunk', created: seconds(), model: served.id };
  const chunk = (choice: object) =>
    JSON.stringify({
      ...head,
      choices: [{ logprobs: null, finish_reason: null, ...choice }],
      ...(isUsage ? { usage: null } : {}),
    });
  const begun = new Set<number>();
  const finishes: Parameters<typeof usageOf>[0][number][] = [];
  for await (const { index, piece } of continued(call, requests)) {
    if (!begun.has(index)) yield chunk({ index, delta: { role: 'assistant', content: '' } });
    begun.add(index);
    const logprobs = piece.logprobs ? chatLogprobs(piece.logprobs) : null;
    if (piece.text !== '' || logprobs) yield chunk({ index, delta: { content: piece.text }, logprobs });
    if (!piece.finish) continue;
    finishes[index] = piece.finish;
    const { reason, unknown, state: bytes } = piece.finish;
    const token = bytes && (await server.states.write(served, bytes));
    yield chunk({ index, delta: {}, finish_reason: reason, ...extras(unknown, token) });
  }
  if (isUsage) yield JSON.stringify({ ...head, choices: [], usage: usageOf(finishes, n) });
}
