// POST /v1/tensors: a network that none of the tasks is, tensors by name in and out.

import * as v from 'valibot';
import type { ServerLimits } from '../../limits.ts';
import { list, model, number, optional, record, whole } from '../../schema/fields.ts';
import { route } from '../route.ts';
import { answerTask } from './task.ts';

const tensor = (limits: ServerLimits) =>
  v.strictObject({
    shape: list(whole(0, 2 ** 31 - 1), 16),
    data: list(number(-Number.MAX_VALUE, Number.MAX_VALUE), limits.numbers),
  });

const schema = (limits: ServerLimits) =>
  v.strictObject({
    model: optional(model()),
    inputs: record(tensor(limits), limits.inputs, 'tensors'),
  });

export const tensors = route({
  method: 'POST',
  path: '/v1/tensors',
  summary: 'Run a network on tensors by name.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  handle: (call) => answerTask(call, 'tensors', call.body.model, () => ({ inputs: [call.body.inputs] })),
});
