// Any task over examples that stand for themselves: a batch is some example numbers, drawn by a batcher, and nothing is carried from one to the
// next. Classification, tagging and translation are this with a loss of their own; what they share is where the run is in its data.

import { requireKinds, shown } from '../checks.ts';
import type { Position } from '../data/batches.ts';
import { FormatError, OptionError } from '../errors.ts';
import type { Module, StateDict } from '../nn/module.ts';
import { requirePart } from './part.ts';
import type { Probe, ProbeSize } from './probe.ts';
import { rowsOfShard, type Shards } from './shards.ts';
import type { BatchLoss, Evaluation, Json, ShardLoss, Task } from './task.ts';

/** A part of a batch: all of it, or the rows of a shard, with what was read for them. */
interface Part<Data> {
  readonly rows: Int32Array;
  readonly data: Data;
}

/** A batch that is being read: by shard, those of this process. */
interface Drawn<Data> {
  readonly position: Position;
  readonly parts: Promise<ReadonlyMap<number, Part<Data>>>;
}

/** Where a batch is in the data, and which shard of it; without one, all of it. */
export interface BatchPosition extends Position {
  readonly shard?: number;
}

/** A name for the draws of a batch, or of a shard, that no other has. */
export function nameOfDraws({ epoch, batch, shard }: BatchPosition): string {
  return `${epoch}.${batch}${shard === undefined ? '' : `.${shard}`}`;
}

/** Source of the batches: a `BucketBatcher`, or anything whose order depends on its position alone. */
export interface Batches {
  readonly batchesPerEpoch: number;
  /** Returns the example numbers of the next batch. */
  next(): Int32Array;
  /** Position, saved with a run and restored when it resumes. */
  position: Position;
}

/** Options of `ExampleTask`. */
export interface ExampleTaskOptions<Data = undefined> {
  readonly batches: Batches;
  /**
   * The loss on these examples; may be called again with the same ones. `data` is what `read` gave for them; `shard` is the number of the part of the
   * batch that they are, where it is not all of it.
   */
  readonly loss: (rows: Int32Array, data: Data, shard?: number) => BatchLoss;
  /**
   * Reads what the loss needs and does not have in memory: images, from files. It is called ahead of training; whatever chance it needs has
   * to come from `position`, which no other batch, or shard of one, has.
   */
  readonly read?: (rows: Int32Array, position: BatchPosition) => Promise<Data>;
  /** Batches that are read before they are wanted. Default 2. */
  readonly ahead?: number;
  /** The validation, on a part of its data (see `Task.evaluate`). It must change nothing: dropout off, and put back. Default: none. */
  readonly evaluate?: (part: number) => Promise<Evaluation | null>;
  /** See `Task.probe`. Default: none, and the network is not checked. */
  readonly probe?: (size?: ProbeSize) => Probe;
}

/**
 *     const task = new ExampleTask(model, {
 *       batches: new BucketBatcher(lengths, { batchSize: 32, seed: 1 }),
 *       loss: (rows) => ({ loss: model.loss(collate(rows)), targets: rows.length, perTarget: 1 }),
 *     });
 *     await fit(task, { optimizer: new Adam(model.parameters()), steps: 10 * task.stepsPerEpoch });
 *
 * With `read` a batch's data are prefetched during the steps before it; a resumed run reads the same batches again.
 */
export class ExampleTask<M extends Module = Module, Data = undefined> implements Task {
  readonly model: M;
  readonly #options: ExampleTaskOptions<Data>;
  readonly probe?: (size?: ProbeSize) => Probe;
  /** Batches that were requested ahead, in order. */
  #queue: Drawn<Data>[] = [];
  /** The one that `next` will take. */
  #ready: ReadonlyMap<number, Part<Data>> | null = null;
  #shards: Shards | null = null;

