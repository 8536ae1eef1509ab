// Runs of the fixtures behind a server on a free port of this machine, for clients that are real ones.

import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createEngine, type Engine, type EngineOptions, type LogEntry, type ServerOptions } from '@unrolled/server';
import { type Listening, listen } from '@unrolled/server/node';
import { root } from '../snippets.ts';

export const runPath = (name: string) => join(root, 'test/fixtures/runs', name);

/** An engine of these runs in this thread. */
export function engineOf(names: readonly string[], options: Partial<EngineOptions> = {}): Promise<Engine> {
  return createEngine({ runs: names.map(runPath), workers: 0, ...options });
}

export interface Served {
  readonly url: string;
  readonly engine: Engine;
  readonly listening: Listening;
  readonly log: LogEntry[];
}

/** Serves for the tests of a file. What it returns is filled before the first of them. */
export function served(names: readonly string[], options: Omit<ServerOptions, 'runs' | 'engine'> = {}): Served {
  const found: { -readonly [K in keyof Served]?: Served[K] } = { log: [] };
  beforeAll(async () => {
    found.engine = await engineOf(names);
    found.listening = await listen({
      engine: found.engine,
      port: 0,
      ...options,
      log: (entry) => found.log?.push(entry),
    });
    found.url = found.listening.url;
  });
  afterAll(async () => {
    await found.listening?.stop(1000);
    await found.engine?.close();
  });
  return found as Served;
}

/** Rows that the engine is computing. */
export function rowsOf(engine: Engine): number {
  return Object.values(engine.stats().models).reduce((sum, { rows, queued }) => sum + rows + queued, 0);
}

/** Waits until it is so; returns the milliseconds it took. Throws after `ms`. */
export async function until(isSo: () => boolean, ms = 5000): Promise<number> {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > ms) throw new Error(`it was not so within ${ms} ms`);
    await new Promise((done) => setTimeout(done, 2));
  }
  return performance.now() - began;
}

/** An engine with some of its calls changed. */
export function changed(engine: Engine, changes: Partial<Engine>): Engine {
  return {
    models: () => engine.models(),
    generate: (...args) => engine.generate(...args),
    embed: (...args) => engine.embed(...args),
    call: (...args) => engine.call(...args),
    stream: (...args) => engine.stream(...args),
    reload: (...args) => engine.reload(...args),
    stats: () => engine.stats(),
    ready: () => engine.ready(),
    drain: (ms) => engine.drain(ms),
    close: () => engine.close(),
    ...changes,
  };
}
