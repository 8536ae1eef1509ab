// POST /v1/classify: labels of texts.

import * as v from 'valibot';
import { model, oneOrMore, optional, whole } from '../../schema/fields.ts';
import type { ServerLimits } from '../../limits.ts';
import { route } from '../route.ts';
import { answerTask } from './task.ts';

const schema = (limits: ServerLimits) =>
  v.strictObject({
    model: optional(model()),
    input: oneOrMore(limits),
    topK: optional(v.pipe(whole(1, 2 ** 20), v.description('Number of labels in `scores`. Default: all.'))),
  });

export const classify = route({
  method: 'POST',
  path: '/v1/classify',
  summary: 'Classify texts.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  handle(call) {
    const { model: name, input, topK } = call.body;
    const inputs = typeof input === 'string' ? [input] : input;
    return answerTask(call, 'text-classification', name, () => ({ inputs, options: { topK } }));
  },
});
