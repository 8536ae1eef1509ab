// A model of Keras that is being written: its inputs and outputs, the calls between them, and in the end its layers in Keras' order.

import { snakeCase } from '../structured-weights.ts';
import {
  type CallOptions,
  type Dimension,
  type KerasCall,
  KerasLayer,
  type KerasTensor,
  type KerasWeight,
} from './layers.ts';
import { layerOrder } from './order.ts';

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
