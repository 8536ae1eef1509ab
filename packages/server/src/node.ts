// A server that listens, in Node: its timeouts, what it says of requests that are no HTTP, and its end.

import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { getRequestListener } from '@hono/node-server';
import { OptionError, UnrolledError } from 'unrolled';
import { errorResponse, ApiError } from './http/api-error.ts';
import { openEngine } from './open-engine.ts';
import { checkedOptions, type ServerOptions } from './options.ts';
import type { Server } from './server.ts';

/** Options of `listen`: those of the server, and where it listens. */
export interface ListenOptions extends ServerOptions {
  /** Default 8080; 0 for any that is free. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1; any other needs a key. */
  readonly host?: string;
}

/** A server that listens. */
export interface Listening {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly http: HttpServer;
  /** Takes nothing new, waits for what is being answered at most `ms`, and ends. Default 10 000. */
  stop(ms?: number): Promise<void>;
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Opens the runs and listens. Rejects with an OptionError for an address that others reach without a key, and where the port cannot be had. */
export async function listen({ port = 8080, host = '127.0.0.1', ...options }: ListenOptions): Promise<Listening> {
  const keys = typeof options.apiKey === 'string' ? [options.apiKey] : (options.apiKey ?? []);
  if (!loopback.has(host) && keys.length === 0)
    throw new OptionError('serve', 'host', `${host} can be reached by others: that needs --api-key`);
  const settings = checkedOptions(options);
  // The runs are opened in threads of their own while this one loads what answers.
  const engine = options.engine ?? openEngine(options, settings.limits);
  if (engine instanceof Promise) engine.catch(() => {});
  try {
    const [{ serverOf }, hono] = await Promise.all([import('./server.ts'), import('@hono/node-server')]);
    const server = serverOf(settings, engine);
    const http = httpServer(server, hono.getRequestListener, settings.limits.deadlineMs);
    await server.opened();
    await listening(http, port, host);
    const { port: found } = http.address() as AddressInfo;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${found}`;
    return { url, port: found, server, http, stop: (ms = 10_000) => stop(server, http, ms) };
  } catch (error) {
    if (engine instanceof Promise) await (await engine.catch(() => null))?.close();
    throw error;
  }
}

function httpServer(server: Server, listenerOf: typeof getRequestListener, deadlineMs: number): HttpServer {
  const settings = {
    headersTimeout: 20_000, // for a request's headers
    requestTimeout: 60_000, // for all of a request
    keepAliveTimeout: 65_000, // longer than a load balancer's
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 16_384,
    noDelay: true,
  };
  const listener = listenerOf((request, env) => server.fetch(request, env as object), {
    overrideGlobalObjects: false,
    errorHandler: () =>
      errorResponse(new ApiError(400, 'bad_request', 'this is not a request that can be read'), 'openai'),
  });
  const http = createHttpServer(settings, (incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  http.maxHeadersCount = 100;
  http.maxConnections = 4096;
  http.timeout = deadlineMs + 30_000; // of a connection on which nothing moves
  http.on('clientError', refuse);
  return http;
}

const statuses: Readonly<Record<string, readonly [line: string, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers_too_large', 'the headers are too long'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'request_timeout', 'the request did not arrive in time'],
};

/** What is no HTTP is answered all the same, and its connection closed. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [line, code, message] = statuses[error.code ?? ''] ?? [
    '400 Bad Request',
    'bad_request',
    'this is not a request that can be read',
  ];
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
  socket.end(
    `HTTP/1.1 ${line}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function listening(http: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? `port ${port} is taken; name another with --port` : cause.message;
      reject(new UnrolledError('listen', `serve: cannot listen on ${host}: ${why}`, { cause }));
    });
    http.listen(port, host, resolve);
  });
}

async function stop(server: Server, http: HttpServer, ms: number): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  http.closeIdleConnections();
  const end = performance.now() + ms;
  await server.drain(ms);
  // Answers that are complete may still be on their way: connections are closed as they fall idle.
  let isClosed = false;
  void closed.then(() => (isClosed = true));
  do {
    http.closeIdleConnections();
    await Promise.race([closed, new Promise((done) => setTimeout(done, 20))]);
  } while (!isClosed && performance.now() < end);
  http.closeAllConnections();
  await closed;
  await server.close();
}
