// A layer at work: its settings, what it reads, its weights, and the graph that it adds to.

import type { SavedTensor } from 'unrolled';
import type { GraphAttribute } from 'unrolled/graph';
import type { StoredArray } from '../../../arrays/stored-array.ts';
import type { GraphBuilder, Value } from '../builder.ts';
import type { LayerConfig } from '../layer-config.ts';
import type { LayerArrays } from '../weights.ts';

export interface LayerCall {
  readonly config: LayerConfig;
  /** The layer's name in the graph: that of its weights. */
  readonly path: string;
  readonly inputs: readonly Value[];
  readonly arrays: LayerArrays;
  readonly builder: GraphBuilder;
  /** Initial states of a recurrent layer. */
  readonly states: readonly Value[];
  /** Arguments of the call that are no tensors: `use_causal_mask`. A converter refuses those that it does not know. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Adds the layer's nodes and returns what it gives. */
export type LayerConverter = (call: LayerCall) => readonly Value[];

/** The layer's only input. */
export function only({ config, inputs }: LayerCall): Value {
  return inputs.length === 1 ? inputs[0] : config.fail('one input', String(inputs.length));
}

/** A node of the layer with one output. */
export function one(
  { builder, path }: LayerCall,
  op: string,
  inputs: readonly (string | null)[],
  attributes: Readonly<Record<string, GraphAttribute>> = {},
): string {
  return builder.node(op, path, inputs, attributes)[0];
}

/** The value behind an activation; itself where that is linear. */
export function activated(call: LayerCall, value: string, activation: string): string {
  if (activation === 'linear') return value;
  requireKnown(call, activation);
  return one(call, 'KerasActivation', [value], { activation });
}

const known: ReadonlySet<string> = new Set([
  'tanh', 'sigmoid', 'hard_sigmoid', 'hard_sigmoid_3', 'relu', 'softplus', 'softsign', 'softmax', 'log_softmax', 'elu', 'selu', 'exponential', 'swish',
  'relu6', 'leaky_relu', 'mish', 'hard_swish', 'gelu', 'gelu_tanh',
]); // biome-ignore format: a list of words

function requireKnown({ config }: LayerCall, activation: string): void {
  if (!known.has(activation))
    config.fail(`an activation, one of linear, ${[...known].join(', ')}`, JSON.stringify(activation.slice(0, 60)));
}

/** An array as it is. */
export function plain(array: StoredArray): () => SavedTensor {
  return () => array.saved();
}

/** An array in another shape of as many elements. */
export function shaped(array: StoredArray, shape: readonly number[]): () => SavedTensor {
  return () => ({ shape, data: array.floats() });
}

/** An array with its axes in another order. */
export function permuted(array: StoredArray, axes: readonly number[]): () => SavedTensor {
  return () => {
    const from = array.floats();
    const shape = axes.map((axis) => array.shape[axis]);
    const steps = array.shape.map((_, axis) => array.shape.slice(axis + 1).reduce((n, d) => n * d, 1));
    const data = new Float32Array(from.length);
    const index = new Array<number>(shape.length).fill(0);
    for (let i = 0, at = 0; i < data.length; i++) {
      data[i] = from[at];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += steps[axes[axis]];
        if (++index[axis] < shape[axis]) break;
        at -= steps[axes[axis]] * shape[axis];
        index[axis] = 0;
      }
    }
    return { shape, data };
  };
}
