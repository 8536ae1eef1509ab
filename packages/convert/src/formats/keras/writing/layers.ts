// The parts of a model of Keras that is being written: layers, their calls, and the tensors between them. Axis 0 of every tensor is the batch.

import type { Hdf5Floats } from '../../hdf5/write.ts';

/** A size, or the name of one that is known when the model runs. */
export type Dimension = number | string;

/** What a call of a layer gives. */
export interface KerasTensor {
  readonly call: KerasCall;
  /** Which of the call's outputs. */
  readonly output: number;
  /** The axes after the batch. */
  readonly dims: readonly Dimension[];
  /** How many steps there are between the batch and `dims`, of what is computed for each frame alone. */
  readonly frames?: Dimension;
}

/** A weight of a layer: its place in Keras 3, its name in Keras 2 and TensorFlow.js. */
export interface KerasWeight extends Hdf5Floats {
  readonly index: number;
  readonly name: string;
  /** The layer in a Bidirectional that it belongs to. */
  readonly direction?: 'forward' | 'backward';
}

/** A layer with its settings, which may still change until the model is rendered. */
export class KerasLayer {
  readonly className: string;
  readonly settings: Record<string, unknown>;
  readonly weights: readonly KerasWeight[];
  /** The layer in it, of a Bidirectional or TimeDistributed. */
  readonly inner: { readonly className: string; readonly settings: Record<string, unknown> } | null;
  readonly calls: KerasCall[] = [];
  /** Given when the model is rendered; inputs and outputs may have theirs before. */
  name: string;

  constructor(
    className: string,
    settings: Record<string, unknown>,
    {
      weights = [],
      inner = null,
      name = '',
    }: { readonly weights?: readonly KerasWeight[]; readonly inner?: KerasLayer['inner']; readonly name?: string } = {},
  ) {
    this.className = className;
    this.settings = settings;
    this.weights = weights;
    this.inner = inner;
    this.name = name;
  }
}

/** One call of a layer. */
export interface KerasCall {
  readonly layer: KerasLayer;
  readonly inputs: readonly KerasTensor[];
  /** A merging layer gets its inputs as a list. */
  readonly merges: boolean;
  /** The states before the first step, of a recurrent layer. */
  readonly states: readonly KerasTensor[];
  /** bool [B, T]: the steps that count. */
  readonly mask: KerasTensor | null;
}

/** What a call reads besides its inputs. */
export interface CallOptions {
  readonly merges?: boolean;
  readonly states?: readonly KerasTensor[];
  readonly mask?: KerasTensor | null;
}
