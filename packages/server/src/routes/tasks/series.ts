// POST /v1/series: the labels of number sequences, or of each of their steps. A missing value is null, since JSON has no NaN.

import * as v from 'valibot';
import { badRequest } from '../../http/api-error.ts';
import type { ServerLimits } from '../../limits.ts';
import { list, model, optional, record, whole } from '../../schema/fields.ts';
import { route } from '../route.ts';
import { answerTask } from './task.ts';

const numbers = (limits: ServerLimits) => list(v.nullable(v.number()), limits.numbers, 1);

const columns = (limits: ServerLimits) => record(numbers(limits), limits.numbers, 'features');

const schema = (limits: ServerLimits) =>
  v.strictObject({
    model: optional(model()),
    columns: optional(
      v.pipe(columns(limits), v.description('Values of each feature by its name, the first step first.')),
    ),
    input: optional(
      v.pipe(
        list(v.union([list(numbers(limits), limits.numbers, 1), columns(limits)]), limits.inputs, 1),
        v.description('Several sequences, instead of `columns`: each as features by name, or as a list of steps.'),
      ),
    ),
    topK: optional(v.pipe(whole(1, 2 ** 20), v.description('Number of labels in `scores`. Default: all.'))),
  });

export const series = route({
  method: 'POST',
  path: '/v1/series',
  summary: 'Classify number sequences, or their steps.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  handle(call) {
    const { model: name, columns: one, input, topK } = call.body;
    if (!one === !input)
      throw badRequest(
        'expected either columns, of one sequence, or input, a list of sequences',
        'columns',
        'missing_field',
      );
    const inputs = input ?? [one];
    return answerTask(call, 'time-series-classification', name, () => ({ inputs, options: { topK } }));
  },
});
