// The worker's side of the protocol: one queue, one request at a time. A loop that runs for long lets the queue have its turn between two steps.

import type { Calls, FromWorker, Handlers, Reply, Request } from './protocol.ts';

/** The port of a worker, or one end of a channel in a test. */
export interface Port {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}

export class Served {
  readonly #port: Port;
  readonly #handlers: Partial<Handlers<Calls>>;
  readonly #queue: Request[] = [];
  #busy = false;
  #inLoop = false;

  constructor(port: Port, handlers: Partial<Handlers<Calls>>) {
    this.#port = port;
    this.#handlers = handlers;
    port.onmessage = ({ data }) => {
      this.#queue.push(data);
      if (!this.#inLoop) void this.drain();
    };
  }

  /** Answers what waits. */
  async drain(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) await this.#answer(next);
    } finally {
      this.#busy = false;
    }
  }

  /** Runs a loop that drains the queue itself. */
  async loop(body: () => Promise<void>): Promise<void> {
    this.#inLoop = true;
    try {
      await body();
    } finally {
      this.#inLoop = false;
      void this.drain();
    }
  }

  async #answer({ id, call, value }: Request): Promise<void> {
    const handler = this.#handlers[call] as ((value: unknown) => unknown) | undefined;
    let reply: Reply;
    try {
      if (!handler) throw new Error(`this worker does not know ${call}`);
      reply = { id, value: await handler(value) };
    } catch (error) {
      const { name, message } = error as Error;
      reply = { id, error: { name, message } };
    }
    this.#port.postMessage(reply);
  }
}
