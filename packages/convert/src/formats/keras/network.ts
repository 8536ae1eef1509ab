// Networks of Keras: Sequential and Functional, models in models, layers that are called several times.

import { ConvertError, quoted } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ImportedNetwork } from '../../model/imported-model.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { isRecord, LayerConfig, layerOf, shown } from './layer-config.ts';
import { converters, refusals, worksOnSteps } from './layers/index.ts';
import { LayerArrays, type LayerPlace, type WeightSource } from './weights.ts';

/** What the models have in common. */
export interface NetworkContext {
  readonly builder: GraphBuilder;
  readonly weights: WeightSource;
}

/** A reference to what a layer gives: its name, which of its calls, and which of its outputs. */
export type TensorKey = readonly [layer: string, call: number, output: number];

/** The network of a model's configuration, `{ class_name, config }`. What does not convert becomes a problem of the report. */
export function networkOf(json: unknown, { builder, weights }: NetworkContext): ImportedNetwork | null {
  const model = layerOf(json, builder.report.source);
  if (!model || !isModel(model))
    throw new ConvertError(builder.report.source, {
      where: 'model config',
      expected: 'a Sequential or Functional model',
      got: model ? model.className.slice(0, 60) : shown(json),
      advice:
        'a model that is a class of its own has no configuration that says what it computes; save it as a Functional model',
    });
  const network = new KerasNetwork({ builder, weights });
  try {
    network.outermost(json as Readonly<Record<string, unknown>>);
  } catch (error) {
    if (!(error instanceof TooManyProblems)) throw error; // the report has them
  }
  return builder.report.problems.length === 0 ? builder.network() : null;
}

function isModel({ className }: LayerConfig): boolean {
  return ['Sequential', 'Functional', 'Model'].includes(className);
}

/** Calls of layers that are looked at in vain, since what they read comes later in the file. */
const mostTries = 2_000_000;

/** Layers that do not convert, of which more tell nothing. */
const mostProblems = 1000;

class TooManyProblems extends Error {}

class KerasNetwork {
  readonly #builder: GraphBuilder;
  readonly #weights: WeightSource;
  /** The arrays that a layer took the first time; its further calls share them. */
  readonly #arrays = new Map<string, readonly LayerArrays['taken'][number][]>();

  constructor({ builder, weights }: NetworkContext) {
    this.#builder = builder;
    this.#weights = weights;
  }

  outermost(json: Readonly<Record<string, unknown>>): void {
    const outputs = this.model(json, null, []);
    const names = isRecord(json.config) ? namesOf(json.config.output_layers) : null;
    for (const [i, { name }] of outputs.entries())
      this.#builder.output(names?.[i] ?? (outputs.length === 1 ? 'output' : `output_${i}`), name);
  }

