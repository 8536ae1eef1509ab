// POST /api/embed, and /api/embeddings of older clients.

import * as v from 'valibot';
import type { ServerLimits } from '../../limits.ts';
import { model, oneOrMore, optional, text } from '../../schema/fields.ts';
import { findModel } from '../find-model.ts';
import { type Call, json, route } from '../route.ts';

async function embedded(call: Call, name: string | null | undefined, input: readonly string[]) {
  const { engine, limits } = call.server;
  const served = findModel(call, name, ['text-generation']);
  const deadline = Math.max(1, limits.deadlineMs - call.elapsed());
  const found = await engine.embed({ model: served.id, input }, { signal: call.signal, deadline });
  return { served, found, vectors: found.embeddings.map((floats) => Array.from(floats)) };
}

export const embed = route({
  method: 'POST',
  path: '/api/embed',
  summary: 'States of a language model as embeddings of texts.',
  group: 'Ollama',
  style: 'ollama',
  body: (limits: ServerLimits) => v.looseObject({ model: optional(model()), input: oneOrMore(limits) }),
  async handle(call) {
    const { model: name, input } = call.body;
    const { served, found, vectors } = await embedded(call, name, typeof input === 'string' ? [input] : input);
    const durations = { total_duration: Math.round(call.elapsed() * 1e6), load_duration: 0 };
    const counts = { prompt_eval_count: found.tokens, ...(found.unknown.length > 0 ? { unknown: found.unknown } : {}) };
    return json({ model: served.id, embeddings: vectors, ...durations, ...counts });
  },
});

export const embeddingsOfOld = route({
  method: 'POST',
  path: '/api/embeddings',
  summary: 'The embedding of one text, as older clients ask for it.',
  group: 'Ollama',
  style: 'ollama',
  body: (limits: ServerLimits) => v.looseObject({ model: optional(model()), prompt: text(limits.characters) }),
  async handle(call) {
    const { vectors } = await embedded(call, call.body.model, [call.body.prompt]);
    return json({ embedding: vectors[0] });
  },
});
