// A network of another system that reads images for a model of ours: a pretrained CNN without its classification head. It stands where a ConvNet stands, and
// takes the same images; what else the network was trained to be given (its mean, its order of the channels) is part of it.

import { requireEach, requireKinds, requireOneOf, requireSizes, shown } from '../checks.ts';
import { checkOptions, OptionError, ShapeError } from '../errors.ts';
import { Module, type Parameter } from '../nn/module.ts';
import { noGrad } from '../tensor/autograd.ts';
import { tensor } from '../tensor/create.ts';
import { globalAvgPool2d } from '../tensor/ops/pooling.ts';
import { cat } from '../tensor/ops/shaping.ts';
import { requireImages } from '../tensor/ops/window.ts';
import { Tensor } from '../tensor/tensor.ts';
import { cutGraph } from './cut.ts';
import { type ChannelAxis, featureLayer } from './feature-layer.ts';
import { GraphModel } from './graph-model.ts';
import type { GraphPort, GraphSpec } from './spec.ts';

/** How images become what a pretrained network was trained on. */
export interface ImagePreprocessing {
  /** Where the network's input has the channels. Default: where it has 3 of them. */
  readonly layout?: ChannelAxis;
  /** Default 'rgb'. */
  readonly channelOrder?: 'rgb' | 'bgr';
  /** Of red, green and blue, pixel values being from 0 to 1: what is subtracted. Default [0, 0, 0]. */
  readonly mean?: readonly number[];
  /** What the rest is divided by. Default [1, 1, 1]. */
  readonly std?: readonly number[];
}

/** Options of `GraphEncoder`, all of which `GraphEncoder.of` finds. */
export interface GraphEncoderOptions extends ImagePreprocessing {
  /** The network: one input, which is images, and one output, which is features. */
  readonly graph: GraphSpec;
  /** Height and width of the images. */
  readonly inputSize: readonly [number, number];
  /** Channels of the images: 3. */
  readonly inChannels?: number;
  /** Channels of the map, or numbers of the vector. */
  readonly outChannels: number;
  /** Rows and columns of the map; [1, 1] for a vector. */
  readonly mapSize: readonly [number, number];
  /** Where the map has its channels. */
  readonly mapLayout: ChannelAxis | 'vector';
  /** The layer whose output the features are, for descriptions. */
  readonly layer?: string;
  /** What the network came from, for descriptions: a file's name and its SHA-256. Default null. */
  readonly source?: { readonly name: string; readonly sha256: string } | null;
  /** Whether it is fine-tuned. A frozen one keeps its weights, which are no parameters then. Default false. */
  readonly trained?: boolean;
}

/** Options of a `GraphEncoder`, defaults filled in. */
export type GraphEncoderConfig = Required<GraphEncoderOptions>;

/** Options of `GraphEncoder.of`. */
export interface PretrainedOptions
  extends ImagePreprocessing,
    Pick<GraphEncoderOptions, 'inputSize' | 'source' | 'trained'> {
  /** The layer whose output is taken, by its name. Default: the last feature map, before the classification head. */
  readonly layer?: string | null;
}

const who = 'GraphEncoder';
const axes: readonly ChannelAxis[] = ['channels-first', 'channels-last'];

/**
 * Reads images [B, 3, h, w], pixel values from 0 to 1, with a network of another system:
 *
 *     const network = (await readModel('mobilenet.onnx')).module();
 *     const encoder = GraphEncoder.of(network, { inputSize: [224, 224], mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
 *     const { map, pooled } = encoder.forward(images);      // [B, 1280, 7, 7] and its mean over all places, [B, 1280]
 *     const model = new Captioner({ vocabularySize, encoder });
 *
 * The network is in evaluation mode always: its batch norms use what they measured when it was trained, in fine-tuning too.
 */
export class GraphEncoder extends Module {
  readonly config: GraphEncoderConfig;
  readonly network: GraphModel;

  /** `network`: with weights already; default: made from the graph, for weights that are loaded. */
  constructor(options: GraphEncoderOptions, network?: GraphModel) {
    super();
    this.config = complete(options);
    this.network = (network ?? new GraphModel({ graph: this.config.graph })).eval();
  }

