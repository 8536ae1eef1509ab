// What a request is told when it cannot be answered. One error, two shapes: OpenAI's object and Ollama's line. Its text is for a person, its `code`
// for a program, and its status tells clients whether to try again: they do at 408, 409, 429 and from 500, unless `x-should-retry: false` says otherwise.

import { UnrolledError } from 'unrolled';
import { EngineError } from '../engine/engine.ts';

type Status = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 429 | 500 | 503 | 504;

const types: Record<Status, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  408: 'timeout_error',
  413: 'invalid_request_error',
  415: 'invalid_request_error',
  429: 'rate_limit_error',
  500: 'server_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** An answer other than the one that was asked for. */
export class ApiError extends UnrolledError {
  override name = 'ApiError';
  readonly status: Status;
  /** The field of the request, as a path: `messages.0.content`. */
  readonly param: string | null;
  /** Seconds. */
  readonly retryAfter: number | null;
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: Status,
    code: string,
    message: string,
    more: {
      readonly param?: string | null;
      readonly retryAfter?: number;
      readonly headers?: Record<string, string>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(code, message, { cause: more.cause });
    this.status = status;
    this.param = more.param ?? null;
    this.retryAfter = more.retryAfter ?? null;
    this.headers = more.headers ?? {};
  }

  /** OpenAI's body. */
  get body() {
    return { error: { message: this.message, type: types[this.status], param: this.param, code: this.code } };
  }
}

/** A request that asks for what cannot be done. */
export function badRequest(message: string, param: string | null = null, code = 'invalid_value'): ApiError {
  return new ApiError(400, code, message, { param });
}

/** Codes of errors that are the machine's or the model's, not the request's. */
const ours = /^(?:backend|tensor|non-finite|run-.*|unknown)$/;

/** Any error as what the client is told: its own mistakes in their words, ours without a detail of the machine. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof EngineError) return ofEngine(error);
  if (error instanceof UnrolledError && error.code === 'abort')
    return ofEngine(new EngineError('aborted', error.message, { cause: error }));
  if (error instanceof UnrolledError && !ours.test(error.code)) {
    const { option, param } = error as { option?: unknown; param?: unknown };
    const field = typeof param === 'string' ? param : option;
    const named = typeof field === 'string' && /^[\w.]{1,60}$/.test(field);
    return new ApiError(400, 'invalid_value', error.message, { param: named ? field : null, cause: error });
  }
  return new ApiError(500, 'internal_error', 'the server failed; its log has the cause under this request id', {
    headers: { 'x-should-retry': 'false' },
    cause: error,
  });
}

function ofEngine(error: EngineError): ApiError {
  const { message, param, retryAfter } = error;
  const more = { param, cause: error };
  switch (error.problem) {
    case 'model':
      return new ApiError(404, 'model_not_found', message, { ...more, param: 'model' });
    case 'task':
      return new ApiError(400, 'wrong_task', message, { ...more, param: 'model' });
    case 'request':
      return new ApiError(400, 'invalid_value', message, more);
    case 'state':
      return new ApiError(400, 'invalid_state', message, { ...more, param: 'state' });
    case 'output':
      return new ApiError(413, 'output_too_large', message, more);
    case 'queue-full':
      return new ApiError(429, 'queue_full', message, { ...more, retryAfter: retryAfter ?? 1 });
    case 'draining':
      return new ApiError(503, 'draining', message, { ...more, retryAfter: retryAfter ?? 1 });
    case 'deadline':
      return new ApiError(504, 'deadline', message, { ...more, headers: { 'x-should-retry': 'false' } });
    case 'aborted':
      return new ApiError(408, 'aborted', message, more);
    case 'worker':
      return new ApiError(503, 'worker_lost', 'what computed the answer was lost; it is started again', {
        ...more,
        retryAfter: retryAfter ?? 1,
      });
    default:
      throw error.problem satisfies never;
  }
}

/** The shape of a route's errors. */
export type ErrorStyle = 'openai' | 'ollama';

/** The answer to a request that failed. */
export function errorResponse(error: ApiError, style: ErrorStyle): Response {
  const headers = new Headers({ 'content-type': 'application/json', ...error.headers });
  if (error.retryAfter !== null) headers.set('retry-after', String(Math.max(1, Math.ceil(error.retryAfter))));
  const body = style === 'ollama' ? { error: error.message } : error.body;
  return new Response(JSON.stringify(body), { status: error.status, headers });
}
