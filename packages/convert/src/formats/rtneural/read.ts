// RTNeural's JSON: small networks for audio, in the layout of Keras (`in_shape` and `layers`) or as a state dict of PyTorch. They run sample by sample, so
// that recurrent layers carry their states from one piece of sound to the next.

import type { StoredArray } from '../../arrays/stored-array.ts';
import { ConvertError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ModelContents } from '../../model/imported-model.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { ModelFiles } from '../../source/contained.ts';
import { weightsAlone } from '../contents.ts';
import type { ReadOptions } from '../format.ts';
import { parsedJson } from '../json.ts';
import { kerasContents } from '../keras/contents.ts';
import { isRecord, shown } from '../keras/layer-config.ts';
import type { LayerPlace, WeightSource } from '../keras/weights.ts';
import { nestedArray } from '../nested-array.ts';

export async function read(files: ModelFiles, report: ConversionReport, options: ReadOptions): Promise<ModelContents> {
  const json = parsedJson(await files.bytes(files.main, limits.jsonBytes), files.name, 'the model');
  if (!isRecord(json)) throw new ConvertError(files.name, { expected: 'an object', got: shown(json) });
  return Array.isArray(json.layers) ? kerasLayout(json, report) : torchLayout(json, report, options);
}

/** A state dict: every name a nested list. */
function torchLayout(
  json: Readonly<Record<string, unknown>>,
  report: ConversionReport,
  options: ReadOptions,
): ModelContents {
  const { source } = report;
  const arrays = new Map<string, StoredArray>();
  for (const [name, value] of Object.entries(json)) {
    if (Array.isArray(value) || typeof value === 'number') arrays.set(name, nestedArray(name, value, source));
    else report.skip('entry', name, 'is no array');
  }
  const chain = options.chain ?? layersInOrder(arrays);
  if (options.chain === undefined && chain !== undefined)
    report.decide(
      'network',
      null,
      chain,
      'RTNeural runs layers in the order of the file, and functions between them are not in it',
    );
  return weightsAlone('rtneural', 'pytorch (RTNeural)', arrays, report, {
    ...options,
    ...(chain !== undefined && { chain }),
  });
}

/** The layers of a state dict by their order; undefined where one has a name that a chain cannot have. */
function layersInOrder(arrays: ReadonlyMap<string, StoredArray>): string | undefined {
  const names = [...new Set(Array.from(arrays.keys(), (name) => name.slice(0, Math.max(0, name.lastIndexOf('.')))))];
  return names.length > 0 && names.every((name) => /^[^\s,()]+$/.test(name)) ? names.join(' ') : undefined;
}

/** RTNeural's layers by the names of Keras' layers. */
const classes: Readonly<Record<string, string>> = {
  dense: 'Dense',
  'time-distributed-dense': 'Dense',
  lstm: 'LSTM',
  gru: 'GRU',
  conv1d: 'Conv1D',
  conv2d: 'Conv2D',
  batchnorm: 'BatchNormalization',
  batchnorm2d: 'BatchNormalization',
  prelu: 'PReLU',
  activation: 'Activation',
  // Files of its first years have functions as layers of their own names.
  tanh: 'Activation',
  relu: 'Activation',
  sigmoid: 'Activation',
  softmax: 'Activation',
  elu: 'Activation',
};