  /**
   * The part of a network up to its features, with its weights. Throws an OptionError for a network that does not read images of this size or has no such
   * layer.
   */
  static of(network: GraphModel, options: PretrainedOptions): GraphEncoder {
    requireKinds(`${who}.of`, { network, options }, { network: 'module', options: 'object' });
    checkOptions(`${who}.of`, options, [
      'inputSize',
      'layer',
      'layout',
      'channelOrder',
      'mean',
      'std',
      'source',
      'trained',
    ]);
    const { layer = null, inputSize, ...rest } = options;
    if (options.layout !== undefined) requireOneOf(who, 'layout', options.layout, axes);
    requirePair('inputSize', inputSize);
    const [height, width] = inputSize;
    const graph = anyBatch(network.graph);
    const layout = options.layout ?? layoutOf(graph.inputs[0]);
    const shape = layout === 'channels-first' ? [2, 3, height, width] : [2, height, width, 3];
    requireFits(graph.inputs[0], shape);
    const found = featureLayer(who, graph, shape, layout, layer);
    const cut = cutGraph(graph, [{ name: found.name, element: 'float', shape: null }]);
    const all = new Map(network.namedState());
    const part = new GraphModel({ graph: cut });
    for (const [name, value] of part.namedState()) value.set(all.get(name) as Tensor);
    return new GraphEncoder(
      {
        ...rest,
        inputSize,
        layout,
        graph: cut,
        outChannels: found.channels,
        mapSize: found.mapSize,
        mapLayout: found.layout,
        layer: found.node,
      },
      part,
    );
  }

  /** Channels of the map and of the pooled vector. */
  get outChannels(): number {
    return this.config.outChannels;
  }

  /** Height and width of the map. */
  get mapSize(): readonly [number, number] {
    return this.config.mapSize;
  }

  /** Images x [B, 3, h, w], pixel values from 0 to 1 → map [B, C, h', w'] and its mean over all places, pooled [B, C]. */
  forward(x: Tensor): { map: Tensor; pooled: Tensor } {
    requireImages(who, x);
    const [B, ...size] = x.shape;
    const { inChannels, inputSize, trained } = this.config;
    if (size.join() !== [inChannels, ...inputSize].join())
      throw new ShapeError(who, 'images', ['B', inChannels, ...inputSize], x.shape);
    const see = () => this.#map(this.#network(this.#prepared(x)), B);
    const map = trained ? see() : noGrad(see);
    return { map, pooled: globalAvgPool2d(map) };
  }

  /** A map [B, C, h', w'] as rows for attention, place by place: [B, h'·w', C]. */
  regions(map: Tensor): Tensor {
    requireImages(`${who}.regions`, map);
    return map.flatten(2).transpose(1, 2);
  }

  #network(x: Tensor): Tensor {
    const [{ name: input }] = this.config.graph.inputs;
    const [{ name: output }] = this.config.graph.outputs;
    return this.network.forward({ [input]: x })[output] as Tensor;
  }

  /** [B, 3, h, w] from 0 to 1 → what the network was trained on. */
  #prepared(x: Tensor): Tensor {
    const { mean, std, channelOrder, layout } = this.config;
    const like = { dtype: x.dtype as 'float32', backend: x.backend };
    let y = mean.some((m) => m !== 0) ? x.sub(tensor(mean, [1, 3, 1, 1], like)) : x;
    if (std.some((s) => s !== 1)) y = y.div(tensor(std, [1, 3, 1, 1], like));
    if (channelOrder === 'bgr') y = cat([y.slice(1, 2, 3), y.slice(1, 1, 2), y.slice(1, 0, 1)], 1);
    return layout === 'channels-first' ? y : y.permute(0, 2, 3, 1);
  }

  #map(y: Tensor, B: number): Tensor {
    const { outChannels: C, mapSize, mapLayout } = this.config;
    const expected = {
      vector: [B, C],
      'channels-first': [B, C, ...mapSize],
      'channels-last': [B, ...mapSize, C],
    }[mapLayout];
    if (!(y instanceof Tensor) || y.shape.join() !== expected.join())
      throw new ShapeError(who, 'features', expected, y instanceof Tensor ? y.shape : []);
    if (mapLayout === 'vector') return y.reshape(B, C, 1, 1);
    return mapLayout === 'channels-first' ? y : y.permute(0, 3, 1, 2);
  }

  /** None of a frozen network. */
  override *namedParameters(prefix = ''): Generator<[name: string, parameter: Parameter]> {
    if (this.config.trained) yield* super.namedParameters(prefix);
  }

  /** The network stays in evaluation mode. */
  override train(mode = true): this {
    super.train(mode);
    this.network.eval();
    return this;
  }

  protected override describe(): string {
    const { layer, inputSize, outChannels, mapSize } = this.config;
    return `${inputSize.join('×')} → ${layer} ${outChannels}×${mapSize.join('×')}`;
  }
}