  constructor(model: M, options: ExampleTaskOptions<Data>) {
    requireKinds(
      'ExampleTask',
      { model, options },
      {
        model: 'module',
        options: { batches: 'object', loss: 'function', read: 'function?', evaluate: 'function?', probe: 'function?' },
      },
    );
    const { ahead = 2 } = options;
    if (!(Number.isInteger(ahead) && ahead > 0))
      throw new OptionError('ExampleTask', 'ahead', `expected a whole number from 1, got ${shown(ahead)}`);
    this.model = model;
    this.#options = options;
    if (options.probe) this.probe = options.probe;
  }

  get stepsPerEpoch(): number {
    return this.#options.batches.batchesPerEpoch;
  }

  async ready(): Promise<void> {
    const { batches, read, ahead = 2 } = this.#options;
    if (!read || this.#ready) return;
    while (this.#queue.length < ahead) {
      const { position } = batches;
      const rows = batches.next();
      const parts = this.#read(rows, position, read);
      parts.catch(() => {}); // it is met when its turn comes
      this.#queue.push({ position, parts });
    }
    this.#ready = await this.#queue[0].parts;
  }

  /** Reads a batch, or this process's shards of it. */
  async #read(rows: Int32Array, position: Position, read: NonNullable<ExampleTaskOptions<Data>['read']>) {
    if (!this.#shards) return new Map([[0, { rows, data: await read(rows, position) }]]);
    const parts = this.#cut(rows, this.#shards);
    const data = await Promise.all(parts.map(([shard, own]) => read(own, { ...position, shard })));
    return new Map(parts.map(([shard, own], k) => [shard, { rows: own, data: data[k] }]));
  }

  /** The shards of this process that have rows. */
  #cut(rows: Int32Array, { count, from, to }: Shards): [shard: number, rows: Int32Array][] {
    const all = Array.from({ length: to - from }, (_, k): [number, Int32Array] => [
      from + k,
      rows.slice(...rowsOfShard(rows.length, from + k, count)),
    ]);
    return all.filter(([, own]) => own.length > 0);
  }

  divide(shards: Shards): void {
    this.#shards = shards;
    this.setState(this.state()); // what was read ahead was read for others
  }

  next(): () => BatchLoss {
    const { loss } = this.#options;
    const { rows, data } = this.#take().get(0) as Part<Data>;
    return () => loss(rows, data);
  }

  nextShards(): ShardLoss {
    const { loss } = this.#options;
    const parts = this.#take();
    return (shard) => {
      const part = parts.get(shard);
      return part ? loss(part.rows, part.data, shard) : null;
    };
  }

  /** The next batch, in its parts. */
  #take(): ReadonlyMap<number, Part<Data>> {
    const { batches, read } = this.#options;
    if (!read) {
      const rows = batches.next();
      const parts = this.#shards ? this.#cut(rows, this.#shards) : [[0, rows] as const];
      return new Map(parts.map(([shard, own]) => [shard, { rows: own, data: undefined as Data }]));
    }
    if (!this.#ready) throw new Error('ExampleTask: a task that reads is to be waited for: await task.ready()');
    const ready = this.#ready;
    this.#queue.shift();
    this.#ready = null;
    return ready;
  }

  async evaluate(part = 1): Promise<Evaluation | null> {
    requirePart('ExampleTask.evaluate', part);
    return (await this.#options.evaluate?.(part)) ?? null;
  }

  state(): { json: Json; tensors: StateDict } {
    // Prefetched batches have not been trained on.
    const { epoch, batch } = this.#queue[0]?.position ?? this.#options.batches.position;
    return { json: { position: { epoch, batch } }, tensors: new Map() };
  }

  setState({ json }: { json: Json }): void {
    const position = (json as { position?: Position } | null)?.position;
    const count = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
    if (!count(position?.epoch) || !count(position?.batch))
      throw new FormatError('checkpoint', 'its task state has no position; was it saved by another kind of task?');
    this.#options.batches.position = position as Position;
    this.#queue = [];
    this.#ready = null;
  }
}
