// GET /v1/models and /v1/models/{id}.

import type { EngineModel } from '../engine/engine.ts';
import { named } from './find-model.ts';
import { json, route } from './route.ts';

const entry = ({ id, created, task, parameters, hash, info }: EngineModel) => ({
  id,
  object: 'model',
  created,
  owned_by: 'unrolled',
  task,
  parameters,
  hash,
  info,
});

export const models = route({
  method: 'GET',
  path: '/v1/models',
  summary: 'The models that are served.',
  group: 'OpenAI',
  style: 'openai',
  open: true,
  handle: ({ server }) => json({ object: 'list', data: server.engine.models().map(entry) }),
});

export const oneModel = route({
  method: 'GET',
  path: '/v1/models/:id',
  summary: 'One model.',
  group: 'OpenAI',
  style: 'openai',
  open: true,
  handle: ({ server, params }) => json(entry(named(server.engine.models(), params.id))),
});
