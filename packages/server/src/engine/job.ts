// A request on its way: it waits, runs in a thread, and ends once, by its result, its error, its deadline, its signal or its reader.

import { type CallOptions, EngineError } from './engine.ts';
import type { JobRequest } from './messages.ts';

/** Where the answer goes. */
export interface Sink {
  piece(piece: unknown, bytes: number): void;
  done(result: unknown): void;
  failed(error: unknown): void;
}

let count = 0;

export class Job {
  readonly number = ++count;
  readonly work: JobRequest;
  /** When it began to run; 0 while it waits. */
  began = 0;
  readonly #sink: Sink;
  readonly #onEnd: (job: Job, outcome: 'done' | 'failed' | 'left') => void;
  readonly #signal: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(
    work: JobRequest,
    sink: Sink,
    { signal, deadline }: CallOptions,
    onEnd: (job: Job, outcome: 'done' | 'failed' | 'left') => void,
  ) {
    this.work = work;
    this.#sink = sink;
    this.#onEnd = onEnd;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#aborted);
    if (deadline !== undefined) this.#timer = setTimeout(this.#late, deadline, deadline);
  }

  get ended(): boolean {
    return this.#ended;
  }

  piece(piece: unknown, bytes: number): void {
    if (!this.#ended) this.#sink.piece(piece, bytes);
  }

  done(result: unknown): void {
    if (this.#end('done')) this.#sink.done(result);
  }

  fail(error: unknown): void {
    if (this.#end('failed')) this.#sink.failed(error);
  }

  /** Nobody waits for the answer any more. */
  leave(): void {
    this.#end('left');
  }

  readonly #aborted = (): void => {
    if (this.#end('left'))
      this.#sink.failed(new EngineError('aborted', 'the caller left', { cause: this.#signal?.reason }));
  };

  readonly #late = (deadline: number): void => {
    if (this.#end('failed')) this.#sink.failed(new EngineError('deadline', `there was no answer after ${deadline} ms`));
  };

  #end(outcome: 'done' | 'failed' | 'left'): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#aborted);
    this.#onEnd(this, outcome);
    return true;
  }
}
