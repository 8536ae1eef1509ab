// Runs in this thread: for runtimes without worker threads, for a page and for tests. No batching, one thread; the same answers as the engine with workers.

import { openRun, type OpenRunOptions, type Pipeline, type RunSource, suggest } from 'unrolled';
import {
  type Engine,
  EngineError,
  type EngineModel,
  type EngineStats,
  type CallOptions,
  type TaskRequest,
  type TaskResult,
} from './engine.ts';
import { embedText, generateText } from './local-text.ts';
import { callTask, streamTask } from './local-tasks.ts';

/** Options of `createLocalEngine`. */
export interface LocalEngineOptions extends OpenRunOptions {
  /** Runs by the names that requests give them: a folder's path, a URL, files in memory. */
  readonly runs: Readonly<Record<string, RunSource>>;
  /** Calls that run and wait at most, of all models. Default 256. */
  readonly maxQueue?: number;
}

interface Served {
  readonly source: RunSource;
  pipeline: Pipeline;
  readonly counts: { rows: number; requests: number; refused: number; failed: number; tokens: number; seconds: number };
}

/** Opens the runs. Rejects with a RunError for one that cannot be opened. */
export async function createLocalEngine({ runs, maxQueue = 256, ...options }: LocalEngineOptions): Promise<Engine> {
  const served = new Map<string, Served>();
  for (const [id, source] of Object.entries(runs)) {
    const counts = { rows: 0, requests: 0, refused: 0, failed: 0, tokens: 0, seconds: 0 };
    served.set(id, { source, pipeline: await openRun(source, options), counts });
  }
  let draining = false;

  const find = (id: string): Served => {
    const one = served.get(id);
    if (one) return one;
    throw new EngineError('model', `there is no model ${JSON.stringify(id)}; ${suggest(id, [...served.keys()])}`);
  };

  /** Runs the body as one of the calls that are counted, and ends it by its signal and its deadline. */
  async function* admitted<T>(
    one: Served,
    { signal, deadline }: CallOptions,
    body: (signal: AbortSignal) => AsyncIterable<T>,
  ): AsyncGenerator<T, void> {
    const all = [...served.values()].reduce((n, { counts }) => n + counts.rows, 0);
    if (draining || all >= maxQueue) {
      one.counts.refused++;
      const why = draining ? 'the server is stopping' : `${all} requests are being answered`;
      throw new EngineError(draining ? 'draining' : 'queue-full', `${why}; try again later`, { retryAfter: 1 });
    }
    const stop = new AbortController();
    const left = () => stop.abort(new EngineError('aborted', 'the caller left'));
    if (signal?.aborted) left();
    signal?.addEventListener('abort', left);
    const late = new EngineError('deadline', `the answer took longer than ${deadline} ms`);
    const timer = deadline === undefined ? undefined : setTimeout(() => stop.abort(late), deadline);
    const began = performance.now();
    one.counts.requests++;
    one.counts.rows++;
    try {
      for await (const piece of body(stop.signal)) {
        if (stop.signal.aborted) throw stop.signal.reason;
        yield piece;
        if (stop.signal.aborted) throw stop.signal.reason;
      }
    } catch (error) {
      one.counts.failed++;
      throw stop.signal.aborted ? stop.signal.reason : error;
    } finally {
      one.counts.rows--;
      one.counts.seconds += (performance.now() - began) / 1000;
      clearTimeout(timer);
      signal?.removeEventListener('abort', left);
    }
  }

  const pipelineFor = (request: TaskRequest): Served => {
    const one = find(request.model);
    if (one.pipeline.task === request.task) return one;
    throw new EngineError('task', `${request.model} is a model of ${one.pipeline.task}, not of ${request.task}`);
  };

  return {
    models: () => Array.from(served, ([id, { pipeline }]) => describe(id, pipeline)),
    async *generate(request, options = {}) {
      const one = find(request.model);
      const { pipeline, counts } = one;
      if (pipeline.task !== 'text-generation')
        throw new EngineError('task', `${request.model} is a model of ${pipeline.task}, not of text-generation`);
      for await (const piece of admitted(one, options, (signal) => generateText(pipeline, request, signal))) {
        counts.tokens += piece.ids.length;
        yield piece;
      }
    },
    async embed(request, options = {}) {
      const one = find(request.model);
      const { pipeline } = one;
      if (pipeline.task !== 'text-generation')
        throw new EngineError('task', `${request.model} is a model of ${pipeline.task}, which has no embeddings`);
      return only(
        admitted(one, options, async function* () {
          yield await embedText(pipeline, request);
        }),
      );
    },
    async call(request, options = {}) {
      const one = pipelineFor(request);
      return only(
        admitted(one, options, async function* () {
          yield await callTask(one.pipeline, request);
        }),
      );
    },
    async *stream(request, options = {}) {
      const one = pipelineFor(request);
      yield* admitted(one, options, (signal) => streamTask(one.pipeline, request, signal));
    },
    async reload(id) {
      const changed: string[] = [];
      for (const name of id === undefined ? served.keys() : [id]) {
        const one = find(name);
        const next = await openRun(one.source, options);
        if (next.info.hash === one.pipeline.info.hash) continue;
        one.pipeline = next; // calls that run have the old one
        changed.push(name);
      }
      return changed;
    },
    stats(): EngineStats {
      const entries = Array.from(served, ([id, { counts }]) => {
        const { rows, requests, refused, failed, tokens, seconds: secondsComputed } = counts;
        return [
          id,
          { queued: 0, rows, requests, refused, failed, tokens, batchSizes: [0, tokens], secondsComputed },
        ] as const;
      });
      return { models: Object.fromEntries(entries), workers: 0, restarts: 0, memory: 0 };
    },
    ready: () => !draining,
    async drain(ms) {
      draining = true;
      const end = performance.now() + ms;
      const busy = () => [...served.values()].some(({ counts }) => counts.rows > 0);
      while (busy() && performance.now() < end) await new Promise((done) => setTimeout(done, 5));
    },
    async close() {
      draining = true;
    },
  };
}

async function only<T>(values: AsyncIterable<T>): Promise<T> {
  for await (const value of values) return value;
  throw new EngineError('worker', 'there was no answer');
}

function describe(id: string, { task, info, input, model, ...rest }: Pipeline): EngineModel {
  const { labels, answers, streams, vocabulary } = rest as Record<string, unknown>;
  const { size } = Object(vocabulary) as { size?: number };
  const config = Object((model as { config?: object }).config) as Record<string, unknown>;
  const parameters = model.parameterCount();
  const more = { labels, answers, streams, vocabularySize: size };
  const sizes = { cell: config.cell, hiddenSize: config.hiddenSize, numLayers: config.numLayers };
  const told = Object.fromEntries(Object.entries({ ...more, ...sizes }).filter(([, value]) => value !== undefined));
  return { id, task, created: 0, hash: info.hash, parameters, info: { input, step: info.step, ...told } };
}

export type { TaskResult };
