// POST /v1/translate: by beam search, sampled, or token by token.

import * as v from 'valibot';
import { badRequest } from '../../http/api-error.ts';
import type { ServerLimits } from '../../limits.ts';
import { model, oneOrMore, optional } from '../../schema/fields.ts';
import { route } from '../route.ts';
import { decodingFields, searchOnly } from './decoding.ts';
import { answerTask } from './task.ts';

const schema = (limits: ServerLimits) =>
  v.strictObject({ model: optional(model()), input: oneOrMore(limits), ...decodingFields(limits) });

export const translate = route({
  method: 'POST',
  path: '/v1/translate',
  summary: 'Translate texts.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  handle(call) {
    const { model: name, input, stream, ...options } = call.body;
    const inputs = typeof input === 'string' ? [input] : input;
    if (stream) refuseSearch(options, inputs.length);
    return answerTask(call, 'translation', name, () => ({ inputs, options, stream }));
  },
});

/** Throws an ApiError 400 for what cannot be streamed. */
export function refuseSearch(options: Readonly<Record<string, unknown>>, inputs: number): void {
  if (inputs !== 1) throw badRequest('one input at a time can be streamed', 'stream');
  for (const name of searchOnly)
    if (options[name] !== null && options[name] !== undefined)
      throw badRequest(`${name} is for a search, which is known at its end; a stream is greedy or sampled`, name);
}
