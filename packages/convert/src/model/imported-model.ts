// What every reader returns. Reading makes no module and needs no backend: a model is described, converted to another format, or made into a module that
// runs and is trained, by what is read once.

import type { SavedTensor, StateDict } from 'unrolled';
import { type FilledTensor, GraphModel, type GraphSpec } from 'unrolled/graph';
import type { StoredArray } from '../arrays/stored-array.ts';
import { ConvertError } from '../errors.ts';
import type { TestVector } from './vectors.ts';
import type { ConversionReport } from './report.ts';

/** The formats that are read. */
export type FormatName =
  | 'pytorch'
  | 'safetensors'
  | 'npz'
  | 'npy'
  | 'keras-h5'
  | 'keras'
  | 'tfjs'
  | 'char-rnn-json'
  | 'ml5-charrnn'
  | 'rtneural'
  | 'onnx';

/** A part of the network as the file describes it, for people. */
export interface LayerSummary {
  /** The layer's or node's name in the file. */
  readonly name: string;
  /** Its kind as the source system calls it: `LSTM`, `Bidirectional(GRU)`, `Gemm`. */
  readonly kind: string;
  /** Its settings and sizes in a line: `34 → 128, reset after the product`. */
  readonly settings: string;
  /** Its output's shape, where the file says it. */
  readonly output: string | null;
  readonly parameters: number;
}

/** The text of a file, and its name for errors. */
export interface NamedText {
  readonly text: string;
  readonly source: string;
}

/** What a reader found. */
export interface ModelContents {
  readonly format: FormatName;
  /** The program that wrote the file, as far as it says: `pytorch 2.1`, `keras 2.4.0 (tensorflow)`. */
  readonly producer: string | null;
  /** Every array, by its name in the file. */
  readonly arrays: ReadonlyMap<string, StoredArray>;
  readonly layers: readonly LayerSummary[];
  /** The network; null where the file holds weights alone and nothing said what they are the weights of. */
  readonly network: ImportedNetwork | null;
  /** Inputs with their expected outputs that came with the file. */
  readonly vectors?: readonly TestVector[];
  /** The vocabulary, of the few formats that have one. */
  readonly vocabulary?: NamedText | null;
  readonly report: ConversionReport;
}

/** A graph, and the weights by the names of its module. */
export interface ImportedNetwork {
  readonly graph: GraphSpec;
  /** Each of the weights, decoded when it is asked for: an array, or what fills one. */
  readonly tensors: ReadonlyMap<string, () => SavedTensor | FilledTensor>;
  /** Decodes all of them. */
  readonly weights: () => StateDict;
}

/** The network of a graph, whose weights are decoded when they are asked for. */
export function importedNetwork(graph: GraphSpec, tensors: ImportedNetwork['tensors']): ImportedNetwork {
  return { graph, tensors, weights: () => new Map(Array.from(tensors, ([name, make]) => [name, inArray(make())])) };
}

function inArray(tensor: SavedTensor | FilledTensor): SavedTensor {
  if (!('fill' in tensor)) return tensor;
  const data = new Float32Array(tensor.shape.reduce((n, d) => n * d, 1));
  tensor.fill(data);
  return { shape: tensor.shape, data };
}

/** A model that was read. */
export class ImportedModel implements ModelContents {
  /** The file's name, for messages. */
  readonly source: string;
  readonly format: FormatName;
  readonly producer: string | null;
  readonly arrays: ReadonlyMap<string, StoredArray>;
  readonly layers: readonly LayerSummary[];
  readonly network: ImportedNetwork | null;
  readonly vectors: readonly TestVector[];
  readonly vocabulary: NamedText | null;
  readonly report: ConversionReport;

  constructor({ format, producer, arrays, layers, network, vectors, vocabulary, report }: ModelContents) {
    this.source = report.source;
    this.format = format;
    this.producer = producer;
    this.arrays = arrays;
    this.layers = layers;
    this.network = network;
    this.vectors = vectors ?? [];
    this.vocabulary = vocabulary ?? null;
    this.report = report;
  }

  /** The network as a module in eval mode, on the current backend. Each call makes another. */
  module(): GraphModel {
    const { graph, tensors } = this.requireNetwork();
    return GraphModel.withWeights({ graph }, tensors, this.source).eval();
  }

  /** The network. Throws a ConvertError for weights alone, which says what has to be given. */
  requireNetwork(): ImportedNetwork {
    if (this.network) return this.network;
    const names = this.layers.map(({ name }) => name).filter((name) => name !== '');
    const some = names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
    throw new ConvertError(this.source, {
      expected: 'a network',
      got: `${this.arrays.size} tensors by name, which are weights alone`,
      advice:
        this.format === 'keras-h5'
          ? 'give the configuration that model.to_json() writes: --architecture model.json (architecture of readModel), or model.json next to the file'
          : `give the order of its layers (${some}): --chain "lstm last fc" (chain of readModel), or load them into a model of your own with stateDict()`,
    });
  }

  /** The float arrays by their names in the file, for `loadStateDict` or `matchNames`. */
  stateDict(): StateDict {
    return new Map(
      Array.from(this.arrays)
        .filter(([, array]) => array.element.includes('float'))
        .map(([name, array]) => [name, array.saved()]),
    );
  }
}
