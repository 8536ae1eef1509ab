// A model of Keras' layers as the JSON of a LayersModel, and its weights one after the other.

import type { KerasGraph } from '../keras/writing/graph.ts';
import type { KerasLayer, KerasTensor } from '../keras/writing/layers.ts';
import { innerName } from '../keras/writing/config.ts';

/** An entry of the manifest. */
interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
}

/** Several outputs get layers of their names that do nothing: outputs are found by the names of their layers. */
export function nameOutputs(g: KerasGraph): void {
  if (g.outputs.size === 1) return;
  for (const [name, tensor] of g.outputs) {
    const named = g.add('Activation', { activation: 'linear' }, [tensor], tensor.dims);
    named.call.layer.name = name;
    g.outputs.set(name, named);
  }
}

/** `{ class_name, config }` of a Functional model, which Keras 2 called Model. */
export function topologyOf(g: KerasGraph, layers: readonly KerasLayer[], name: string): unknown {
  const config = {
    name: name.replace(/\W/g, '_'),
    layers: layers.map(layerJson),
    input_layers: g.inputs.map(key),
    output_layers: Array.from(g.outputs.values(), key),
  };
  return { class_name: 'Model', config, keras_version: '2.4.0', backend: 'tensor_flow.js' };
}

function key({ call, output }: KerasTensor): [layer: string, call: number, output: number] {
  return [call.layer.name, call.layer.calls.indexOf(call), output];
}

function layerJson({ className, name, settings, inner, calls }: KerasLayer): unknown {
  const { batch_shape: shape, ...others } = settings;
  const config = {
    name,
    ...(className === 'InputLayer' ? { batch_input_shape: shape } : { trainable: true, dtype: 'float32' }),
    ...others,
    ...(inner && { layer: { class_name: inner.className, config: { name: innerName(inner.className), ...inner.settings } } }), // biome-ignore format: one thing
  };
  // States are inputs after the first: a loaded model takes no other arguments.
  const inbound = calls.map(({ inputs, states }) => [...inputs, ...states].map((tensor) => [...key(tensor), {}]));
  return { class_name: className, name, config, inbound_nodes: className === 'InputLayer' ? [] : inbound };
}

/** The weights in the layers' order: their entries in the manifest, and their bytes. */
export function manifestOf(layers: readonly KerasLayer[]): { weights: WeightSpec[]; bytes: Uint8Array } {
  const all = layers.flatMap((layer) => layer.weights.map((weight) => ({ layer, weight })));
  const bytes = new Uint8Array(all.reduce((n, { weight }) => n + weight.values.byteLength, 0));
  let at = 0;
  const weights = all.map(({ layer: { name, inner }, weight: { name: own, direction, shape, values } }): WeightSpec => {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
    const folder = inner && direction ? `${direction}_${innerName(inner.className)}/` : '';
    return { name: `${name}/${folder}${own}`, shape, dtype: 'float32' };
  });
  return { weights, bytes };
}
