// A model of the library as a network on its way out: its graphs, its weights, and test vectors that the library computed in float64.

import {
  Forecaster,
  indices,
  LanguageModel,
  MemoryModel,
  type Module,
  modelOf,
  noGrad,
  Random,
  scope,
  SequenceClassifier,
  SequenceTagger,
  Tensor,
  tensor,
} from 'unrolled';
import type { GraphPort, GraphSpec } from 'unrolled/graph';
import { inFloat64, type TestVector, type VectorArray } from '../model/vectors.ts';
import { cellStates, type RecurrentCell } from './cells.ts';
import { forecasterGraph } from './graphs/forecaster.ts';
import { languageModelGraph } from './graphs/language-model.ts';
import { memoryModelGraph } from './graphs/memory-model.ts';
import { classifierGraph, taggerGraph } from './graphs/sequence.ts';
import type { ExportedNetwork } from './network.ts';

/** Arrays by the names of a graph's inputs or outputs. */
export type VectorArrays = Readonly<Record<string, VectorArray>>;

/** A graph of a model, and the same function as the library computes it. */
interface Part<M extends Module> {
  readonly graph: (model: M) => GraphSpec;
  /** Tensors by the graph's inputs → tensors by its outputs. */
  readonly compute: (model: M, inputs: Inputs) => Readonly<Record<string, Tensor>>;
}

type Parts<M extends Module> = Readonly<Record<string, Part<M>>>;

/** The given inputs as tensors. */
class Inputs {
  readonly #arrays: VectorArrays;

  constructor(arrays: VectorArrays) {
    this.#arrays = arrays;
  }

  tensor(name: string): Tensor {
    const { element, shape, values } = this.#arrays[name];
    return element === 'float' ? tensor(values, shape) : indices(values, shape);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#arrays, name);
  }

  /** The state of a cell from its inputs; null where none is given. */
  state(cell: RecurrentCell): unknown {
    const kinds = cellStates[cell];
    if (!this.has(`${kinds[0].name}0`)) return null;
    const tensors = kinds.map(({ name }) => [name, this.tensor(`${name}0`)] as const);
    return tensors.length === 1 ? tensors[0][1] : Object.fromEntries(tensors);
  }
}

/** A state as outputs. */
function stateOutputs(cell: RecurrentCell, state: unknown): Record<string, Tensor> {
  const tensors: readonly Tensor[] = state instanceof Tensor ? [state] : Object.values(state as Record<string, Tensor>);
  return Object.fromEntries(cellStates[cell].map(({ name }, k) => [`${name}n`, tensors[k]]));
}

const languageModel: Parts<LanguageModel> = {
  model: {
    graph: languageModelGraph,
    compute: (model, inputs) => {
      const { cell } = model.config;
      const [logits, state] = model.forward(inputs.tensor('input'), inputs.state(cell));
      return { logits, ...stateOutputs(cell, state) };
    },
  },
};

const classifier: Parts<SequenceClassifier> = {
  model: {
    graph: classifierGraph,
    compute: (model, inputs) => {
      const [logits, weights] = model.forward(inputs.tensor('input'), { lengths: inputs.tensor('lengths') });
      return { logits, ...(weights && { weights }) };
    },
  },
};

const tagger: Parts<SequenceTagger> = {
  model: {
    graph: taggerGraph,
    compute: (model, inputs) => {
      const { cell } = model.config;
      const { embedding, recurrent, head, vocabularySize } = model;
      const input = inputs.tensor('input');
      const x = vocabularySize === null ? input : embedding ? embedding.forward(input) : oneHot(input, vocabularySize);
      const options = { lengths: inputs.tensor('lengths') };
      const [output, state] = recurrent.forward(x, inputs.state(cell), options);
      return { logits: head.forward(output), ...(recurrent.numDirections === 1 && stateOutputs(cell, state)) };
    },
  },
};

function oneHot(ids: Tensor, depth: number): Tensor {
  const values = new Float64Array(ids.size * depth);
  for (const [k, id] of ids.dataSync().entries()) values[k * depth + id] = 1;
  return tensor(values, [...ids.shape, depth]);
}

const memoryModel: Parts<MemoryModel> = {
  model: {
    graph: memoryModelGraph,
    compute: (model, inputs) => {
      const { cell } = model.config;
      const options = { lengths: inputs.tensor('lengths') };
      const [output, state] = model.recurrent.forward(inputs.tensor('input'), inputs.state(cell), options);
      const states = stateOutputs(cell, state);
      const last = model.head.forward(Object.values(states)[0].select(0, model.config.numLayers - 1));
      return { output: model.head.forward(output), last, ...states };
    },
  },
};

