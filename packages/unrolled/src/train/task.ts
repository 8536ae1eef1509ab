// What a trainer trains: a model, its batches, and what is lost on each. One file a kind of task; the trainer knows none of them.

import type { Module, StateDict } from '../nn/module.ts';
import type { ParameterGroup } from '../optim/optimizer.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Probe, ProbeSize } from './probe.ts';
import type { Shards } from './shards.ts';

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The loss of one batch, and how much it counts. */
export interface BatchLoss {
  /** The scalar to differentiate. */
  readonly loss: Tensor;
  /** Targets it is about, and what to multiply it by to get nats per target. */
  readonly targets: number;
  readonly perTarget: number;
  /** Whether `loss` is a mean over its targets (the default) or their sum: how those of the shards of a batch add up. */
  readonly reduction?: 'mean' | 'sum';
  /** What the mean divides by, where that is not the number of targets: the weights of their classes, say. */
  readonly weight?: number;
  /** Called once the step was taken: carries the state on. `observed` is that of the whole batch, the mean over its shards; default: this one's. */
  readonly accept?: (observed?: number) => void;
  /** Tensors that `accept` reads. */
  readonly holds?: readonly Tensor[];
  /** A number that `accept` needs of the whole batch: an accuracy, say. */
  readonly observed?: number;
}

/** Computes the loss of one shard of a batch; null where it has no rows. */
export type ShardLoss = (shard: number) => BatchLoss | null;

/** The metrics of a validation; `loss` is what is minimized. */
export interface Evaluation {
  /** Nats per target. */
  readonly loss: number;
  readonly targets: number;
  /** Whatever else was measured, by name: `{ accuracy: 0.86, macroF1: 0.81 }`. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Criterion of the best model, lower is better: 1 − accuracy, say; of equal ones the lower loss is better. Default: the loss. */
  readonly score?: number;
}

/** What a trainer trains: batches, their loss, and validation. */
export interface Task {
  readonly model: Module;
  readonly stepsPerEpoch: number;
  /** Parameters or groups for an optimizer at rate `lr`, where not all have the same learning rate. Default: all of the model's. */
  parameters?(lr: number): Iterable<Tensor | ParameterGroup<{ lr: number }>>;
  /** Waits for what the next batch is read from. Called and awaited before every `next`. */
  ready?(): Promise<void>;
  /** Moves on to the next batch. The function it returns computes the loss on it, and may be called again to compute it anew. */
  next(): () => BatchLoss;
  /**
   * Cuts every batch from here on into shards, of which this process computes those from `from` up to, not including, `to`: `nextShards` then takes
   * the place of `next`. Tasks without the two are not trained in shards.
   */
  divide?(shards: Shards): void;
  /** Moves on to the next batch. The function it returns computes the loss on one of its shards, by number; null for one without rows. */
  nextShards?(): ShardLoss;
  /** Where several processes compute the shards: brings what each carries to all, before `state` is called. */
  gatherState?(gather: (own: Uint8Array) => Promise<readonly Uint8Array[]>): Promise<void>;
  /**
   * Loss on the validation data; null where there are none. Changes nothing. `part`, above 0 and up to 1, is how much of them is enough: always the same
   * part, so that two validations compare. A task whose data cannot be divided reads all. Default 1.
   */
  evaluate(part?: number): Promise<Evaluation | null>;
  /** All that the next batch depends on but for the weights: position, carried states. */
  state(): { readonly json: Json; readonly tensors: StateDict };
  setState(state: { readonly json: Json; readonly tensors: StateDict }): void;
  /** A few fixed examples, for `checkNetwork` and for inspection during training. Changes nothing. */
  probe?(size?: ProbeSize): Probe;
}
