// POST /api/chat.

import * as v from 'valibot';
import type { EngineModel, GenerateRequest } from '../../engine/engine.ts';
import { badRequest } from '../../http/api-error.ts';
import { jsonLines } from '../../http/event-stream.ts';
import type { ServerLimits } from '../../limits.ts';
import { flag, list, model, optional, state } from '../../schema/fields.ts';
import { allOf, continued, requestsFor } from '../continuations.ts';
import { findModel } from '../find-model.ts';
import { message, promptOf } from '../messages.ts';
import { extras } from '../openai-text.ts';
import { type Call, json, route } from '../route.ts';
import { now, options, samplingOf, timings } from './common.ts';

const schema = (limits: ServerLimits) =>
  v.looseObject({
    model: optional(model()),
    messages: optional(list(message(limits), limits.inputs)),
    tools: optional(v.array(v.unknown())),
    format: optional(v.unknown()),
    stream: optional(flag()),
    options: optional(options(limits)),
    state: optional(state()),
  });

type Body = v.InferOutput<ReturnType<typeof schema>>;

export const ollamaChat = route({
  method: 'POST',
  path: '/api/chat',
  summary: 'Continue the text of messages.',
  group: 'Ollama',
  style: 'ollama',
  body: schema,
  async handle(call) {
    const { body, server } = call;
    const served = findModel(call, body.model, ['text-generation']);
    const head = { model: served.id, created_at: now() };
    const messages = body.messages ?? [];
    if (messages.length === 0)
      return json({ ...head, message: { role: 'assistant', content: '' }, done: true, done_reason: 'load' });
    if (body.tools?.length) throw badRequest('tools: recurrent language models call none', 'tools');
    if (body.format) throw badRequest('format: answers are plain text', 'format');
    const { prompt, stop } = promptOf(messages, server.chat);
    const sampling = samplingOf(body.options);
    const own = typeof sampling.stop === 'string' ? [sampling.stop] : (sampling.stop ?? []);
    const from = await server.states.read(served, body.state);
    const [request] = requestsFor(call, served, [prompt], 1, { ...sampling, stop: [...own, ...stop] }, from);
    if (body.stream !== false) return call.stream(jsonLines, lines(call, served, request));
    const [{ text: content, finish }] = await allOf(call, [request]);
    const token = finish.state && (await server.states.write(served, finish.state));
    const answer = { role: 'assistant', content };
    return json({ ...head, message: answer, ...timings(call, 0, finish), ...extras(finish.unknown, token) });
  },
});

async function* lines(call: Call<Body>, served: EngineModel, request: GenerateRequest) {
  let first: number | null = null;
  for await (const { piece } of continued(call, [request])) {
    first ??= call.elapsed();
    const head = { model: served.id, created_at: now() };
    const message = (content: string) => ({ role: 'assistant', content });
    if (piece.text !== '') yield JSON.stringify({ ...head, message: message(piece.text), done: false });
    if (!piece.finish) continue;
    const { unknown, state: bytes } = piece.finish;
    const token = bytes && (await call.server.states.write(served, bytes));
    yield JSON.stringify({
      ...head,
      message: message(''),
      ...timings(call, first, piece.finish),
      ...extras(unknown, token),
    });
  }
}
