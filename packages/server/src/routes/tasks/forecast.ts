// POST /v1/forecast: how time series go on. A missing value is null, since JSON has no NaN.

import * as v from 'valibot';
import { badRequest } from '../../http/api-error.ts';
import type { ServerLimits } from '../../limits.ts';
import { list, model, optional, record, whole } from '../../schema/fields.ts';
import { route } from '../route.ts';
import { answerTask, given } from './task.ts';

const values = (limits: ServerLimits) =>
  v.pipe(
    list(v.nullable(v.number()), limits.numbers),
    v.transform((numbers) => numbers.map((x) => x ?? NaN)),
  );

const columns = (limits: ServerLimits) => record(values(limits), limits.inputs, 'columns');

const series = (limits: ServerLimits) => ({
  columns: v.pipe(columns(limits), v.description('Values of each column by its name, the oldest first.')),
  known: optional(
    v.pipe(columns(limits), v.description('Columns known in advance, up to the last step that is forecast.')),
  ),
  times: optional(values(limits)),
});

const schema = (limits: ServerLimits) => {
  const { columns: history, ...rest } = series(limits);
  return v.strictObject({
    model: optional(model()),
    columns: optional(history),
    ...rest,
    input: optional(
      v.pipe(
        list(v.strictObject(series(limits)), limits.inputs, 1),
        v.description('Several series, instead of `columns`.'),
      ),
    ),
    steps: optional(
      v.pipe(whole(1, limits.steps), v.description('Steps to forecast. Default: the horizon of the model.')),
    ),
    missing: optional(v.picklist(['error', 'fill'])),
  });
};

export const forecast = route({
  method: 'POST',
  path: '/v1/forecast',
  summary: 'Forecast time series.',
  group: 'Tasks',
  style: 'openai',
  body: schema,
  handle(call) {
    const { model: name, columns: history, known, times, input, steps, missing } = call.body;
    if (!history === !input)
      throw badRequest(
        'expected either columns, of one series, or input, a list of series',
        'columns',
        'missing_field',
      );
    const all = input ?? [{ columns: history, known, times }];
    return answerTask(call, 'time-series-forecasting', name, () => ({
      inputs: all.map(given),
      options: { steps, missing },
    }));
  },
});
