// POST /api/chat.

import * as v from 'valibot';
import { badRequest } from '../../http/api-error.ts';
import type { ServerLimits } from '../../limits.ts';
import { list, optional } from '../../schema/fields.ts';
import { requestsFor } from '../continuations.ts';
import { findModel } from '../find-model.ts';
import { message, promptOf } from '../messages.ts';
import { json, route } from '../route.ts';
import { answer, answerFields } from './answer.ts';
import { now, samplingOf } from './common.ts';

const schema = (limits: ServerLimits) =>
  v.looseObject({
    ...answerFields(limits),
    messages: optional(list(message(limits), limits.inputs)),
    tools: optional(v.array(v.unknown())),
  });

const placed = (content: string) => ({ message: { role: 'assistant', content } });

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
    const messages = body.messages ?? [];
    if (messages.length === 0)
      return json({ model: served.id, created_at: now(), ...placed(''), done: true, done_reason: 'load' });
    if (body.tools?.length) throw badRequest('tools: recurrent language models call none', 'tools');
    if (body.format) throw badRequest('format: answers are plain text', 'format');
    const { prompt, stop } = promptOf(messages, server.chat);
    const sampling = samplingOf(body.options);
    const own = typeof sampling.stop === 'string' ? [sampling.stop] : (sampling.stop ?? []);
    const from = await server.states.read(served, body.state);
    const [request] = requestsFor(call, served, [prompt], 1, { ...sampling, stop: [...own, ...stop] }, from);
    return answer(call, served, request, placed);
  },
});
