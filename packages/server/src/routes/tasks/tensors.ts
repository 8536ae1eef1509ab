// POST /v1/tensors: a network that none of the tasks is, tensors by name in and out.

import * as v from 'valibot';
import type { ServerLimits } from '../../limits.ts';
import { list, model, number, optional, record, whole } from '../../schema/fields.ts';
import { route } from '../route.ts';
import { answerTask } from './task.ts';

/** A tensor without values can have any other axes, and what a network makes for them (a state a sequence) is not empty: their product is bounded too. */
const tensor = (limits: ServerLimits) =>
  v.strictObject({
    shape: v.pipe(
      list(whole(0, limits.numbers), 16),
      v.check(
        (shape) => shape.reduce((n, d) => n * Math.max(d, 1), 1) <= limits.numbers,
        `expected at most ${limits.numbers} values, empty axes left out`,
      ),
    ),
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
