// POST /v1/tag: labels of the tokens of texts. A model of one direction reads a text piece by piece: each answer has a state that the next request sends.

import * as v from 'valibot';
import { badRequest } from '../../http/api-error.ts';
import type { ServerLimits } from '../../limits.ts';
import { list, model, optional, state, text, whole } from '../../schema/fields.ts';
import { route } from '../route.ts';
import { answerTask } from './task.ts';

const tokens = (limits: ServerLimits) => list(text(limits.characters), limits.numbers, 1);

const schema = (limits: ServerLimits) =>
  v.strictObject({
    model: optional(model()),
    input: optional(
      v.pipe(
        v.union([text(limits.characters), list(text(limits.characters), limits.inputs, 1)]),
        v.description('A text, or several.'),
      ),
    ),
    tokens: optional(
      v.pipe(
        v.union([tokens(limits), list(tokens(limits), limits.inputs, 1)]),
        v.description('The tokens of a text, or of several, instead of `input`.'),
      ),
    ),
    topK: optional(v.pipe(whole(1, 2 ** 20), v.description('Number of labels in the `scores` of a token. Default 1.'))),
    state: optional(state()),
  });

export const tag = route({
  method: 'POST',
  path: '/v1/tag',
  summary: 'Label the tokens of texts.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  handle(call) {
    const { model: name, topK, state: from } = call.body;
    const inputs = inputsOf(call.body);
    if (from && inputs.length !== 1)
      throw badRequest('a text that is read piece by piece is the only one of its request', 'input');
    return answerTask(call, 'token-classification', name, () => ({ inputs, options: { topK }, state: from }));
  },
});

function inputsOf({ input, tokens: lists }: v.InferOutput<ReturnType<typeof schema>>): readonly (string | string[])[] {
  const [hasText, hasTokens] = [input !== null && input !== undefined, lists !== null && lists !== undefined];
  if (hasText === hasTokens)
    throw badRequest('expected either input, a text, or tokens, a list', 'input', 'missing_field');
  if (hasText) return typeof input === 'string' ? [input] : (input as string[]);
  return typeof lists?.[0] === 'string' ? [lists as string[]] : (lists as string[][]);
}
