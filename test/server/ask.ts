// Requests to a handler without a network.

import { createServer, type Server, type ServerOptions } from '@unrolled/server';
import { afterAll, beforeAll } from 'vitest';
import { engineOf } from './served.ts';

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; undefined where it is none. */
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- what a test looks into
  readonly text: string;
}

export interface Handler {
  readonly server: Server;
  /** POST of JSON, or of a text as it is. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Asked>;
  get(path: string, headers?: Record<string, string>): Promise<Asked>;
  /** The values of a stream of events, without [DONE]. */
  events(path: string, body: object): Promise<any[]>; // oxlint-disable-line typescript/no-explicit-any
}

/** A handler of these runs, for the tests of a file. */
export function handler(names: readonly string[], options: Omit<ServerOptions, 'runs' | 'engine'> = {}): Handler {
  let server: Server;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const engine = await engineOf(names);
    server = createServer({ engine, ...options });
    close = () => engine.close();
  });
  afterAll(() => close());
  const ask = (path: string, init: RequestInit) => askOf(server, path, init);
  return {
    get server() {
      return server;
    },
    post: (path, body, headers = {}) => {
      const sent =
        typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData
          ? body
          : JSON.stringify(body);
      return ask(path, { method: 'POST', body: sent as string, headers });
    },
    get: (path, headers = {}) => ask(path, { headers }),
    async events(path, body) {
      const { text } = await ask(path, { method: 'POST', body: JSON.stringify({ ...body, stream: true }) });
      const frames = text.split('\n\n').filter((frame) => frame !== '');
      if (frames.at(-1) !== 'data: [DONE]') throw new Error(`no [DONE] at the end of ${text.slice(-300)}`);
      return frames.slice(0, -1).map((frame) => JSON.parse(frame.replace(/^data: /, '')) as unknown);
    },
  };
}

export async function askOf(server: Server, path: string, init: RequestInit = {}): Promise<Asked> {
  const response = await server.fetch(new Request(`http://localhost${path}`, init));
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // a stream, a page, metrics
  }
  return { status: response.status, headers: response.headers, body, text };
}
