// The networks of character models that are no framework's: embedding → recurrent layers on top of each other → scores of every character, with the states
// carried from one piece of text to the next.

import type { SavedTensor } from 'unrolled';
import type { GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import { type ImportedNetwork, importedNetwork, type LayerSummary } from '../model/imported-model.ts';

type Weights = ReadonlyMap<string, () => SavedTensor>;

/** A recurrent layer: its sizes, and its weights by the library's names, `weight_ih_l0`. */
export interface StackedLayer {
  readonly kind: 'LSTM' | 'RNN';
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly relu?: boolean;
  readonly weights: Weights;
}

export interface LayerStack {
  readonly vocabulary: number;
  readonly width: number;
  readonly embedding: () => SavedTensor;
  readonly layers: readonly StackedLayer[];
  /** weight [V, H] and bias [V]. */
  readonly output: Weights;
}

/** ids [B, T] → scores [B, T, V]; the states are optional inputs, and outputs. */
export function networkOfStack({ vocabulary, width, embedding, layers, output }: LayerStack): ImportedNetwork {
  const nodes: GraphNode[] = [];
  const inputs: GraphPort[] = [{ name: 'ids', element: 'int', shape: ['batch', 'time'] }];
  const outputs: GraphPort[] = [{ name: 'output', element: 'float', shape: ['batch', 'time', vocabulary] }];
  const states: { input: string; output: string }[] = [];
  const weights = new Map<string, () => SavedTensor>([['embedding.weight', embedding]]);
  const node = (name: string, op: string, from: readonly (string | null)[], to: readonly string[], attributes = {}) =>
    nodes.push({ name, op, inputs: from, outputs: to, attributes });
  node('embedding', 'Embedding', ['ids'], ['embedded'], { numEmbeddings: vocabulary, embeddingDim: width });
  node('time_major', 'Transpose', ['embedded'], ['x_0'], { perm: [1, 0, 2] });
  for (const [k, { kind, inputSize, hiddenSize, relu, weights: own }] of layers.entries()) {
    const name = `${kind.toLowerCase()}_${k}`;
    const names = (kind === 'LSTM' ? ['h', 'c'] : ['h']).map((state) => `${name}.${state}`);
    const shape = [1, 'batch', hiddenSize];
    for (const state of names) {
      inputs.push({ name: `${state}.before`, element: 'float', shape, optional: true });
      outputs.push({ name: `${state}.after`, element: 'float', shape });
      states.push({ input: `${state}.before`, output: `${state}.after` });
    }
    node(
      name,
      `${kind}Layer`,
      [`x_${k}`, null, ...names.map((n) => `${n}.before`)],
      [`x_${k + 1}`, ...names.map((n) => `${n}.after`)],
      {
        inputSize,
        hiddenSize,
        ...(kind === 'RNN' && { nonlinearity: relu ? 'relu' : 'tanh' }),
      },
    );
    for (const [parameter, make] of own) weights.set(`${name}.${parameter}`, make);
  }
  node('batch_first', 'Transpose', [`x_${layers.length}`], ['hidden'], { perm: [1, 0, 2] });
  node('head', 'Linear', ['hidden'], ['output'], {
    inFeatures: layers.at(-1)?.hiddenSize ?? width,
    outFeatures: vocabulary,
    bias: true,
  });
  for (const [parameter, make] of output) weights.set(`head.${parameter}`, make);
  const graph: GraphSpec = { inputs, outputs, nodes, states };
  return importedNetwork(graph, weights);
}

/** The layers for a description. */
export function summariesOfStack({ vocabulary, width, layers }: LayerStack): LayerSummary[] {
  const gates = { LSTM: 4, RNN: 1 } as const;
  return [
    {
      name: 'embedding',
      kind: 'Embedding',
      settings: `${vocabulary} → ${width}`,
      output: null,
      parameters: vocabulary * width,
    },
    ...layers.map(({ kind, inputSize, hiddenSize }, k) => ({
      name: `${kind.toLowerCase()}_${k}`,
      kind,
      settings: `${inputSize} → ${hiddenSize}`,
      output: null,
      parameters: gates[kind] * hiddenSize * (inputSize + hiddenSize + 1),
    })),
    {
      name: 'head',
      kind: 'Linear',
      settings: `${layers.at(-1)?.hiddenSize ?? width} → ${vocabulary}`,
      output: null,
      parameters: vocabulary * ((layers.at(-1)?.hiddenSize ?? width) + 1),
    },
  ];
}
