// For whoever runs the server: whether it lives, whether it takes requests, what it counts, what it can be asked.

import { openApiOf } from './openapi.ts';
import { json, route, type ServerParts } from './route.ts';

const shared = { method: 'GET', group: 'Operations', style: 'openai' } as const;

export const health = route({
  ...shared,
  path: '/health',
  open: true,
  early: true,
  summary: 'Whether the process answers.',
  handle: () => json({ status: 'ok' }),
});

export const ready = route({
  ...shared,
  path: '/ready',
  open: true,
  early: true,
  summary: 'Whether new requests are taken: 503 while the server stops.',
  handle: ({ server }) => (server.engine.ready() ? json({ status: 'ready' }) : json({ status: 'not ready' }, 503)),
});

export const metrics = route({
  ...shared,
  path: '/metrics',
  summary: "Metrics in Prometheus's text form.",
  handle: ({ server }) =>
    new Response(server.metrics.render(server.engine.stats()), {
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    }),
});

/** Of each server: made once, since it takes milliseconds and anyone may ask. */
const descriptions = new WeakMap<ServerParts, object>();

export const openapi = route({
  ...shared,
  path: '/openapi.json',
  open: true,
  summary: 'This interface as OpenAPI 3.1.',
  handle({ server }) {
    let found = descriptions.get(server);
    if (!found) descriptions.set(server, (found = openApiOf(server)));
    return json(found);
  },
});
