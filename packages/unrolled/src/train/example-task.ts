// Any task over examples that stand for themselves: a batch is some example numbers, drawn by a batcher, and nothing is carried from one to the
// next. Classification, tagging and translation are this with a loss of their own; what they share is where the run is in its data.

import { FormatError } from '../errors.ts';
import type { Module, StateDict } from '../nn/module.ts';
import type { BatchLoss, Evaluation, Json, Task } from './task.ts';

/** Where a run is in its data. */
interface Position {
  readonly epoch: number;
  readonly batch: number;
}

/** What draws the batches: a `BucketBatcher`, or anything whose order depends on its position alone. */
export interface Batches {
  readonly batchesPerEpoch: number;
  /** The example numbers of the next batch. */
  next(): Int32Array;
  /** Saved with a run, and set when it goes on. */
  position: Position;
}

export interface ExampleTaskOptions {
  readonly batches: Batches;
  /** The loss on these examples; may be called again with the same ones. */
  readonly loss: (rows: Int32Array) => BatchLoss;
  /** The validation. It must change nothing: evaluate the model with dropout off, and put it back. Default: none. */
  readonly evaluate?: () => Promise<Evaluation | null>;
}

/**
 *     const task = new ExampleTask(model, {
 *       batches: new BucketBatcher(lengths, { batchSize: 32, seed: 1 }),
 *       loss: (rows) => ({ loss: model.loss(collate(rows)), targets: rows.length, perTarget: 1 }),
 *     });
 *     await fit(task, { optimizer: new Adam(model.parameters()), steps: 10 * task.stepsPerEpoch });
 */
export class ExampleTask<M extends Module = Module> implements Task {
  readonly model: M;
  readonly #options: ExampleTaskOptions;

  constructor(model: M, options: ExampleTaskOptions) {
    this.model = model;
    this.#options = options;
  }

  get stepsPerEpoch(): number {
    return this.#options.batches.batchesPerEpoch;
  }

  next(): () => BatchLoss {
    const rows = this.#options.batches.next();
    return () => this.#options.loss(rows);
  }

  async evaluate(): Promise<Evaluation | null> {
    return (await this.#options.evaluate?.()) ?? null;
  }

  state(): { json: Json; tensors: StateDict } {
    const { epoch, batch } = this.#options.batches.position;
    return { json: { position: { epoch, batch } }, tensors: new Map() };
  }

  setState({ json }: { json: Json }): void {
    const position = (json as { position?: Position } | null)?.position;
    if (typeof position?.epoch !== 'number' || typeof position.batch !== 'number')
      throw new FormatError('checkpoint', 'its task state has no position; was it saved by another kind of task?');
    this.#options.batches.position = position;
  }
}