function kerasLayout(json: Readonly<Record<string, unknown>>, report: ConversionReport): ModelContents {
  const { source } = report;
  const list = json.layers as readonly unknown[];
  if (list.length > limits.nodes)
    throw new ConvertError(source, { expected: `at most ${limits.nodes} layers`, got: String(list.length) });
  const arrays = new Map<string, StoredArray>();
  const byLayer = new Map<string, readonly StoredArray[]>();
  const layers = list.flatMap((entry, k) => {
    const fail = (expected: string, got: unknown): never => {
      throw new ConvertError(source, { where: `layer ${k}`, expected, got: shown(got) });
    };
    if (!isRecord(entry) || typeof entry.type !== 'string') return fail('a layer with its type', entry);
    const { type, shape, weights } = entry;
    const name = `${type}_${k}`;
    const className = Object.hasOwn(classes, type)
      ? classes[type]
      : fail(`a type, one of ${Object.keys(classes).join(', ')}`, type);
    const size = Array.isArray(shape) ? (shape.at(-1) as unknown) : undefined;
    if (!Number.isSafeInteger(size) || (size as number) < 1)
      return fail('a shape whose last size is the width of the layer', shape);
    const own = Array.isArray(weights)
      ? weights.map((one: unknown, i) => nestedArray(`${name}/${i}`, one, source))
      : [];
    for (const array of own) arrays.set(array.name, array);
    byLayer.set(name, own);
    const { main, after, before } = settingsOf(className, entry, size as number, own);
    const layer = { class_name: className, config: { name, ...main } };
    return [
      ...(before ? [{ class_name: 'ZeroPadding2D', config: { name: `${name}_padding`, padding: before } }] : []),
      layer,
      ...(after === ''
        ? []
        : [{ class_name: 'Activation', config: { name: `${name}_activation`, activation: after } }]),
    ];
  });
  report.decide('states', null, 'recurrent layers carry their states', 'RTNeural runs sample by sample');
  const shape = Array.isArray(json.in_shape) ? (json.in_shape as unknown[]) : [null, null, null];
  const input = {
    class_name: 'InputLayer',
    config: { name: 'input', batch_shape: shape.map((d, axis) => (axis > 1 || axis === shape.length - 1 ? d : null)) },
  };
  const weights: WeightSource = {
    of: (path: readonly LayerPlace[]) => byLayer.get((path.at(-1) as LayerPlace).name) ?? [],
    unnamed: [],
  };
  const config = { class_name: 'Sequential', config: { name: 'rtneural', layers: [input, ...layers] } };
  for (const [name, value] of Object.entries(json))
    if (!['in_shape', 'layers'].includes(name)) report.skip('entry', name, `says ${shown(value)}, and changes nothing`);
  return kerasContents({ format: 'rtneural', producer: 'RTNeural', keras: 2, config, arrays, weights }, report);
}

/** A layer's settings as Keras has them, with the activation that follows it where Keras has none there, and zeros before it. */
interface LayerSettings {
  readonly main: Readonly<Record<string, unknown>>;
  readonly after: string;
  readonly before?: readonly (readonly number[])[];
}

function settingsOf(
  className: string,
  entry: Readonly<Record<string, unknown>>,
  size: number,
  weights: readonly StoredArray[],
): LayerSettings {
  const { type, activation, kernel_size: kernel, dilation, groups, epsilon } = entry;
  const given = typeof activation === 'string' ? activation : '';
  const function_ = given === '' ? 'linear' : given;
  switch (className) {
    case 'Dense':
      return { main: { units: size, activation: function_, use_bias: weights.length > 1 }, after: '' };
    case 'LSTM':
      return { main: { ...recurrent(size, weights), recurrent_activation: 'sigmoid' }, after: '' };
    case 'GRU':
      return { main: { ...recurrent(size, weights), recurrent_activation: 'sigmoid', reset_after: true }, after: '' };
    case 'Conv1D': // causal, as everything that runs sample by sample
      return {
        main: {
          filters: size,
          kernel_size: kernel,
          dilation_rate: dilation ?? 1,
          groups: groups ?? 1,
          padding: 'causal',
          activation: function_,
          use_bias: weights.length > 1,
        },
        after: '',
      };
    case 'BatchNormalization':
      return { main: { epsilon, scale: weights.length > 2, center: weights.length > 2 }, after: given };
    case 'Activation':
      return { main: { activation: type === 'activation' ? function_ : type }, after: given };
    case 'Conv2D':
      return { ...overTimeAndFeatures(entry, weights.length > 1, function_), after: '' };
    default:
      return { main: {}, after: given };
  }
}

/** A convolution over time, which is causal, and over the features of a step. */
function overTimeAndFeatures(
  entry: Readonly<Record<string, unknown>>,
  bias: boolean,
  activation: string,
): Omit<LayerSettings, 'after'> {
  const number = (name: string) => {
    const value = Array.isArray(entry[name]) ? (entry[name] as unknown[]).at(-1) : entry[name];
    return Number.isSafeInteger(value) && Number(value) >= 1 ? Number(value) : Number.NaN;
  };
  const [time, features, dilation, stride, n] = ['kernel_size_time', 'kernel_size_feature', 'dilation', 'strides', 'num_features_in'].map(number); // biome-ignore format: a call
  const all = entry.padding === 'same' ? Math.max(0, (Math.ceil(n / stride) - 1) * stride + features - n) : 0;
  return {
    before: [[dilation * (time - 1), 0], [Math.floor(all / 2), all - Math.floor(all / 2)]], // biome-ignore format: pairs
    main: {
      filters: number('num_filters_out'),
      kernel_size: [time, features],
      strides: [1, stride],
      dilation_rate: [dilation, 1],
      use_bias: bias,
      activation,
    },
  };
}

function recurrent(units: number, weights: readonly StoredArray[]) {
  return { units, activation: 'tanh', return_sequences: true, stateful: true, use_bias: weights.length > 2 };
}
