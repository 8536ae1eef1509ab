// What a trainer trains: a model, its batches, and what is lost on each. One file a kind of task; the trainer knows none of them.

import type { Module, StateDict } from '../nn/module.ts';
import type { ParameterGroup } from '../optim/optimizer.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Probe, ProbeSize } from './probe.ts';

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The loss of one batch, and how much it counts. */
export interface BatchLoss {
  /** The scalar to differentiate. */
  readonly loss: Tensor;
  /** Targets it is about, and what to multiply it by to get nats per target. */
  readonly targets: number;
  readonly perTarget: number;
  /** Called once the step was taken: carries the state on. */
  readonly accept?: () => void;
}

/** The metrics of a validation; `loss` is what is minimized. */
export interface Evaluation {
  /** Nats per target. */
  readonly loss: number;
  readonly targets: number;
  /** Whatever else was measured, by name: `{ accuracy: 0.86, macroF1: 0.81 }`. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Criterion of the best model, lower is better: 1 − accuracy, say. Default: the loss. */
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
