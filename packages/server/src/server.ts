// A server as a Web-standard handler: `createServer({ runs }).fetch` answers a Request with a Response, in Node, Deno, Bun and what is built on them.
//
//   who may ask (Host, Origin, key) → which route → its body, bounded and checked → the engine → the answer

import { Hono } from 'hono';
import type * as v from 'valibot';
import type { Engine } from './engine/engine.ts';
import { unopened } from './engine/unopened.ts';
import { type ApiKeys, apiKeysOf } from './http/api-key.ts';
import { ApiError, apiErrorOf, errorResponse } from './http/api-error.ts';
import { streamResponse } from './http/event-stream.ts';
import { type Connection, Exchange } from './http/exchange.ts';
import { securityHeaders } from './http/headers.ts';
import { corsHeaders, originOf, preflight, requireHost } from './http/hosts.ts';
import { Metrics } from './http/metrics.ts';
import { jsonOf, readBytes } from './http/read-body.ts';
import { Turns } from './http/turns.ts';
import { openEngine } from './open-engine.ts';
import { checkedOptions, type ServerOptions } from './options.ts';
import { routes } from './routes/index.ts';
import { formOf, mediaOf, rawImageOf } from './routes/media.ts';
import type { Call, Route, ServerParts } from './routes/route.ts';
import { stateTokens } from './routes/state-tokens.ts';
import { checked } from './schema/check.ts';
import { version } from './version.ts';

/** A server without a socket: a handler of requests that any Web-standard host can call. */
export interface Server {
  /** Answers a request. It never rejects. */
  readonly fetch: (request: Request, connection?: Connection) => Promise<Response>;
  /** Resolves when the runs are open. Rejects with a RunError for one that cannot be opened. */
  opened(): Promise<Engine>;
  /** Requests that are being answered. */
  readonly inFlight: number;
  /** Takes nothing new and waits for what is being answered, at most `ms`. */
  drain(ms: number): Promise<void>;
  /** Ends what is running and frees what was opened. */
  close(): Promise<void>;
}

interface Bindings {
  readonly exchange: Exchange;
}

/** Serves runs, or an engine. Throws an OptionError for options that cannot be used; a run that cannot be opened makes `opened()` reject. */
export function createServer(options: ServerOptions): Server {
  const settings = checkedOptions(options);
  return serverOf(settings, options.engine ?? openEngine(options, settings.limits));
}

