// One request and its answer, from the first byte to the last: its id, what stops it, and the entry in the log and in the metrics at its end.

import type { ApiError, ErrorStyle } from './api-error.ts';
import { requestId } from './headers.ts';
import type { Log, LogEntry } from './log.ts';
import type { Metrics } from './metrics.ts';

/** What a runtime gives besides the request: Node's response, whose connection can be closed. */
export interface Connection {
  readonly outgoing?: { destroy(): unknown };
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export class Exchange {
  readonly id: string;
  readonly note: { model?: string; tokens?: number } = {};
  readonly connection: Connection;
  /** The route's pattern. */
  route = 'unknown';
  style: ErrorStyle = 'openai';
  /** Whether the answer goes on after its headers. */
  isStreaming = false;
  readonly #request: Request;
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #began = performance.now();
  readonly #stop = new AbortController();
  readonly #left = () => this.stop('the client left');
  #status = 200;
  #isOver = false;

  constructor(request: Request, connection: Connection, metrics: Metrics, log: Log) {
    this.id = requestId(request.headers);
    this.connection = connection;
    this.#request = request;
    this.#metrics = metrics;
    this.#log = log;
    metrics.inFlight++;
    if (request.signal.aborted) this.#left();
    else request.signal.addEventListener('abort', this.#left);
  }

  /** Aborted when the client leaves or is cut. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  elapsed(): number {
    return performance.now() - this.#began;
  }

  stop(reason: string): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(reason);
  }

  /** The headers are on their way. */
  answered(status: number, error: ApiError | null): void {
    this.#status = status;
    if (!this.isStreaming) this.over(error);
  }

  /** The last byte is on its way, or the answer has failed. Only the first call counts. */
  over(error: ApiError | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#request.signal.removeEventListener('abort', this.#left);
    this.#metrics.inFlight--;
    const ms = this.elapsed();
    const status = this.#status;
    const method = methods.has(this.#request.method) ? this.#request.method : 'OTHER'; // a label of the metrics
    this.#metrics.request(this.route, method, status, ms / 1000);
    const failed = error !== null && error.status >= 500;
    const entry: LogEntry = {
      time: new Date().toISOString(),
      level: failed ? 'error' : error === null ? 'info' : 'warn',
      id: this.id,
      method,
      route: this.route,
      status,
      ms: Math.round(ms * 10) / 10,
      ...this.note,
      ...(error === null ? {} : { code: error.code }),
      ...(failed && isOurs(error) ? { cause: causeOf(error.cause) } : {}),
    };
    try {
      this.#log(entry);
    } catch {
      // a log that cannot be written costs nobody an answer
    }
  }
}

/** Whether the log needs to know more than the client was told. */
function isOurs({ code }: ApiError): boolean {
  return code === 'internal_error' || code === 'worker_lost';
}

function causeOf(cause: unknown): string {
  return (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)).slice(0, 4000);
}
