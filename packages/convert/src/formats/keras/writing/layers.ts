// A model of Keras that is being written: layers, their calls, and the tensors between them. Axis 0 of every tensor is the batch.

import type { Hdf5Floats } from '../../hdf5/write.ts';
import { snakeCase } from '../structured-weights.ts';
import { layerOrder } from './order.ts';

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

export class KerasGraph {
  readonly inputs: KerasTensor[] = [];
  readonly outputs = new Map<string, KerasTensor>();

  input(name: string, dtype: 'float32' | 'int32' | 'bool', dims: readonly Dimension[]): KerasTensor {
    const shape = [null, ...dims.map((d) => (typeof d === 'number' ? d : null))];
    const layer = new KerasLayer('InputLayer', { batch_shape: shape, dtype, sparse: false, ragged: false }, { name });
    const tensor = { call: this.call(layer, []), output: 0, dims };
    this.inputs.push(tensor);
    return tensor;
  }

  call(layer: KerasLayer, inputs: readonly KerasTensor[], options: CallOptions = {}): KerasCall {
    const { merges = false, states = [], mask = null } = options;
    const call = { layer, inputs, merges, states, mask };
    layer.calls.push(call);
    return call;
  }

  /** Adds a layer without weights, or with its own, and calls it once. */
  add(
    className: string,
    settings: Record<string, unknown>,
    inputs: readonly KerasTensor[],
    dims: readonly Dimension[],
    { weights = [], ...options }: CallOptions & { readonly weights?: readonly KerasWeight[] } = {},
  ): KerasTensor {
    return this.called(new KerasLayer(className, settings, { weights }), inputs, dims, options);
  }

  /** Calls a layer that has one output. Over frames, one that does not work on the last axis alone is in a TimeDistributed. */
  called(
    layer: KerasLayer,
    inputs: readonly KerasTensor[],
    dims: readonly Dimension[],
    options: CallOptions = {},
  ): KerasTensor {
    const { frames } = inputs[0];
    return { call: this.call(layer, inputs, options), output: 0, dims, ...(frames !== undefined && { frames }) };
  }

  /**
   * The layers in Keras' order, named as Keras 3 finds their weights: by the class and how many of that class come before. Layers that no output needs are
   * left out; calls that no output needs are taken away from those that are in.
   */
  rendered(): readonly KerasLayer[] {
    const { layers, calls } = layerOrder([...this.outputs.keys()].sort().map((name) => this.outputs.get(name) as KerasTensor)); // biome-ignore format: one thing
    for (const { call } of this.inputs) if (!layers.includes(call.layer)) layers.unshift(call.layer);
    const counts = new Map<string, number>();
    const names = new Set(layers.map(({ name }) => name));
    for (const layer of layers) {
      if (layer.className === 'InputLayer') continue;
      layer.calls.splice(0, layer.calls.length, ...layer.calls.filter((call) => calls.has(call)));
      const count = counts.get(layer.className) ?? 0;
      counts.set(layer.className, count + 1);
      if (layer.name !== '') continue;
      layer.name = snakeCase(layer.className) + (count > 0 ? `_${count}` : '');
      while (names.has(layer.name)) layer.name += '_'; // an input of that name
      names.add(layer.name);
    }
    return layers;
  }
}
