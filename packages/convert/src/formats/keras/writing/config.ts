// A model of Keras 3 as the JSON of its config.json, and where each of its weights stands in model.weights.h5.

import type { Hdf5Floats } from '../../hdf5/write.ts';
import { snakeCase } from '../structured-weights.ts';
import type { KerasGraph } from './graph.ts';
import type { KerasLayer, KerasTensor } from './layers.ts';

/** The configuration of a Functional model. Inputs and outputs go by name where there are several. */
export function kerasConfig(g: KerasGraph, layers: readonly KerasLayer[], name: string): unknown {
  const config = {
    name,
    trainable: true,
    layers: layers.map(layerJson),
    input_layers: struct(new Map(g.inputs.map((tensor) => [tensor.call.layer.name, tensor]))),
    output_layers: struct(g.outputs),
  };
  return { module: 'keras.src.models.functional', class_name: 'Functional', config, registered_name: 'Functional' };
}

/** One tensor alone, several as an object whose keys are in order: versions of Keras differ in how they go through others. */
function struct(tensors: ReadonlyMap<string, KerasTensor>): unknown {
  const keys = Array.from(tensors, ([name, tensor]) => [name, key(tensor)] as const);
  return keys.length === 1 ? keys[0][1] : Object.fromEntries(keys.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function key({ call, output }: KerasTensor): unknown {
  return [call.layer.name, call.layer.calls.indexOf(call), output];
}

function layerJson(layer: KerasLayer): unknown {
  const { className, settings, inner, name, calls } = layer;
  const config = {
    name,
    ...(className !== 'InputLayer' && { trainable: true, dtype: 'float32' }),
    ...settings,
    ...(inner && { layer: registered(inner.className, { name: innerName(inner.className), trainable: true, dtype: 'float32', ...inner.settings }) }), // biome-ignore format: one thing
  };
  const inbound = className === 'InputLayer' ? [] : calls.map(({ inputs, merges, states, mask }) => ({
    args: merges ? [inputs.map(tensorJson)] : inputs.map(tensorJson),
    kwargs: { ...(states.length > 0 && { initial_state: states.map(tensorJson) }), ...(mask && { mask: tensorJson(mask) }) },
  })); // biome-ignore format: one thing
  return { ...registered(className, config), name, inbound_nodes: inbound };
}

const registered = (className: string, config: object) => ({
  module: 'keras.layers',
  class_name: className,
  config,
  registered_name: null,
});

/** The name of the layer in another; the directions of a Bidirectional are `forward_…` and `backward_…`. */
export const innerName = (className: string) => snakeCase(className);

function tensorJson(tensor: KerasTensor): unknown {
  const shape = [null, ...tensor.dims.map((d) => (typeof d === 'number' ? d : null))];
  const { layer } = tensor.call;
  const dtype = layer.className === 'InputLayer' ? layer.settings.dtype : 'float32';
  return { class_name: '__keras_tensor__', config: { shape, dtype, keras_history: key(tensor) } };
}

/** The weights by their places, `layers/lstm/cell/vars/0`. */
export function kerasWeights(layers: readonly KerasLayer[]): Map<string, Hdf5Floats> {
  const weights = new Map<string, Hdf5Floats>();
  for (const { name, className, inner, weights: own } of layers)
    for (const { index, direction, shape, values } of own) {
      const cell = ['LSTM', 'GRU', 'SimpleRNN'].includes(inner?.className ?? className) ? 'cell/' : '';
      const part = direction ? `${direction}_layer/` : inner ? 'layer/' : '';
      weights.set(`layers/${name}/${part}${cell}vars/${index}`, { shape, values });
    }
  return weights;
}
