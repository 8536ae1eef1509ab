// POST /api/generate: the continuation of a prompt, line by line unless `stream` is false.

import * as v from 'valibot';
import { badRequest } from '../../http/api-error.ts';
import type { ServerLimits } from '../../limits.ts';
import { optional, text } from '../../schema/fields.ts';
import { requestsFor } from '../continuations.ts';
import { findModel } from '../find-model.ts';
import { json, route } from '../route.ts';
import { answer, answerFields } from './answer.ts';
import { now, samplingOf } from './common.ts';

const schema = (limits: ServerLimits) =>
  v.looseObject({
    ...answerFields(limits),
    prompt: optional(text(limits.characters)),
    suffix: optional(text(limits.characters)),
    system: optional(text(limits.characters)),
    images: optional(v.array(v.unknown())),
  });

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
    // What Ollama's clients send to load a model, which is loaded here. A state goes on without a prompt.
    if (!body.prompt && typeof body.state !== 'string')
      return json({ model: served.id, created_at: now(), response: '', done: true, done_reason: 'load' });
    if (body.suffix) throw badRequest('suffix: text is not inserted by recurrent language models', 'suffix');
    if (body.images?.length) throw badRequest(`images: ${served.id} reads no images`, 'images');
    if (body.format) throw badRequest('format: answers are plain text', 'format');
    const own = body.prompt ?? '';
    const prompt = body.system ? `${body.system}\n${own}` : own;
    const from = await server.states.read(served, body.state);
    const [request] = requestsFor(call, served, [prompt], 1, samplingOf(body.options), from);
    return answer(call, served, request, (response) => ({ response }));
  },
});
