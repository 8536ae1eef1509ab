// GET /api/tags, /api/ps, /api/version and POST /api/show: what Ollama's clients ask before they begin.

import * as v from 'valibot';
import { model, optional } from '../../schema/fields.ts';
import { badRequest } from '../../http/api-error.ts';
import { named } from '../find-model.ts';
import { json, route } from '../route.ts';
import { detailsOf, entryOf } from './common.ts';

const shared = { method: 'GET', group: 'Ollama', style: 'ollama', open: true } as const;

export const tags = route({
  ...shared,
  path: '/api/tags',
  summary: 'The models that are served.',
  handle: ({ server }) => json({ models: server.engine.models().map(entryOf) }),
});

export const ps = route({
  ...shared,
  path: '/api/ps',
  summary: 'The models that are loaded: all that are served.',
  handle({ server }) {
    const forever = new Date(Date.UTC(9999, 0)).toISOString();
    const models = server.engine.models().map((one) => ({ ...entryOf(one), expires_at: forever, size_vram: 0 }));
    return json({ models });
  },
});

export const ollamaVersion = route({
  ...shared,
  path: '/api/version',
  summary: 'The version of the server.',
  handle: ({ server }) => json({ version: server.version }),
});

const schema = () => v.looseObject({ model: optional(model()), name: optional(model()) });

export const show = route({
  method: 'POST',
  path: '/api/show',
  summary: 'One model.',
  group: 'Ollama',
  style: 'ollama',
  body: schema,
  handle({ body, server }) {
    const name = body.model ?? body.name;
    if (!name) throw badRequest('model is missing', 'model', 'missing_field');
    const found = named(server.engine.models(), name);
    const { info, parameters, task, hash } = found;
    const known = Object.entries(info).map(([key, value]) => [`unrolled.${key}`, value] as const);
    return json({
      modelfile: '',
      parameters: '',
      template: '',
      details: detailsOf(found),
      model_info: {
        'general.architecture': typeof info.cell === 'string' ? info.cell : task,
        'general.parameter_count': parameters,
        'general.sha256': hash,
        'unrolled.task': task,
        ...Object.fromEntries(known),
      },
      capabilities: task === 'text-generation' ? ['completion', 'embedding'] : [],
      modified_at: entryOf(found).modified_at,
    });
  },
});