  /** The outputs of a model for its inputs; of the outermost one, the inputs are the graph's. */
  model(
    json: Readonly<Record<string, unknown>>,
    inputs: readonly Value[] | null,
    path: readonly LayerPlace[],
  ): readonly Value[] {
    if (path.length > limits.depth) this.#fail('model config', `at most ${limits.depth} models in models`, 'more');
    const { config } = json;
    const list = Array.isArray(config) ? (config as unknown[]) : isRecord(config) ? config.layers : null;
    if (!Array.isArray(list) || list.length > limits.nodes)
      return this.#fail('model config', 'a list of layers', shown(list));
    const counts = new Map<string, number>();
    const layers = list.map((one: unknown) => {
      const layer = layerOf(one, this.#builder.report.source) ?? this.#fail('model config', 'a layer', shown(one));
      const { className } = layer;
      const index = className === 'InputLayer' ? 0 : (counts.get(className) ?? 0);
      counts.set(className, index + 1);
      return { json: one as Readonly<Record<string, unknown>>, layer, place: { name: layer.name, className, index } };
    });
    return json.class_name === 'Sequential'
      ? this.#sequential(layers, inputs, path)
      : this.#functional(layers, isRecord(config) ? config : {}, inputs, path);
  }

  #sequential(
    layers: readonly Placed[],
    inputs: readonly Value[] | null,
    path: readonly LayerPlace[],
  ): readonly Value[] {
    let values = inputs ?? [this.#input(layers, 'input')];
    const { problems } = this.#builder.report;
    for (const { json, layer, place } of layers) {
      const before = problems.length;
      if (layer.className !== 'InputLayer') values = this.#call(json, layer, values, [], [...path, place]);
      if (problems.length > before) values = values.slice(0, 1); // the layers behind it have problems of their own only
    }
    return values;
  }

  #functional(
    layers: readonly Placed[],
    config: Readonly<Record<string, unknown>>,
    inputs: readonly Value[] | null,
    path: readonly LayerPlace[],
  ): readonly Value[] {
    const known = new Map<string, readonly Value[]>(); // by layer and call
    const byName = new Map(layers.map((one) => [one.layer.name, one]).reverse() as [string, Placed][]); // the first of a name
    const inputKeys =
      tensorKeys(config.input_layers) ?? this.#fail('model config', 'input_layers', shown(config.input_layers));
    for (const [i, [name]] of inputKeys.entries()) {
      const layer = byName.get(name) ?? this.#fail('input_layers', 'a layer of the model', quoted(name));
      known.set(`${name}\u0000${0}`, [
        inputs
          ? (inputs[i] ?? this.#fail(quoted(name), `${inputKeys.length} inputs`, String(inputs.length)))
          : this.#input([layer], name),
      ]);
    }
    // Layers stand in no order that can be relied on: each is called once what it reads is there.
    const made = new Set(layers.filter(({ layer }) => maskOps.has(layer.className)).map(({ layer }) => layer.name));
    const waiting = layers.flatMap((layer) =>
      layer.layer.className === 'InputLayer' || made.has(layer.layer.name)
        ? []
        : callsOf(layer.json.inbound_nodes).map((call, k) => ({ ...layer, call, k })),
    );
    const resolve = (key: TensorKey): Value | undefined => known.get(`${key[0]}\u0000${key[1]}`)?.[key[2]];
    let tried = 0;
    for (let left = waiting; left.length > 0; ) {
      tried += left.length;
      if (tried > mostTries + waiting.length)
        this.#fail('model config', 'layers in about the order in which they are called', 'another order of very many');
      const later: typeof left = [];
      for (const one of left) {
        const call = one.call ?? this.#fail(quoted(one.layer.name), 'inbound_nodes that are known', 'others');
        const values = call.inputs.map(resolve);
        const states = call.states.map(resolve);
        if (!values.every((v) => v !== undefined) || !states.every((v) => v !== undefined)) later.push(one);
        else {
          const masked = this.#masked(values, call.masks, made, resolve);
          if (!masked)
            this.#fail(
              quoted(one.layer.name),
              'masks that Embedding(mask_zero=True) or Masking make, or that are an input of the model',
              'another mask as an argument',
            );
          // A recurrent layer's states may stand among its inputs.
          const isRecurrent = ['SimpleRNN', 'LSTM', 'GRU', 'CuDNNLSTM', 'CuDNNGRU', 'RNN', 'Bidirectional'].includes(
            one.layer.className,
          );
          const [first, ...others] = masked;
          const [own, before] = isRecurrent && states.length === 0 ? [[first], others] : [masked, states];
          known.set(
            `${one.layer.name}\u0000${one.k}`,
            this.#call(one.json, one.layer, own, before, [...path, one.place], call.arguments),
          );
        }
      }
      if (later.length === left.length)
        this.#fail(
          quoted(left[0].layer.name),
          'inputs that other layers give',
          'a layer that reads what nothing gives, or itself',
        );
      left = later;
    }
    const outputKeys =
      tensorKeys(config.output_layers) ?? this.#fail('model config', 'output_layers', shown(config.output_layers));
    return outputKeys.map((key) => resolve(key) ?? this.#fail('output_layers', 'an output of a layer', quoted(key[0])));
  }

