// The page's side of the protocol. A worker that dies, by an error or by saying nothing for too long, is replaced, and what waited for it is told.

import type { Calls, FromWorker, Role, WorkerEvent } from './protocol.ts';

/** A worker that ended while something waited for it. */
export class WorkerLost extends Error {
  override name = 'WorkerLost';
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

const checkEvery = 5000; // ms
const mostSilent = 6; // checks without a word while it has work

export class WorkerClient {
  readonly #role: Role;
  readonly #onEvent: (event: WorkerEvent) => void;
  readonly #onLost: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #next = 1;
  #silent = 0;
  #working = false;

  constructor(role: Role, onEvent: (event: WorkerEvent) => void = () => {}, onLost: () => void = () => {}) {
    this.#role = role;
    this.#onEvent = onEvent;
    this.#onLost = onLost;
    setInterval(() => this.#check(), checkEvery);
  }

  /** Whether the worker has something to do without being asked: then its silence means that it is gone. */
  set working(working: boolean) {
    this.#working = working;
    this.#silent = 0;
  }

  call<K extends keyof Calls>(name: K, ...[value]: Parameters<Calls[K]>): Promise<ReturnType<Calls[K]>> {
    this.#worker ??= this.#start();
    const id = this.#next++;
    this.#worker.postMessage({ id, call: name, value });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: this.#role });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(event.message ?? '');
    };
    this.#silent = 0;
    return worker;
  }

  #receive(message: FromWorker): void {
    this.#silent = 0;
    if ('event' in message) {
      this.#onEvent(message.event);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('value' in message) waiting?.resolve(message.value as never);
    else waiting?.reject(Object.assign(new Error(message.error.message), { name: message.error.name }));
  }

  /** Time passes only while this page runs: a computer that slept has not been waited for. */
  #check(): void {
    if (!this.#worker || (this.#waiting.size === 0 && !this.#working)) return;
    if (++this.#silent > mostSilent) this.#lose('');
  }

  /** Ends what the worker does; the next request starts another one. */
  stop(): void {
    this.#end(new WorkerLost('stopped'));
  }

  #lose(message: string): void {
    this.#end(new WorkerLost(message || 'the worker stopped'));
    this.#onLost();
  }

  #end(error: WorkerLost): void {
    this.#worker?.terminate();
    this.#worker = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) reject(error);
  }
}
