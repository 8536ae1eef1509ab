// POST /api/generate: the continuation of a prompt, line by line unless `stream` is false.

import * as v from 'valibot';
import type { EngineModel, GenerateRequest } from '../../engine/engine.ts';
import { badRequest } from '../../http/api-error.ts';
import { jsonLines } from '../../http/event-stream.ts';
import type { ServerLimits } from '../../limits.ts';
import { flag, model, optional, state, text } from '../../schema/fields.ts';
import { allOf, continued, requestsFor } from '../continuations.ts';
import { findModel } from '../find-model.ts';
import { extras } from '../openai-text.ts';
import { type Call, json, route } from '../route.ts';
import { now, options, samplingOf, timings } from './common.ts';

const schema = (limits: ServerLimits) =>
  v.looseObject({
    model: optional(model()),
    prompt: optional(text(limits.characters)),
    suffix: optional(text(limits.characters)),
    system: optional(text(limits.characters)),
    images: optional(v.array(v.unknown())),
    format: optional(v.unknown()),
    stream: optional(flag()),
    options: optional(options(limits)),
    state: optional(state()),
  });

type Body = v.InferOutput<ReturnType<typeof schema>>;

export const generate = route({
  method: 'POST',
  path: '/api/generate',
  summary: 'Continue a prompt.',
  group: 'Ollama',
  style: 'ollama',
  body: schema,
  async handle(call) {
    const { body, server } = call;
    const served = findModel(call, body.model, ['text-generation']);
    const head = { model: served.id, created_at: now() };
    // What Ollama's clients send to load a model, which is loaded here.
    if (body.prompt === null || body.prompt === undefined)
      return json({ ...head, response: '', done: true, done_reason: 'load' });
    if (body.suffix) throw badRequest('suffix: text is not inserted by recurrent language models', 'suffix');
    if (body.images?.length) throw badRequest(`images: ${served.id} reads no images`, 'images');
    if (body.format) throw badRequest('format: answers are plain text', 'format');
    const prompt = body.system ? `${body.system}\n${body.prompt}` : body.prompt;
    const from = await server.states.read(served, body.state);
    const [request] = requestsFor(call, served, [prompt], 1, samplingOf(body.options), from);
    if (body.stream !== false) return call.stream(jsonLines, lines(call, served, request));
    const [{ text: response, finish }] = await allOf(call, [request]);
    const token = finish.state && (await server.states.write(served, finish.state));
    return json({ ...head, response, ...timings(call, 0, finish), ...extras(finish.unknown, token) });
  },
});

async function* lines(call: Call<Body>, served: EngineModel, request: GenerateRequest) {
  let first: number | null = null;
  for await (const { piece } of continued(call, [request])) {
    first ??= call.elapsed();
    const head = { model: served.id, created_at: now() };
    if (piece.text !== '') yield JSON.stringify({ ...head, response: piece.text, done: false });
    if (!piece.finish) continue;
    const { unknown, state: bytes } = piece.finish;
    const token = bytes && (await call.server.states.write(served, bytes));
    yield JSON.stringify({ ...head, response: '', ...timings(call, first, piece.finish), ...extras(unknown, token) });
  }
}
