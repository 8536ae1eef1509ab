// A model of the library as a network on its way out: its graphs, its weights, and test vectors that the library computed in float64.

import {
  Captioner,
  Forecaster,
  LanguageModel,
  MemoryModel,
  type Module,
  modelOf,
  noGrad,
  scope,
  Seq2Seq,
  SequenceClassifier,
  SequenceTagger,
  type Tensor,
  VideoClassifier,
  VideoTagger,
  VisualQA,
} from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { ConvertError } from '../errors.ts';
import { inFloat64, type TestVector, type VectorArray } from '../model/vectors.ts';
import { targetTable } from './graphs/seq2seq.ts';
import type { ExportedNetwork } from './network.ts';
import { Inputs, type Part, type Parts, type VectorArrays } from './part.ts';
import { captioner } from './parts/captioner.ts';
import { seq2seq } from './parts/seq2seq.ts';
import { classifier, forecaster, languageModel, memoryModel, tagger } from './parts/sequence.ts';
import { videoClassifier, videoTagger } from './parts/video.ts';
import { visualQA } from './parts/visual-qa.ts';
import { seededInputs } from './seeded-inputs.ts';

export type { VectorArrays } from './part.ts';
export { seededInputs } from './seeded-inputs.ts';

/** The parts of a model; none for one that is exported as weights alone: a tagger of characters, whose words differ in length. */
function partsOf(model: Module): Parts<never> {
  if (model instanceof LanguageModel) return languageModel;
  if (model instanceof SequenceClassifier) return classifier;
  if (model instanceof SequenceTagger) return model.characters ? {} : tagger;
  if (model instanceof MemoryModel) return memoryModel;
  if (model instanceof Forecaster) return forecaster;
  if (model instanceof Seq2Seq) return seq2seq;
  if (model instanceof Captioner) return captioner;
  if (model instanceof VisualQA) return visualQA;
  if (model instanceof VideoClassifier) return videoClassifier;
  if (model instanceof VideoTagger) return videoTagger;
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
  const parts: Parts<never> = partsOf(model);
  if (!Object.hasOwn(parts, part))
    throw new ConvertError('test vectors', {
      expected: `a graph, one of ${Object.keys(parts).join(', ')}`,
      got: part.slice(0, 60),
    });
  const outputs = (parts[part] as Part<Module>).compute(model, new Inputs(inputs));
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, arrayOf(value)]));
}

const arrayOf = (value: Tensor): VectorArray => ({
  element: 'float',
  shape: value.shape,
  values: Array.from(value.dataSync()),
});

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
    const inputs = seededInputs(graph, { batch: 3 - k, time: 5 - k, seed: 1 + k, states });
    return { inputs, outputs: computeInFloat64(model, part, inputs), from: 'float64, reference backend' };
  });
}

/** Names that other systems have for a weight of another name: the output product of a model with tied weights, and a shared table of embeddings. */
function aliasesOf(model: Module): Map<string, string> {
  const aliases = new Map<string, string>();
  if (model instanceof LanguageModel && model.config.tieWeights) aliases.set('decoder.weight', 'embedding.weight');
  if (!(model instanceof Seq2Seq)) return aliases;
  const table = targetTable(model);
  if (model.config.shareEmbeddings && model.decoder.kind !== 'repeat') aliases.set('symbols.embedding.weight', table);
  if (model.config.tieWeights) aliases.set('output.weight', table);
  return aliases;
}
