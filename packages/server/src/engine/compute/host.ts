// The side that computes: opens runs as lanes and does what the engine orders, in a worker thread or in the engine's own.

import { openRun, useBackend } from 'unrolled';
import type { TextGenerationPipeline } from 'unrolled/pipelines';
import type { EmbedRequest } from '../engine.ts';
import { EngineError } from '../engine.ts';
import { dataOf } from '../errors.ts';
import type { BackendName, OpenLane, Order, Report } from '../messages.ts';
import { encodeKnown } from './encode.ts';
import { boundedDecoder } from './images.ts';
import { modelOf } from './info.ts';
import { TaskLane } from './task-lane.ts';
import { TextLane } from './text-lane.ts';

type Lane =
  | {
      readonly text: TextLane;
      readonly pipeline: TextGenerationPipeline;
      readonly embedding: Map<number, { aborted: boolean }>;
    }
  | { readonly tasks: TaskLane };

/** Texts to embed that are read side by side: few, so that texts that are being written do not wait long. */
const embeddedAtOnce = 8;

export class ComputeHost {
  readonly #post: (report: Report) => void;
  /** Looks whether orders have come in. */
  readonly #poll: () => void;
  /** Lets others have their turn. */
  readonly #turn: () => Promise<void>;
  readonly #lanes = new Map<number, Lane>();

  constructor(post: (report: Report) => void, poll: () => void, wait: () => Promise<void>) {
    this.#post = post;
    this.#poll = poll;
    this.#turn = wait;
  }

  receive(order: Order): void {
    if (order.type === 'open') return void this.#open(order.lane, order.run);
    const lane = this.#lanes.get(order.lane);
    if (order.type === 'begin') {
      try {
        if (!lane) throw new EngineError('worker', 'the model is no longer open');
        this.#begin(lane, order);
      } catch (error) {
        this.#post({ type: 'failed', job: order.job, error: dataOf(error) });
      }
      return;
    }
    if (!lane) return;
    if (order.type === 'close') {
      this.#lanes.delete(order.lane);
      if ('text' in lane) lane.text.close();
      else lane.tasks.close();
      return;
    }
    if ('text' in lane) {
      const embedding = lane.embedding.get(order.job);
      if (embedding && order.type === 'cancel') embedding.aborted = true;
      lane.text[order.type](order.job);
    } else lane.tasks[order.type](order.job);
  }

  async #open(lane: number, { id, source, checkpoint, rows, limits }: OpenLane): Promise<void> {
    try {
      const decodeImage = boundedDecoder(limits.pixels);
      const opening = openRun(source, { checkpoint, decodeImage });
      globalThis.process?.getBuiltinModule?.('node:crypto'); // which hashes the weights: it is loaded while they are read
      const pipeline = await opening;
      const created = await createdAt(source);
      if (pipeline.task === 'text-generation') {
        const text = new TextLane(pipeline, { lane, rows, limits, post: this.#post, turn: this.#turn });
        this.#lanes.set(lane, { text, pipeline, embedding: new Map() });
      } else
        this.#lanes.set(lane, {
          tasks: new TaskLane({ lane, pipeline, limits, post: this.#post, poll: this.#poll, turn: this.#turn }),
        });
      this.#post({ type: 'opened', lane, ...modelOf(id, pipeline, created) });
    } catch (error) {
      this.#lanes.delete(lane);
      this.#post({ type: 'refused', lane, error: dataOf(error) });
    }
  }

  #begin(lane: Lane, { job, work, lane: number }: Extract<Order, { type: 'begin' }>): void {
    if (work.kind === 'generate' || work.kind === 'embed') {
      if (!('text' in lane)) throw new EngineError('task', 'the model does not generate text');
      if (work.kind === 'generate') lane.text.begin(job, work.request);
      else void this.#embed(lane, number, job, work.request);
      return;
    }
    if (!('tasks' in lane)) throw new EngineError('task', 'the model generates text');
    if (work.kind === 'call') lane.tasks.call(job, work.request);
    else lane.tasks.stream(job, work.request);
  }

  async #embed(
    lane: Extract<Lane, { text: TextLane }>,
    number: number,
    job: number,
    request: EmbedRequest,
  ): Promise<void> {
    const { pipeline, embedding } = lane;
    const signal = { aborted: false };
    embedding.set(job, signal);
    const begin = performance.now();
    try {
      const { pooling = 'last' } = request;
      const read = request.input.map((text) => encodeKnown(pipeline.vocabulary, text));
      const ids = read.map((one) => one.ids);
      const embeddings = await pipeline.embed(ids, { pooling, batchSize: embeddedAtOnce, signal });
      const unknown = [...new Set(read.flatMap((one) => one.unknown))];
      const tokens = ids.reduce((sum, { length }) => sum + length, 0);
      this.#post({ type: 'done', job, result: { embeddings, tokens, unknown } });
    } catch (error) {
      this.#post({ type: 'failed', job, error: dataOf(error) });
    } finally {
      embedding.delete(job);
      this.#post({ type: 'computed', lane: number, rows: 1, seconds: (performance.now() - begin) / 1000 });
    }
  }
}

/** Makes the backend the current one, and says that orders can come. */
export async function beginComputing(
  post: (report: Report) => void,
  backend?: BackendName,
  poll: () => void = () => {},
  wait: () => Promise<void> = turn,
): Promise<ComputeHost> {
  if (backend !== undefined) await useBackend(backend);
  post({ type: 'ready' });
  return new ComputeHost(post, poll, wait);
}

/** One turn of the event loop: messages and timers come in. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

/** Seconds since 1970 of the newest file of a run's checkpoints; of now, where the run is in no folder. */
async function createdAt(source: OpenLane['source']): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  const fs = globalThis.process?.getBuiltinModule?.('node:fs')?.promises;
  if (!fs || typeof source !== 'string') return now;
  const times = [`${source}/checkpoints`, source].map((path) =>
    fs.stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    ),
  );
  const [checkpoints, folder] = await Promise.all(times);
  return Math.floor((checkpoints ?? folder ?? now * 1000) / 1000);
}
