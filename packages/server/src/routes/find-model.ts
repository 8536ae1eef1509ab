// The model that a request means: the one it names, or the only one that can be meant.

import type { TaskName } from 'unrolled/pipelines';
import { suggest } from 'unrolled';
import type { EngineModel } from '../engine/engine.ts';
import { ApiError, badRequest } from '../http/api-error.ts';
import type { Call } from './route.ts';

/** Throws an ApiError: 404 for a model that is not served, 400 for one of another task, and where none is named and several could be meant. */
export function findModel(call: Call, name: string | null | undefined, tasks: readonly TaskName[]): EngineModel {
  const models = call.server.engine.models();
  const found = name === null || name === undefined || name === '' ? onlyOne(models, tasks) : named(models, name);
  if (!tasks.includes(found.task))
    throw new ApiError(
      400,
      'wrong_task',
      `${found.id} is a model of ${found.task}; this route is for ${tasks.join(', ')}`,
      {
        param: 'model',
      },
    );
  call.note.model = found.id;
  return found;
}

/** The model of this id; `:latest`, which Ollama's clients append, means nothing here. */
export function named(models: readonly EngineModel[], name: string): EngineModel {
  const found = models.find(({ id }) => id === name) ?? models.find(({ id }) => `${id}:latest` === name);
  if (found) return found;
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  const ids = models.map(({ id }) => id);
  throw new ApiError(404, 'model_not_found', `there is no model ${shown}; ${suggest(name, ids)}`, { param: 'model' });
}

function onlyOne(models: readonly EngineModel[], tasks: readonly TaskName[]): EngineModel {
  const fitting = models.filter(({ task }) => tasks.includes(task));
  if (fitting.length === 1) return fitting[0];
  if (fitting.length === 0)
    throw new ApiError(404, 'model_not_found', `no model of ${tasks.join(', ')} is served here`, { param: 'model' });
  throw badRequest(`model is missing; it could be ${fitting.map(({ id }) => id).join(', ')}`, 'model', 'missing_field');
}
