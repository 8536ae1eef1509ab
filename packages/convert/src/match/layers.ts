// Layers from the names and shapes of weights: PyTorch's modules leave their fields' names in a state dict, and those tell what they are.
//
//   lstm.weight_ih_l0 [4H, I], lstm.weight_hh_l0 [4H, H], …  an LSTM of that many layers       bn.running_mean [C], …  a batch norm
//   fc.weight [O, I], fc.bias [O]                            a linear layer                    emb.weight [V, E] alone: an embedding or a linear layer

import type { StoredArray } from '../arrays/stored-array.ts';
import type { LayerSummary } from '../model/imported-model.ts';

/** What a layer is, by its weights. */
export type FoundLayer = {
  /** The name before its parameters' names; '' for those of the model itself. */
  readonly name: string;
  /** Its arrays by the last part of their names. */
  readonly arrays: ReadonlyMap<string, StoredArray>;
} & (
  | {
      readonly kind: 'LSTM' | 'GRU' | 'RNN';
      readonly inputSize: number;
      readonly hiddenSize: number;
      readonly numLayers: number;
      readonly bidirectional: boolean;
      readonly bias: boolean;
      readonly projSize: number;
    }
  | { readonly kind: 'LSTMCell' | 'GRUCell' | 'RNNCell'; readonly inputSize: number; readonly hiddenSize: number }
  | { readonly kind: 'Linear'; readonly inFeatures: number; readonly outFeatures: number; readonly bias: boolean }
  | { readonly kind: 'Embedding or Linear'; readonly rows: number; readonly columns: number }
  | { readonly kind: 'BatchNorm'; readonly numFeatures: number; readonly affine: boolean }
  | { readonly kind: 'LayerNorm'; readonly numFeatures: number }
  | { readonly kind: 'Conv1d' | 'Conv2d'; readonly shape: readonly number[]; readonly bias: boolean }
  | { readonly kind: 'parameters' }
);

const gateCounts = { 4: 'LSTM', 3: 'GRU', 1: 'RNN' } as const;

/** The layers of a state dict, in the order of their first parameters. */
export function foundLayers(arrays: ReadonlyMap<string, StoredArray>): FoundLayer[] {
  const groups = new Map<string, Map<string, StoredArray>>();
  for (const [name, array] of arrays) {
    const dot = name.lastIndexOf('.');
    const layer = name.slice(0, Math.max(0, dot));
    const group = groups.get(layer) ?? new Map<string, StoredArray>();
    groups.set(layer, group.set(name.slice(dot + 1), array));
  }
  return Array.from(groups, ([name, group]) => foundLayer(name, group));
}

/** The layers for a description. */
export function layersOf(arrays: ReadonlyMap<string, StoredArray>): LayerSummary[] {
  return foundLayers(arrays).map((layer) => ({
    name: layer.name,
    kind: layer.kind,
    settings: settingsOf(layer),
    output: null,
    parameters: Array.from(layer.arrays)
      .filter(([name, { element }]) => element.includes('float') && !name.startsWith('running_'))
      .reduce((sum, [, { size }]) => sum + size, 0),
  }));
}

function foundLayer(name: string, arrays: ReadonlyMap<string, StoredArray>): FoundLayer {
  const shape = (key: string): readonly number[] => arrays.get(key)?.shape ?? [];
  const known = (...keys: readonly string[]) => [...arrays.keys()].every((key) => keys.includes(key));
  const other: FoundLayer = { name, arrays, kind: 'parameters' };
  const recurrent = recurrentLayer(name, arrays);
  if (recurrent) return recurrent;
  if (arrays.has('running_mean') && arrays.has('running_var'))
    return {
      name,
      arrays,
      kind: 'BatchNorm',
      numFeatures: shape('running_mean')[0] ?? 0,
      affine: arrays.has('weight'),
    };
  if (!known('weight', 'bias')) return other;
  const weight = shape('weight');
  const bias = arrays.has('bias');
  if (bias && (shape('bias').length !== 1 || shape('bias')[0] !== weight[0])) return other;
  if (weight.length === 1 && bias) return { name, arrays, kind: 'LayerNorm', numFeatures: weight[0] };
  if (weight.length === 2 && bias)
    return { name, arrays, kind: 'Linear', inFeatures: weight[1], outFeatures: weight[0], bias };
  if (weight.length === 2) return { name, arrays, kind: 'Embedding or Linear', rows: weight[0], columns: weight[1] };
  if (weight.length === 3) return { name, arrays, kind: 'Conv1d', shape: weight, bias };
  if (weight.length === 4) return { name, arrays, kind: 'Conv2d', shape: weight, bias };
  return other;
}

