// GET /openapi.json: the routes, and the schemas that their bodies are checked against.

import { toJsonSchema } from '@valibot/to-json-schema';
import type { ServerLimits } from '../limits.ts';
import type { Route, ServerParts } from './route.ts';

interface Described {
  readonly routes: readonly Route[];
  readonly limits: ServerLimits;
  readonly version: string;
}

/** The description of what these routes can be asked. */
export function openApiOf({ routes, limits, version }: Pick<ServerParts, keyof Described>): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes.filter(({ group }) => group !== 'Page')) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operationOf(route, limits);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'unrolled',
      version,
      description:
        'Trained recurrent networks: text generation, and a route for each task. Routes under /v1 answer without it too.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: errorSchema },
    },
  };
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: ['string', 'null'] },
        code: { type: 'string' },
      },
    },
  },
};

function operationOf({ path, method, summary, group, open, body, media, style }: Route, limits: ServerLimits): object {
  const names = Array.from(path.matchAll(/:(\w+)/g), ([, name]) => name);
  const parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const schema = body ? toJsonSchema(body(limits), { errorMode: 'ignore', typeMode: 'input' }) : null;
  const { $schema: _, ...content } = Object(schema) as Record<string, unknown>;
  const forms = media ? { 'multipart/form-data': { schema: content } } : {};
  const error =
    style === 'openai'
      ? { $ref: '#/components/schemas/Error' }
      : { type: 'object', required: ['error'], properties: { error: { type: 'string' } } };
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z]+(.)?/g, (_all, letter: string | undefined) => (letter ?? '').toUpperCase())}`,
    summary,
    tags: [group],
    ...(open ? {} : { security: [{}, { key: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(schema
      ? { requestBody: { required: true, content: { 'application/json': { schema: content }, ...forms } } }
      : {}),
    responses: {
      200: { description: 'The answer; with `stream` its pieces.' },
      default: { description: 'An error.', content: { 'application/json': { schema: error } } },
    },
  };
}
