// What a route is: a method and a path, the schema of its body, and what answers. The router, the checks and GET /openapi.json all follow from it.

import type { RunFiles } from 'unrolled/pipelines';
import type * as v from 'valibot';
import type { Engine, EngineModel } from '../engine/engine.ts';
import type { ErrorStyle } from '../http/api-error.ts';
import type { FrameFormat } from '../http/event-stream.ts';
import type { Metrics } from '../http/metrics.ts';
import type { ServerLimits } from '../limits.ts';
import type { StateTokens } from './state-tokens.ts';
import type { StaticFiles } from './static-files.ts';

/** How the messages of a chat become the text that a model continues. */
export type ChatFormat = 'text' | 'roles';

/** What every route can use. */
export interface ServerParts {
  readonly engine: Engine;
  readonly limits: ServerLimits;
  readonly metrics: Metrics;
  readonly states: StateTokens;
  readonly chat: ChatFormat;
  /** Hosts from which images may be fetched. */
  readonly imageHosts: readonly string[];
  readonly version: string;
  /** The studio's files; null for a server without it. */
  readonly studio: StaticFiles | null;
  /** Files of the runs that the studio opens, by their names. */
  readonly studioRuns: ReadonlyMap<string, () => Promise<RunFiles>>;
  /** Path under which it is mounted; empty for none. */
  readonly basePath: string;
  readonly routes: readonly Route[];
}

/** A request that is being answered. */
export interface Call<Body = unknown> {
  readonly body: Body;
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the client leaves, when it is cut, and at the deadline. */
  readonly signal: AbortSignal;
  readonly id: string;
  readonly server: ServerParts;
  /** Notes for the log. */
  readonly note: { model?: string; tokens?: number };
  /** Milliseconds since the request came. */
  elapsed(): number;
  /** Counts the first text of an answer. */
  firstText(model: string): void;
  /** An answer that grows, of these frames. */
  stream(format: FrameFormat, frames: AsyncIterator<string>): Promise<Response>;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** As Hono reads it: `/v1/models/:id`. Routes under /v1 answer without it too. */
  readonly path: string;
  readonly summary: string;
  readonly group: 'OpenAI' | 'Ollama' | 'Tasks' | 'Operations' | 'Page';
  readonly style: ErrorStyle;
  /** Whether it is answered without a key. */
  readonly open?: boolean;
  /** Whether it is answered while the runs are still being opened. */
  readonly early?: boolean;
  readonly body?: (limits: ServerLimits) => v.GenericSchema;
  /** For routes that take images: the fields of a form that are texts and the one that is an image. */
  readonly media?: MediaFields;
  readonly handle: (call: Call<never>) => Response | Promise<Response>;
}

/** How a form, or a raw image with a query, becomes the object that the schema checks. */
export interface MediaFields {
  /** The field of images. */
  readonly images: string;
  /** Whether it is a list even when it has one. */
  readonly many: boolean;
  /** Fields that are texts as they are; the others are read as JSON where they are. */
  readonly texts: readonly string[];
}

/** A route whose handler gets the body as its schema gives it. */
export function route<S extends v.GenericSchema>(
  one: Omit<Route, 'body' | 'handle'> & {
    readonly body?: (limits: ServerLimits) => S;
    readonly handle: (call: Call<v.InferOutput<S>>) => Response | Promise<Response>;
  },
): Route {
  return one as Route;
}

/** An answer of JSON. */
export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });
}

export type { EngineModel };