function complete(options: GraphEncoderOptions): GraphEncoderConfig {
  requireKinds(who, { options }, { options: { graph: 'object', inputSize: 'numbers', mapSize: 'numbers' } });
  const config: GraphEncoderConfig = {
    graph: options.graph,
    inputSize: options.inputSize,
    inChannels: options.inChannels ?? 3,
    layout: options.layout ?? 'channels-first',
    channelOrder: options.channelOrder ?? 'rgb',
    mean: options.mean ?? [0, 0, 0],
    std: options.std ?? [1, 1, 1],
    outChannels: options.outChannels,
    mapSize: options.mapSize,
    mapLayout: options.mapLayout,
    layer: options.layer ?? '',
    source: options.source ?? null,
    trained: options.trained ?? false,
  };
  checkOptions(who, options, Object.keys(config));
  requireSizes(who, { outChannels: config.outChannels });
  requirePair('inputSize', config.inputSize);
  requirePair('mapSize', config.mapSize);
  requireOneOf(who, 'layout', config.layout, axes);
  requireOneOf(who, 'mapLayout', config.mapLayout, [...axes, 'vector']);
  requireOneOf(who, 'channelOrder', config.channelOrder, ['rgb', 'bgr']);
  if (config.inChannels !== 3) throw new OptionError(who, 'inChannels', `expected 3, got ${shown(config.inChannels)}`);
  if (typeof config.trained !== 'boolean')
    throw new OptionError(who, 'trained', `expected true or false, got ${shown(config.trained)}`);
  for (const name of ['mean', 'std'] as const) {
    const numbers = config[name];
    const fits = (n: number) => Number.isFinite(n) && (name === 'mean' || n > 0);
    if (!Array.isArray(numbers) || numbers.length !== 3 || !numbers.every(fits))
      throw new OptionError(
        who,
        name,
        `expected three numbers${name === 'std' ? ' above 0' : ''}, for red, green and blue, got ${shown(numbers)}`,
      );
  }
  const { inputs, outputs } = Object(config.graph) as Partial<GraphSpec>;
  if (inputs?.length !== 1 || outputs?.length !== 1)
    throw new OptionError(who, 'graph', 'expected one input, which is images, and one output, which is features');
  return config;
}

function requirePair(name: string, pair: readonly number[]): void {
  requireEach(who, name, pair, (whose, option, n) => requireSizes(whose, { [option]: n as number }));
  if (pair.length !== 2) throw new OptionError(who, name, `expected height and width, got ${shown(pair)}`);
}

/** The graph for any number of images: many files were written for one. */
function anyBatch(graph: GraphSpec): GraphSpec {
  const [input] = graph.inputs;
  if (graph.inputs.filter(({ optional }) => !optional).length !== 1 || !input.shape || input.shape.length !== 4)
    throw new OptionError(
      who,
      'network',
      `expected a network with one input, images [B, 3, h, w] or [B, h, w, 3], got ${graph.inputs.map(({ name, shape }) => `${name} [${shape?.join(', ') ?? '…'}]`).join(', ')}`,
    );
  const [, ...rest] = input.shape;
  return { ...graph, inputs: [{ ...input, shape: ['batch', ...rest] }], states: [] };
}

function layoutOf({ shape, name }: GraphPort): ChannelAxis {
  const [, second, , last] = shape ?? [];
  if (second === 3 && last !== 3) return 'channels-first';
  if (last === 3 && second !== 3) return 'channels-last';
  throw new OptionError(
    who,
    'layout',
    `the shape [${shape?.join(', ') ?? '…'}] of the input ${name} does not say which axis has the three channels; say channels-first or channels-last`,
  );
}

function requireFits({ name, shape }: GraphPort, images: readonly number[]): void {
  if (shape?.every((d, i) => typeof d === 'string' || d === images[i])) return;
  throw new OptionError(
    who,
    'inputSize',
    `the network's input ${name} is [${shape?.join(', ') ?? '…'}], which images of [${images.join(', ')}] do not fit`,
  );
}