/** A server with these options, checked. An engine that is still being opened is the server's own: it closes it. */
export function serverOf(settings: ReturnType<typeof checkedOptions>, given: Engine | Promise<Engine>): Server {
  const isOwn = given instanceof Promise;
  const { limits, allowedOrigins, basePath, log } = settings;
  const keys: Promise<ApiKeys | null> = apiKeysOf(settings.keys);
  const metrics = new Metrics();
  const turns = new Turns();
  let engine: Engine = isOwn ? unopened : given;
  const opening = Promise.resolve(given).then((opened) => (engine = opened));
  for (const promise of [keys, opening]) promise.catch(() => {}); // whoever asks is told
  const parts: ServerParts = {
    get engine() {
      return engine;
    },
    limits,
    metrics,
    states: stateTokens(settings.stateKey, settings.stateSeconds),
    chat: settings.chat,
    imageHosts: settings.imageHosts,
    version,
    studio: settings.studio,
    studioRuns: settings.studioRuns,
    basePath,
    routes,
  };

  const app = new Hono<{ Bindings: Bindings }>();
  for (const route of routes)
    for (const path of pathsOf(route).flatMap((one) => (one === '/' && basePath !== '' ? ['', '/'] : [one])))
      app.on(route.method, basePath + path, ({ req, env: { exchange } }) =>
        answer(route, req.raw, req.param(), exchange),
      );
  app.notFound(({ req, env: { exchange } }) => {
    throw notFound(req.method, within(basePath, req.path), exchange);
  });
  app.onError((error) => {
    throw error;
  });

  app.router.match('GET', '/'); // makes the router ready, for which the first request would wait

  async function fetch(request: Request, connection: Connection = {}): Promise<Response> {
    const exchange = new Exchange(request, connection, metrics, log);
    if (within(basePath, pathOf(request.url)).startsWith('/api/')) exchange.style = 'ollama';
    const from = originOf(request, allowedOrigins);
    let response: Response;
    let error: ApiError | null = null;
    try {
      response = await guarded(request, exchange, from);
    } catch (cause) {
      error = apiErrorOf(cause);
      exchange.isStreaming = false;
      response = errorResponse(error, exchange.style);
    }
    for (const [name, value] of Object.entries(securityHeaders))
      if (!response.headers.has(name)) response.headers.set(name, value); // a page may have a policy of its own
    response.headers.set('x-request-id', exchange.id);
    if (from.listed && from.origin !== null)
      for (const [name, value] of Object.entries(corsHeaders(from.origin))) response.headers.set(name, value);
    exchange.answered(response.status, error);
    return response;
  }

  async function guarded(request: Request, exchange: Exchange, from: ReturnType<typeof originOf>): Promise<Response> {
    requireHost(request.headers.get('host') ?? new URL(request.url).host, settings.allowedHosts);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (request.method === 'OPTIONS' && from.listed && from.origin !== null) return preflight(request, from.origin);
    if (!isRead && !from.allowed)
      throw new ApiError(
        403,
        'origin_not_allowed',
        'pages of this origin may not use this server; list it in allowedOrigins (--allow-origin)',
      );
    return app.fetch(request, { exchange });
  }

  async function answer(
    route: Route,
    request: Request,
    params: Record<string, string>,
    exchange: Exchange,
  ): Promise<Response> {
    exchange.route = route.path;
    exchange.style = route.style;
    if (!route.open) await (await keys)?.require(request.headers);
    if (route.body) await turns.begin();
    if (!route.early) await opening;
    const call: Call = {
      body: await bodyOf(route, request, exchange.signal),
      request,
      params,
      signal: exchange.signal,
      id: exchange.id,
      server: parts,
      note: exchange.note,
      elapsed: () => exchange.elapsed(),
      firstText: (model) => metrics.firstToken(model, exchange.elapsed() / 1000),
      stream(format, frames) {
        exchange.isStreaming = true;
        const { outgoing } = exchange.connection;
        return streamResponse(frames, {
          format,
          abort: (reason) => exchange.stop(reason),
          ...(outgoing ? { cut: () => outgoing.destroy() } : {}),
          stallMs: limits.stallMs,
          ended: (error) => exchange.over(error),
        });
      },
    };
    return route.handle(call as Call<never>);
  }

  const schemas = new Map<Route, v.GenericSchema>();

  async function bodyOf(route: Route, request: Request, signal: AbortSignal): Promise<unknown> {
    const { body, media } = route;
    if (!body) return undefined;
    let schema = schemas.get(route);
    if (!schema) schemas.set(route, (schema = body(limits)));
    if ((request.headers.get('content-encoding') ?? 'identity') !== 'identity')
      throw new ApiError(415, 'unsupported_encoding', 'the body is compressed; send it as it is');
    const type = request.headers.get('content-type');
    const kind = media ? mediaOf(type) : 'json';
    const most = media ? limits.mediaBytes : limits.bodyBytes;
    const bytes = await readBytes(request, { bytes: most, ms: limits.bodyMs, signal });
    if (media && kind === 'form') return checked(schema, await formOf(bytes, type ?? '', media));
    if (media && kind === 'image') return checked(schema, rawImageOf(bytes, new URL(request.url).searchParams, media));
    return checked(schema, jsonOf(bytes));
  }

  return {
    fetch,
    async opened() {
      await keys;
      return opening;
    },
    get inFlight() {
      return metrics.inFlight;
    },
    async drain(ms) {
      const end = performance.now() + ms;
      await engine.drain(ms);
      while (metrics.inFlight > 0 && performance.now() < end) await new Promise((done) => setTimeout(done, 10));
    },
    async close() {
      if (isOwn) await (await opening.catch(() => null))?.close();
    },
  };
}

/** Routes under /v1 answer without it too. */
function pathsOf({ path }: Route): string[] {
  return path.startsWith('/v1/') ? [path, path.slice(3)] : [path];
}

/** A path below the one under which the server is mounted; of any other `?`, which fits no route. */
function within(basePath: string, path: string): string {
  if (path === basePath) return '/';
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : '?';
}

function pathOf(url: string): string {
  return /^[a-z+.-]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '/';
}

function notFound(method: string, path: string, exchange: Exchange): ApiError {
  const fitting = routes.filter((route) => pathsOf(route).some((one) => fits(one, path)));
  if (fitting.length === 0)
    return new ApiError(404, 'not_found', `there is nothing at this path; GET /openapi.json lists what there is`);
  exchange.route = fitting[0].path;
  const allow = [...new Set(fitting.map((one) => one.method))].join(', ');
  return new ApiError(405, 'method_not_allowed', `${method.slice(0, 20)} is not for this path; expected ${allow}`, {
    headers: { allow },
  });
}

function fits(pattern: string, path: string): boolean {
  const [a, b] = [pattern.split('/'), path.split('/')];
  return a.length === b.length && a.every((part, k) => part === b[k] || (part.startsWith(':') && b[k] !== ''));
}
