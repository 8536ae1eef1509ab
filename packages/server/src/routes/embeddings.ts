// POST /v1/embeddings: the state of a language model after a text, or its mean over the text. Base64 is what OpenAI's client asks for by itself.

import * as v from 'valibot';
import { badRequest } from '../http/api-error.ts';
import type { ServerLimits } from '../limits.ts';
import { ids, list, model, optional, text, whole } from '../schema/fields.ts';
import { floatsToBase64 } from './base64.ts';
import { findModel } from './find-model.ts';
import { json, route } from './route.ts';

const schema = (limits: ServerLimits) =>
  v.looseObject({
    model: optional(model()),
    input: v.union([
      text(limits.characters),
      list(text(limits.characters), limits.inputs, 1),
      ids(limits),
      list(ids(limits), limits.inputs, 1),
    ]),
    encoding_format: optional(v.picklist(['float', 'base64'])),
    dimensions: optional(whole(1, 2 ** 20)),
    pooling: optional(
      v.pipe(
        v.picklist(['last', 'mean']),
        v.description('The state after the last symbol, or the mean of all. Default last.'),
      ),
    ),
  });

export const embeddings = route({
  method: 'POST',
  path: '/v1/embeddings',
  summary: 'States of a language model as embeddings of texts.',
  group: 'OpenAI',
  style: 'openai',
  body: schema,
  async handle(call) {
    const { body, server } = call;
    const served = findModel(call, body.model, ['text-generation']);
    const input = inputsOf(body.input);
    const deadline = Math.max(1, server.limits.deadlineMs - call.elapsed());
    const request = { model: served.id, input, pooling: body.pooling ?? 'last' } as const;
    const found = await server.engine.embed(request, { signal: call.signal, deadline });
    const size = found.embeddings[0]?.length ?? 0;
    if (body.dimensions !== null && body.dimensions !== undefined && body.dimensions !== size)
      throw badRequest(`the embeddings of ${served.id} have ${size} dimensions`, 'dimensions');
    const write = body.encoding_format === 'base64' ? floatsToBase64 : (floats: Float32Array) => Array.from(floats);
    return json({
      object: 'list',
      data: found.embeddings.map((floats, index) => ({ object: 'embedding', index, embedding: write(floats) })),
      model: served.id,
      usage: { prompt_tokens: found.tokens, total_tokens: found.tokens },
      ...(found.unknown.length > 0 ? { unknown: found.unknown } : {}),
    });
  },
});

function inputsOf(input: string | string[] | number[] | number[][]): readonly (string | readonly number[])[] {
  if (typeof input === 'string') return [input];
  return typeof input[0] === 'number' ? [input as number[]] : (input as (string | number[])[]);
}