const forecaster: Parts<Forecaster> = {
  model: {
    graph: forecasterGraph,
    compute: (model, inputs) => {
      const known = inputs.has('known') ? inputs.tensor('known') : null;
      const { values, quantiles } = model.forecast(inputs.tensor('input'), { known });
      return { values, ...(model.config.quantiles.length > 0 && { quantiles }) };
    },
  },
};

/** The parts of a model; none for a type that is exported as weights alone. */
function partsOf(model: Module): Parts<never> {
  if (model instanceof LanguageModel) return languageModel;
  if (model instanceof SequenceClassifier) return classifier;
  if (model instanceof SequenceTagger) return tagger;
  if (model instanceof MemoryModel) return memoryModel;
  if (model instanceof Forecaster) return forecaster;
  return {};
}

/** What the library computes for the inputs of a part, in float64 on the reference backend. */
export function computeInFloat64(model: Module, part: string, inputs: VectorArrays): VectorArrays {
  return inFloat64(() => {
    const copy = modelOf((model as Module & { config: never }).config)
      .loadStateDict(model.stateDict())
      .eval();
    return compute(copy, part, inputs);
  });
}

/** What the model computes for the inputs of a part, on its own backend and in its own precision. It should be in eval mode. */
export function computeHere(model: Module, part: string, inputs: VectorArrays): VectorArrays {
  return scope(() => noGrad(() => compute(model, part, inputs)));
}

function compute(model: Module, part: string, inputs: VectorArrays): VectorArrays {
  const outputs = (partsOf(model)[part] as Part<Module>).compute(model, new Inputs(inputs));
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, arrayOf(value)]));
}

const arrayOf = (value: Tensor): VectorArray => ({
  element: 'float',
  shape: value.shape,
  values: Array.from(value.dataSync()),
});

/** Inputs of a graph, drawn from a seed: a batch of sequences whose lengths differ. `states`: optional inputs too. */
export function seededInputs(
  graph: GraphSpec,
  { batch, time, seed, states = false }: { batch: number; time: number; seed: number; states?: boolean },
): VectorArrays {
  const random = new Random(seed);
  const drawn = (port: GraphPort): VectorArray => {
    const sizes: Record<string, number> = { batch, time };
    const shape = (port.shape ?? []).map((d) => (typeof d === 'number' ? d : sizes[d]));
    const size = shape.reduce((n, d) => n * d, 1);
    const next =
      port.element === 'float'
        ? () => Math.fround(random.normal())
        : port.name === 'lengths'
          ? (b: number) => Math.max(1, time - b)
          : () => random.integer(idsOf(graph, port.name));
    return { element: port.element, shape, values: Array.from({ length: size }, (_, k) => next(k)) };
  };
  const inputs = graph.inputs.filter(({ optional }) => states || !optional);
  return Object.fromEntries(inputs.map((port) => [port.name, drawn(port)]));
}

/** How many ids an input has: the rows of what reads it. */
function idsOf({ nodes }: GraphSpec, input: string): number {
  const reader = nodes.find(({ inputs }) => inputs[0] === input)?.attributes ?? {};
  return Number(reader.numEmbeddings ?? reader.depth ?? 2);
}

/** The model as a network with two test vectors a graph: without the optional inputs, and with them where there are any. */
export function exportedNetwork(model: Module, name = 'model'): ExportedNetwork {
  const parts = Object.entries(partsOf(model)) as [string, Part<Module>][];
  const graphs = new Map(parts.map(([part, { graph }]) => [part, graph(model)]));
  const vectors = new Map(Array.from(graphs, ([part, graph]) => [part, vectorsOf(model, part, graph)] as const));
  const { config } = model as Module & { readonly config: Readonly<Record<string, unknown>> };
  return { name, graphs, weights: model.stateDict(), aliases: aliasesOf(model), config, parts: new Map(), vectors };
}

function vectorsOf(model: Module, part: string, graph: GraphSpec): TestVector[] {
  const stateful = graph.inputs.some(({ optional }) => optional);
  return (stateful ? [false, true] : [false]).map((states, k) => {
    const inputs = seededInputs(graph, { batch: 2 + k, time: 5 - k, seed: 1 + k, states });
    return { inputs, outputs: computeInFloat64(model, part, inputs), from: 'float64, reference backend' };
  });
}

/** Names that other systems have for a weight of another name: the output product of a model with tied weights. */
function aliasesOf(model: Module): Map<string, string> {
  const tied = model instanceof LanguageModel && model.config.tieWeights;
  return new Map(tied ? [['decoder.weight', 'embedding.weight']] : []);
}