/** A recurrent layer or cell, if all weights are those of one: gate blocks from the shape of W_hh [G·H, H] (or [4H, P] with a projection W_hr [P, H]). */
function recurrentLayer(name: string, arrays: ReadonlyMap<string, StoredArray>): FoundLayer | null {
  const pattern = /^(?:weight_(?:ih|hh|hr)|bias_(?:ih|hh))(?:_l(\d{1,4})(_reverse)?)?$/;
  const matches = Array.from(arrays.keys(), (key) => pattern.exec(key));
  if (matches.length === 0 || matches.some((match) => match === null)) return null;
  const isCell = arrays.has('weight_ih');
  const suffix = isCell ? '' : '_l0';
  const [ih, hh, hr] = ['weight_ih', 'weight_hh', 'weight_hr'].map((key) => arrays.get(key + suffix)?.shape);
  if (ih?.length !== 2 || hh?.length !== 2 || ih[0] !== hh[0]) return null;
  const hiddenSize = hr ? hr[1] : hh[1];
  const kind = Object.hasOwn(gateCounts, ih[0] / hiddenSize) ? gateCounts[(ih[0] / hiddenSize) as 4 | 3 | 1] : null;
  if (!kind) return null;
  if (isCell) return { name, arrays, kind: `${kind}Cell`, inputSize: ih[1], hiddenSize };
  return {
    name,
    arrays,
    kind,
    inputSize: ih[1],
    hiddenSize,
    numLayers: 1 + Math.max(...matches.map((match) => Number(match?.[1] ?? 0))),
    bidirectional: matches.some((match) => match?.[2] !== undefined),
    bias: arrays.has(`bias_ih${suffix}`),
    projSize: hr ? hr[0] : 0,
  };
}

function settingsOf(layer: FoundLayer): string {
  switch (layer.kind) {
    case 'LSTM':
    case 'GRU':
    case 'RNN': {
      const { inputSize, hiddenSize, numLayers, bidirectional, bias, projSize } = layer;
      const more = [
        numLayers > 1 ? `${numLayers} layers` : '',
        bidirectional ? 'bidirectional' : '',
        bias ? '' : 'without bias',
        projSize > 0 ? `projected to ${projSize}` : '',
      ].filter(Boolean);
      return [`${inputSize} → ${hiddenSize}`, ...more].join(', ');
    }
    case 'LSTMCell':
    case 'GRUCell':
    case 'RNNCell':
      return `${layer.inputSize} → ${layer.hiddenSize}`;
    case 'Linear':
      return `${layer.inFeatures} → ${layer.outFeatures}${layer.bias ? '' : ', without bias'}`;
    case 'Embedding or Linear':
      return `[${layer.rows}, ${layer.columns}]`;
    case 'BatchNorm':
    case 'LayerNorm':
      return `${layer.numFeatures}`;
    case 'Conv1d':
    case 'Conv2d':
      return `weights [${layer.shape.join(', ')}]`;
    case 'parameters':
      return Array.from(layer.arrays, ([name, { shape }]) => `${name} [${shape.join(', ')}]`)
        .slice(0, 6)
        .join(', ');
    default:
      throw layer satisfies never;
  }
}