  /** What a layer reads, with the mask that is its argument: one that the layers before say already, or an input of the model. Null for another one. */
  #masked(
    values: readonly Value[],
    masks: readonly TensorKey[],
    made: ReadonlySet<string>,
    resolve: (key: TensorKey) => Value | undefined,
  ): readonly Value[] | null {
    if (masks.length === 0) return values;
    if (masks.every(([name]) => made.has(name))) return values.some(({ mask }) => mask !== null) ? values : null;
    const given = resolve(masks[0]);
    if (masks.length > 1 || !given || !this.#builder.isMask(given.name)) return null;
    this.#builder.report.decide('padding', null, `${given.name}: true at the steps that count`, 'a mask as an input');
    return values.map((value, i) => (i === 0 ? { name: value.name, mask: given.name } : value));
  }

  /** An input of the graph. Its shape is that of the InputLayer, or what the first layer was built for. */
  #input(layers: readonly Placed[], name: string): Value {
    const [first] = layers;
    const config = first?.layer;
    const shape = config ? (config.value('batch_shape') ?? config.value('batch_input_shape')) : undefined;
    const length = config?.value('input_length');
    const sizes = Array.isArray(shape)
      ? shape
      : config?.className === 'Embedding'
        ? [null, typeof length === 'number' ? length : null]
        : null;
    if (sizes === null) return { name: this.#builder.input(name, null), mask: null };
    if (
      sizes.length === 0 ||
      sizes.length > limits.axes ||
      !sizes.every((d) => d === null || (Number.isSafeInteger(d) && (d as number) >= 0))
    )
      this.#fail(quoted(name), 'a shape of sizes and null', shown(shape));
    const dimension = (d: unknown, axis: number) => {
      if (axis === 0) return 'batch';
      return typeof d === 'number' ? d : `${name === 'input' ? '' : `${name}.`}${axis === 1 ? 'time' : `size_${axis}`}`;
    };
    const element = config?.value('dtype') === 'bool' ? 'bool' : 'float';
    return { name: this.#builder.input(name, sizes.map(dimension), false, element), mask: null };
  }

  /** One call of a layer, or of a model that is one. A layer that does not convert is a problem, and the rest goes on. */
  #call(
    json: Readonly<Record<string, unknown>>,
    layer: LayerConfig,
    inputs: readonly Value[],
    states: readonly Value[],
    path: readonly LayerPlace[],
    args: CallArguments = {},
  ): readonly Value[] {
    if (isModel(layer)) return this.model(json, inputs, path);
    try {
      requireKnownArguments(layer, args);
      return this.#convert(layer, inputs, states, path, args);
    } catch (error) {
      if (!(error instanceof ConvertError)) throw error;
      const { problems } = this.#builder.report;
      this.#builder.report.problem(error.fault);
      if (problems.length >= mostProblems) throw new TooManyProblems('the rest is not looked at');
      return [inputs[0], inputs[0], inputs[0]]; // something to go on with: the network is not made
    }
  }

  #convert(
    layer: LayerConfig,
    inputs: readonly Value[],
    states: readonly Value[],
    path: readonly LayerPlace[],
    args: CallArguments,
  ): readonly Value[] {
    const { report } = this.#builder;
    const name = path.map((place) => place.name).join('/');
    const again = this.#arrays.get(name);
    const source = again ? { of: () => again, unnamed: [] } : this.#weights;
    const arrays = new LayerArrays(source, path, layer.where, report);
    const settings = layer.className === 'TimeDistributed' ? layer.layer('layer') : layer;
    const convert = converters.get(settings.className) ?? unknown(settings);
    const call = (own: readonly Value[]) =>
      convert({ config: settings, path: name, inputs: own, arrays, builder: this.#builder, states, arguments: args });
    const values = settings === layer ? call(inputs) : this.#timeDistributed(name, settings, inputs, call);
    settings.requireAllRead();
    if (settings !== layer) layer.requireAllRead();
    arrays.requireAllTaken();
    if (!again) {
      this.#arrays.set(name, arrays.taken);
      const kind = settings === layer ? layer.className : `TimeDistributed(${settings.className})`;
      const shapes = arrays.taken.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');
      const parameters = arrays.taken.reduce((sum, { size }) => sum + size, 0);
      this.#builder.layers.push({ name, kind: kindOf(layer, kind), settings: shapes, output: null, parameters });
    }
    return values;
  }

  #timeDistributed(
    name: string,
    inner: LayerConfig,
    inputs: readonly Value[],
    call: (inputs: readonly Value[]) => readonly Value[],
  ): readonly Value[] {
    const [input, ...others] = inputs;
    if (others.length > 0) inner.fail('one input of TimeDistributed', String(inputs.length));
    const [{ name: value }] = worksOnSteps.has(inner.className)
      ? call([{ ...input, mask: null }])
      : call([{ name: this.#builder.node('KerasFold', `${name}.fold`, [input.name])[0], mask: null }]);
    if (worksOnSteps.has(inner.className)) return [{ name: value, mask: input.mask }];
    return [{ name: this.#builder.node('KerasUnfold', `${name}.unfold`, [value, input.name])[0], mask: input.mask }];
  }

  #fail(where: string, expected: string, got: string): never {
    throw new ConvertError(this.#builder.report.source, { where, expected, got });
  }
}

interface Placed {
  readonly json: Readonly<Record<string, unknown>>;
  readonly layer: LayerConfig;
  readonly place: LayerPlace;
}

function unknown(layer: LayerConfig): never {
  const { className } = layer;
  if (Object.hasOwn(refusals, className))
    layer.fail('a layer that converts', `${className}, which ${refusals[className]}`);
  return layer.fail('a layer that converts', quoted(className), 'docs/convert.md has the table of layers');
}

function kindOf(layer: LayerConfig, kind: string): string {
  const inner =
    layer.className === 'Bidirectional' ? layer.value('layer') : layer.className === 'RNN' ? layer.value('cell') : null;
  return isRecord(inner) && typeof inner.class_name === 'string' ? `${kind}(${inner.class_name})` : kind;
}

/** `['name', 0, 0]`, or a list of such, or (Keras 3) an object of them. */
function tensorKeys(json: unknown): readonly TensorKey[] | null {
  if (isKey(json)) return [[json[0], json[1], json[2]]];
  const list = Array.isArray(json) ? (json as unknown[]) : isRecord(json) ? Object.values(json) : null;
  if (!list || list.length === 0 || !list.every(isKey)) return null;
  return list.map((key) => [key[0], key[1], key[2]] as const);
}

/** The names of outputs that go by name, which they do in Keras 3. */
function namesOf(json: unknown): readonly string[] | null {
  return isRecord(json) ? Object.keys(json) : null;
}

function isKey(json: unknown): json is readonly [string, number, number] {
  return (
    Array.isArray(json) && typeof json[0] === 'string' && Number.isSafeInteger(json[1]) && Number.isSafeInteger(json[2])
  );
}

interface InboundCall {
  readonly inputs: readonly TensorKey[];
  readonly states: readonly TensorKey[];
  /** Masks that are given as arguments. */
  readonly masks: readonly TensorKey[];
  /** Arguments that are no tensors. */
  readonly arguments: CallArguments;
}

type CallArguments = Readonly<Record<string, unknown>>;

/** Arguments that are tensors, or that change nothing: what a layer does in prediction. */
const tensorArguments: ReadonlySet<string> = new Set(['inputs', 'initial_state', 'mask', 'name']);

/** Refuses arguments of a call that change what the layer computes, where its converter does not read them. */
function requireKnownArguments(layer: LayerConfig, args: CallArguments): void {
  for (const [name, value] of Object.entries(args)) {
    if (value === null || value === false || tensorArguments.has(name)) continue;
    if (name === 'use_causal_mask' && value === true && layer.className.endsWith('Attention')) continue;
    if (name === 'training')
      layer.fail('a layer that is called for prediction', 'training=True in its call', 'leave the argument out');
    layer.fail('arguments of a call that are known here', `${quoted(name)}: ${shown(value)}`);
  }
}

/** Keras 3 writes the making of a mask as layers of the network: they say again what the masks of the layers say. */
const maskOps: ReadonlySet<string> = new Set(['NotEqual', 'Any', 'All', 'LogicalAnd', 'LogicalOr']);

/** The calls of a layer. Keras 2: lists of [name, call, output, settings]. Keras 3: { args, kwargs } with tensors in them. Null for other JSON. */
function callsOf(json: unknown): readonly (InboundCall | null)[] {
  if (!Array.isArray(json)) return [null];
  return json.map((call: unknown) => (isRecord(call) ? kerasThreeCall(call) : kerasTwoCall(call)));
}

function kerasTwoCall(call: unknown): InboundCall | null {
  const list = isKey(call) ? [call] : call;
  if (!Array.isArray(list) || list.length === 0 || !list.every(isKey)) return null;
  const keys = list.map((key) => [key[0], key[1], key[2]] as const);
  const settings: unknown = (list[0] as readonly unknown[])[3];
  const states = isRecord(settings) ? settings.initial_state : undefined;
  const mask = isRecord(settings) ? (settings.mask ?? null) : null;
  const of = states === undefined || states === null ? [] : tensorKeys(states);
  const masks = mask === null ? [] : tensorKeys(mask);
  const args = isRecord(settings) ? settings : {};
  return of && masks ? { inputs: keys, states: of, masks, arguments: args } : null;
}

function kerasThreeCall({ args, kwargs }: Readonly<Record<string, unknown>>): InboundCall | null {
  const tensors = (json: unknown, depth = 0): readonly TensorKey[] => {
    if (depth > 8) return [];
    if (Array.isArray(json)) return json.flatMap((one: unknown) => tensors(one, depth + 1));
    if (!isRecord(json)) return [];
    const { class_name: className, config } = json;
    if (className !== '__keras_tensor__') return Object.values(json).flatMap((one) => tensors(one, depth + 1));
    const history = isRecord(config) ? config.keras_history : null;
    return isKey(history) ? [[history[0], history[1], history[2]]] : [];
  };
  const named = isRecord(kwargs) ? kwargs : {};
  const inputs = [...tensors(args), ...tensors(named.inputs ?? null)];
  const [states, masks] = [tensors(named.initial_state ?? null), tensors(named.mask ?? null)];
  return inputs.length > 0 ? { inputs, states, masks, arguments: named } : null;
}
