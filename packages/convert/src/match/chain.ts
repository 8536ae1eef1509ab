// A network from weights alone and a chain, the order in which their layers follow one another:
//
//   lstm last batchnorm fc1 relu batchnorm layer        (names of layers in the file, and functions between them)
//
//   embedding(table) gru mean head softmax              a function in the place of a layer's kind: the matrix `table` is an embedding
//   conv(stride=2, padding=1) relu lstm last fc         settings that no shape tells
//
// Sequences go in and come out as PyTorch's people have them, [batch, time, ..]; in between they are [time, batch, ..], as everywhere in the library.

import type { SavedTensor } from 'unrolled';
import type { GraphAttribute, GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import type { StoredArray } from '../arrays/stored-array.ts';
import { ConvertError, quoted } from '../errors.ts';
import { type ImportedNetwork, importedNetwork } from '../model/imported-model.ts';
import type { ConversionReport } from '../model/report.ts';
import { foundLayers, type FoundLayer } from './layers.ts';

/** What the chain carries: steps [T, B, n] of a sequence, or one vector [B, n] of each row. */
type Form = 'steps' | 'vectors';

const functions = {
  last: 'the output at the last step, output[:, -1]',
  final: 'the final states of the layer before, its directions side by side, h_n[-1]',
  mean: 'the mean over all steps',
  relu: '',
  tanh: '',
  sigmoid: '',
  softmax: 'over the last axis',
} as const;

const mostLinks = 1000;

/** The network of a chain. Throws a ConvertError for a name that is neither a layer of the file nor a function, or a layer that does not fit there. */
export function networkOfChain(
  chain: string,
  arrays: ReadonlyMap<string, StoredArray>,
  report: ConversionReport,
): ImportedNetwork {
  const layers = new Map(foundLayers(arrays).map((layer) => [layer.name, layer]));
  const builder = new ChainBuilder(report);
  for (const { name, settings, of } of parseChain(chain, report.source)) {
    const layer = layers.get(of ?? name);
    if (of !== null && !layer) builder.fail(name, 'the name of a layer in brackets', quoted(of));
    if (layer) builder.layer(of === null || name !== 'embedding' ? layer : asEmbedding(layer), settings);
    else if (Object.hasOwn(functions, name)) builder.function(name as keyof typeof functions);
    else {
      const known = [...layers.keys(), ...Object.keys(functions)].slice(0, 40).join(', ');
      builder.fail(name, `a layer of the file or a function, one of ${known}`, quoted(name));
    }
  }
  const used = new Set(builder.used);
  for (const [name] of layers) if (!used.has(name)) report.skip('layer', name, 'is not in the chain');
  report.decide('chain', null, chain, 'the file has weights alone, and this order was given');
  return importedNetwork(builder.graph(), weightsOf(layers, used));
}

function asEmbedding(layer: FoundLayer): FoundLayer {
  const { name, arrays } = layer;
  const [rows, columns] = arrays.get('weight')?.shape ?? [];
  return { name, arrays, kind: 'Embedding or Linear', rows, columns };
}

interface Link {
  readonly name: string;
  /** `embedding(table)`: the layer in brackets. */
  readonly of: string | null;
  readonly settings: Readonly<Record<string, number>>;
}

function parseChain(chain: string, source: string): Link[] {
  const links: Link[] = [];
  const link = /\s*([^\s,()]+)(?:\(([^()]*)\))?\s*(?:,|>|→|(?=\s)|$)/y;
  while (link.lastIndex < chain.length) {
    const at = link.lastIndex;
    const match = link.exec(chain);
    if (!match || links.length >= mostLinks)
      throw new ConvertError(source, {
        where: 'chain',
        expected: `names with spaces between them, at most ${mostLinks}`,
        got: quoted(chain.slice(at)),
      });
    const [, name, inside] = match;
    const settings: Record<string, number> = Object.create(null);
    let of: string | null = null;
    for (const part of inside === undefined ? [] : inside.split(',')) {
      const setting = /^\s*(\w+)\s*=\s*(-?[\d.e-]+)\s*$/.exec(part);
      if (setting && Number.isFinite(Number(setting[2]))) settings[setting[1]] = Number(setting[2]);
      else if (of === null && /^\s*[^\s=]+\s*$/.test(part)) of = part.trim();
      else
        throw new ConvertError(source, {
          where: `chain, ${quoted(name)}`,
          expected: 'settings with their values, as stride=2',
          got: quoted(part.trim()),
        });
    }
    links.push({ name, of, settings });
  }
  if (links.length > 0) return links;
  throw new ConvertError(source, { where: 'chain', expected: 'the names of layers, as lstm last fc', got: 'nothing' });
}

class ChainBuilder {
  readonly used: string[] = [];
  readonly #report: ConversionReport;
  readonly #nodes: GraphNode[] = [];
  #input: GraphPort | null = null;
  #value = '';
  #form: Form = 'steps';
  /** Numbers in a step or vector; null behind what does not tell. */
  #width = 0;
  /** Final states of the recurrent layer before: the value and its directions. */
  #final: { readonly value: string; readonly directions: number } | null = null;

  constructor(report: ConversionReport) {
    this.#report = report;
  }

  fail(where: string, expected: string, got: string): never {
    throw new ConvertError(this.#report.source, { where: `chain, ${quoted(where)}`, expected, got });
  }

  layer(layer: FoundLayer, settings: Link['settings']): void {
    this.used.push(layer.name);
    switch (layer.kind) {
      case 'Embedding or Linear':
        if (this.#input === null) {
          this.#report.decide(
            'embedding',
            layer.name,
            'it reads ids',
            'it is first in the chain and is a matrix alone',
          );
          this.#begin({ name: 'input', element: 'int', shape: ['batch', 'time'] });
          this.#add(layer.name, 'Embedding', { numEmbeddings: layer.rows, embeddingDim: layer.columns }, layer.columns);
          this.#add('time_major', 'Transpose', { perm: [1, 0, 2] });
          return;
        }
        return this.#linear(layer, { inFeatures: layer.columns, outFeatures: layer.rows, bias: false });
      case 'Linear':
        return this.#linear(layer, layer);
      case 'LSTM':
      case 'GRU':
      case 'RNN':
        return this.#recurrent(layer, settings);
      case 'BatchNorm':
        this.#require(layer, layer.numFeatures);
        return this.#channelsFirst(() =>
          this.#add(layer.name, 'BatchNorm1d', {
            numFeatures: layer.numFeatures,
            affine: layer.affine,
            ...this.#only(layer, settings, 'eps'),
          }),
        );
      case 'LayerNorm':
        this.#require(layer, layer.numFeatures);
        this.#add(layer.name, 'LayerNorm', {
          normalizedShape: [layer.numFeatures],
          ...this.#only(layer, settings, 'eps'),
        });
        return;
      case 'Conv1d':
        return this.#convolution(layer, settings);
      case 'LSTMCell':
      case 'GRUCell':
      case 'RNNCell':
      case 'Conv2d':
      case 'parameters':
        return this.fail(
          layer.name,
          'a layer that a chain can have',
          `${layer.kind}, which needs a network of its own`,
        );
      default:
        throw layer satisfies never;
    }
  }

  function(name: keyof typeof functions): void {
    if (this.#input === null) this.fail(name, 'a layer first', 'a function');
    switch (name) {
      case 'relu':
        this.#add(name, 'Relu');
        return;
      case 'tanh':
        this.#add(name, 'Tanh');
        return;
      case 'sigmoid':
        this.#add(name, 'Sigmoid');
        return;
      case 'softmax':
        this.#add(name, 'Softmax', { axis: -1 });
        return;
      case 'last':
        this.#overTime(name);
        this.#add(name, 'Select', { axis: 0, index: -1 });
        return;
      case 'mean':
        this.#overTime(name);
        this.#add(name, 'ReduceMean', { axes: [0], keepdims: 0 });
        return;
      case 'final': {
        const final = this.#final ?? this.fail(name, 'a recurrent layer just before', 'none');
        this.#overTime(name);
        const top = Array.from({ length: final.directions }, (_, d) => d - final.directions);
        const states = top.map((index) => {
          this.#value = final.value;
          this.#add(name, 'Select', { axis: 0, index });
          return this.#value;
        });
        if (states.length > 1) this.#node(name, 'Concat', states, { axis: 1 });
        return;
      }
      default:
        throw name satisfies never;
    }
  }

  graph(): GraphSpec {
    const input = this.#input ?? this.fail('', 'at least one layer', 'none');
    if (this.#form === 'steps') this.#add('batch_first', 'Transpose', { perm: [1, 0, 2] });
    this.#node('output', 'Identity', [this.#value], {}, ['output']);
    const shape = this.#form === 'steps' ? ['batch', 'steps', this.#width] : ['batch', this.#width];
    return { inputs: [input], outputs: [{ name: 'output', element: 'float', shape }], nodes: this.#nodes };
  }

  #linear(
    layer: FoundLayer,
    {
      inFeatures,
      outFeatures,
      bias,
    }: { readonly inFeatures: number; readonly outFeatures: number; readonly bias: boolean },
  ): void {
    this.#require(layer, inFeatures);
    this.#add(layer.name, 'Linear', { inFeatures, outFeatures, bias }, outFeatures);
  }

  #recurrent(layer: FoundLayer & { readonly kind: 'LSTM' | 'GRU' | 'RNN' }, settings: Link['settings']): void {
    const { kind, inputSize, hiddenSize, numLayers, bidirectional, bias, projSize } = layer;
    this.#require(layer, inputSize);
    if (this.#form !== 'steps') this.fail(layer.name, 'a sequence', 'one vector of each row');
    const { relu = 0 } = this.#only(layer, settings, ...(kind === 'RNN' ? ['relu'] : []));
    const width = (bidirectional ? 2 : 1) * (projSize || hiddenSize);
    this.#node(
      layer.name,
      `${kind}Layer`,
      [this.#value],
      {
        inputSize,
        hiddenSize,
        numLayers,
        bidirectional,
        bias,
        ...(kind === 'RNN' && { nonlinearity: relu ? 'relu' : 'tanh' }),
        ...(kind === 'LSTM' && projSize > 0 && { projSize }),
      },
      [`${layer.name}.output`, `${layer.name}.state`],
    );
    this.#width = width;
    this.#final = { value: this.#nodes.at(-1)?.outputs[1] as string, directions: bidirectional ? 2 : 1 };
  }

  #convolution(layer: FoundLayer & { readonly kind: 'Conv1d' | 'Conv2d' }, settings: Link['settings']): void {
    const [outChannels, perGroup, kernelSize] = layer.shape;
    const { groups = 1, ...window } = this.#only(layer, settings, 'stride', 'padding', 'dilation', 'groups');
    const inChannels = perGroup * groups;
    this.#require(layer, inChannels);
    if (this.#form !== 'steps') this.fail(layer.name, 'a sequence', 'one vector of each row');
    const attributes = { inChannels, outChannels, kernelSize, groups, bias: layer.bias, ...window };
    this.#channelsFirst(() => this.#add(layer.name, 'Conv1dLayer', attributes, outChannels));
  }

  /** Runs what reads [B, C, n] on steps [T, B, C]; vectors [B, C] go as they are. */
  #channelsFirst(add: () => void): void {
    if (this.#form === 'steps') this.#add('channels_first', 'Transpose', { perm: [1, 2, 0] });
    add();
    if (this.#form === 'steps') this.#add('time_major', 'Transpose', { perm: [2, 0, 1] });
  }

  /** Begins the graph at the first layer, and checks the width of what comes in. */
  #require(layer: FoundLayer, width: number): void {
    if (this.#input === null) {
      this.#begin({ name: 'input', element: 'float', shape: ['batch', 'time', width] });
      this.#add('time_major', 'Transpose', { perm: [1, 0, 2] }, width);
    } else if (this.#width !== width) {
      this.fail(layer.name, `a layer that reads ${this.#width} numbers`, `one that reads ${width}`);
    }
  }

  #overTime(name: string): void {
    if (this.#form !== 'steps') this.fail(name, 'a sequence', 'one vector of each row');
    this.#form = 'vectors';
  }

  #only(layer: FoundLayer, settings: Link['settings'], ...known: readonly string[]): Readonly<Record<string, number>> {
    for (const name of Object.keys(settings))
      if (!known.includes(name))
        this.fail(layer.name, known.length > 0 ? `settings ${known.join(', ')}` : 'no settings', quoted(name));
    return settings;
  }

  #begin(input: GraphPort): void {
    this.#input = input;
    this.#value = input.name;
  }

  #add(name: string, op: string, attributes: Record<string, GraphAttribute> = {}, width = this.#width): void {
    this.#node(name, op, [this.#value], attributes);
    this.#width = width;
  }

  /** A node whose first output is the chain's value. Layers keep their names; a second use of one shares its parameters. */
  #node(
    layer: string,
    op: string,
    inputs: readonly string[],
    attributes: Record<string, GraphAttribute>,
    outputs: readonly string[] = [`${layer}.output`],
  ): void {
    const names = outputs.map((name) => (name === 'output' ? name : this.#unique(name)));
    this.#nodes.push({ name: `${layer}#${this.#nodes.length}`, op, layer, inputs, outputs: names, attributes });
    this.#value = names[0];
    this.#final = null;
  }

  #unique(name: string): string {
    return `${name}#${this.#nodes.length}`;
  }
}

/** The weights under the names of the graph's module, which are those of the file. */
function weightsOf(layers: ReadonlyMap<string, FoundLayer>, used: ReadonlySet<string>): ImportedNetwork['tensors'] {
  const weights = new Map<string, () => SavedTensor>();
  for (const [name, { arrays }] of layers) {
    if (!used.has(name)) continue;
    for (const [key, array] of arrays) weights.set(name ? `${name}.${key}` : key, () => saved(key, array));
    // Checkpoints before PyTorch 0.4.1 do not count batches.
    if (arrays.has('running_mean') && !arrays.has('num_batches_tracked'))
      weights.set(`${name}.num_batches_tracked`, () => ({ dtype: 'int32', shape: [], data: new Int32Array(1) }));
  }
  return weights;
}

function saved(key: string, array: StoredArray): SavedTensor {
  if (key !== 'num_batches_tracked') return array.saved();
  return { dtype: 'int32', shape: [], data: Int32Array.from(array.values()) };
}
