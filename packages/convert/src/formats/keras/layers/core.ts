// Dense, Embedding, activations, normalization, dropout and changes of shape.

import type { Value } from '../builder.ts';
import { activated, type LayerCall, type LayerConverter, one, only, permuted, plain, shaped } from './call.ts';

/** What keeps the mask of its input. */
const through = (call: LayerCall, name: string): readonly Value[] => [{ name, mask: only(call).mask }];

/** What has a value and no mask. */
const without = (name: string): readonly Value[] => [{ name, mask: null }];

export const dense: LayerConverter = (call) => {
  const { config, arrays, builder, path } = call;
  const units = config.whole(
    'units',
    config.value('output_dim') === undefined ? undefined : config.whole('output_dim'),
  );
  const bias = config.flag('use_bias', true);
  const kernel = arrays.take('kernel', [-1, units]);
  builder.weight(path, 'weight', permuted(kernel, [1, 0]));
  if (bias) builder.weight(path, 'bias', plain(arrays.take('bias', [units])));
  const y = one(call, 'Linear', [only(call).name], { inFeatures: kernel.shape[0], outFeatures: units, bias });
  return through(call, activated(call, y, config.activation('activation', builder.keras)));
};

export const embedding: LayerConverter = (call) => {
  const { config, arrays, builder, path } = call;
  const [rows, width] = [config.whole('input_dim'), config.whole('output_dim')];
  const masked = config.flag('mask_zero', false);
  const table = arrays.take('embeddings', [-1, width]);
  if (table.shape[0] !== rows) config.fail(`embeddings of ${rows} ids`, String(table.shape[0]));
  builder.weight(path, 'weight', plain(table));
  const input = only(call).name;
  const name = one(call, 'Embedding', [input], { numEmbeddings: rows, embeddingDim: width });
  if (!masked) return without(name);
  builder.report.decide('padding', config.where, 'id 0 is padding: masked', 'mask_zero=True');
  return [{ name, mask: one(call, 'KerasIdMask', [input]) }];
};

export const masking: LayerConverter = (call) => {
  const { builder, path, config } = call;
  const value = config.number('mask_value', 0);
  const [name, mask] = builder.node('KerasMasking', path, [only(call).name], { value }, ['output', 'mask']);
  builder.report.decide('padding', config.where, `steps of ${value} are padding: masked`, 'a Masking layer');
  return [{ name, mask }];
};

export const activation: LayerConverter = (call) => {
  const name = call.config.activation('activation', call.builder.keras);
  return through(call, activated(call, only(call).name, name));
};

export const softmax: LayerConverter = (call) => {
  if (only(call).mask !== null) call.config.fail('a softmax without a mask', 'one of a masked sequence');
  return through(call, one(call, 'Softmax', [only(call).name], { axis: call.config.whole('axis', -1) }));
};

export const relu: LayerConverter = (call) => {
  const { config } = call;
  const most = config.value('max_value') === undefined ? null : config.number('max_value');
  return through(
    call,
    one(call, 'KerasReLU', [only(call).name], {
      ...(most !== null && { maxValue: most }),
      negativeSlope: config.number('negative_slope', 0),
      threshold: config.number('threshold', 0),
    }),
  );
};

export const leakyRelu: LayerConverter = (call) => {
  const { config } = call;
  const slope =
    config.value('negative_slope') === undefined ? config.number('alpha', 0.3) : config.number('negative_slope');
  return through(call, one(call, 'KerasReLU', [only(call).name], { negativeSlope: slope }));
};

export const thresholdedRelu: LayerConverter = (call) =>
  through(call, one(call, 'KerasReLU', [only(call).name], { threshold: call.config.number('theta', 1) }));

export const elu: LayerConverter = (call) =>
  through(call, one(call, 'KerasELU', [only(call).name], { alpha: call.config.number('alpha', 1) }));

export const prelu: LayerConverter = (call) => {
  const { config, arrays, builder, path } = call;
  config.value('shared_axes'); // the shape of alpha tells them
  const shape = arrays.next() ?? config.fail('alpha', 'no more weights');
  const alpha = arrays.take('alpha', shape);
  const name = builder.parameter(`${path}.alpha`, alpha.shape, plain(alpha));
  return through(call, one(call, 'KerasPReLU', [only(call).name, name]));
};

export const batchNormalization: LayerConverter = (call) => {
  const { config, arrays, builder, path } = call;
  const axis = config.value('axis');
  const at = Array.isArray(axis) && axis.length === 1 ? (axis[0] as unknown) : (axis ?? -1);
  if (!Number.isSafeInteger(at)) config.fail('axis: one axis', JSON.stringify(axis)?.slice(0, 60) ?? 'nothing');
  if (config.value('mode') !== undefined && config.whole('mode') !== 0)
    config.fail('mode 0', String(config.value('mode')));
  const n = arrays.next()?.[0] ?? config.fail('weights', 'no more weights');
  const [scale, center] = [config.flag('scale', true), config.flag('center', true)];
  const constant = (value: number) => () => ({ shape: [n], data: new Float32Array(n).fill(value) });
  builder.weight(path, 'weight', scale ? plain(arrays.take('gamma', [n])) : constant(1));
  builder.weight(path, 'bias', center ? plain(arrays.take('beta', [n])) : constant(0));
  builder.weight(path, 'running_mean', plain(arrays.take('moving mean', [n])));
  builder.weight(path, 'running_var', plain(arrays.take('moving variance', [n])));
  builder.weight(path, 'num_batches_tracked', () => ({ dtype: 'int32', shape: [], data: new Int32Array(1) }));
  for (const [given, what] of [[scale, 'gamma'], [center, 'beta']] as const) // biome-ignore format: pairs
    if (!given)
      builder.report.decide(
        'normalization',
        config.where,
        `${what} is ${what === 'gamma' ? 1 : 0}`,
        'the layer has none',
      );
  const settings = {
    numFeatures: n,
    axis: at as number,
    eps: config.number('epsilon', 1e-3),
    momentum: config.number('momentum', 0.99),
  };
  return through(call, one(call, 'KerasBatchNormalization', [only(call).name], settings));
};

export const layerNormalization: LayerConverter = (call) => {
  const { config, arrays, builder, path } = call;
  const axis = config.value('axis') ?? -1;
  const axes = Array.isArray(axis) ? (axis as unknown[]) : [axis];
  const [scale, center] = [config.flag('scale', true), config.flag('center', true)];
  if (config.flag('rms_scaling', false)) config.fail('a layer normalization', 'one of root mean squares');
  const shape =
    arrays.next() ??
    config.fail('gamma or beta', 'no more weights', 'a normalization without both cannot be told apart by its sizes');
  const last = axes.every((one, i) => one === i - axes.length) || shape.length === axes.length;
  if (!last || shape.length !== axes.length) config.fail('axis: the last axes', JSON.stringify(axis).slice(0, 60));
  if (axes.length === 1 && Number(axes[0]) >= 0)
    builder.report.decide(
      'normalization',
      config.where,
      `axis ${String(axes[0])} is taken for the last one`,
      'the graph does not say how many axes its values have',
    );
  const constant = (value: number) => () => ({
    shape,
    data: new Float32Array(shape.reduce((n, d) => n * d, 1)).fill(value),
  });
  builder.weight(path, 'weight', scale ? plain(arrays.take('gamma', shape)) : constant(1));
  builder.weight(path, 'bias', center ? plain(arrays.take('beta', shape)) : constant(0));
  return through(
    call,
    one(call, 'LayerNorm', [only(call).name], { normalizedShape: [...shape], eps: config.number('epsilon', 1e-3) }),
  );
};

export const unitNormalization: LayerConverter = (call) =>
  through(call, one(call, 'LpNormalization', [only(call).name], { axis: call.config.whole('axis', -1), p: 2 }));

/** Dropout, with the axes along which all or none is dropped. */
export const dropout =
  (shared: readonly number[]): LayerConverter =>
  (call) => {
    const rate = call.config.number('rate', call.config.value('p') === undefined ? undefined : call.config.number('p'));
    if (rate < 0 || rate >= 1) call.config.fail('a rate of 0 or more, below 1', String(rate));
    if (call.config.value('data_format') === 'channels_first') call.config.fail('channels last', 'channels_first');
    return through(call, one(call, 'KerasDropout', [only(call).name], { rate, shared }));
  };

/** Noise of other kinds, which acts in training only. */
export const noise: LayerConverter = (call) => {
  for (const name of ['rate', 'stddev', 'l1', 'l2']) call.config.value(name);
  call.builder.report.skip('layer', call.config.where, 'acts in training only; further training does without it');
  return call.inputs;
};

export const flatten: LayerConverter = (call) => {
  const first =
    call.config.oneOf('data_format', ['channels_last', 'channels_first'], 'channels_last') === 'channels_first';
  if (first) call.config.fail('channels last', 'channels_first', 'how many axes the input has is not in the file');
  return without(one(call, 'Reshape', [only(call).name], { shape: [0, -1] }));
};

export const reshape: LayerConverter = (call) => {
  const target = call.config.wholes('target_shape', -1);
  if (target.some((d) => d === 0)) call.config.fail('target_shape: sizes, or −1 once', JSON.stringify(target));
  return without(one(call, 'Reshape', [only(call).name], { shape: [0, ...target] }));
};

export const permute: LayerConverter = (call) => {
  const dims = call.config.wholes('dims', -1);
  return without(one(call, 'Transpose', [only(call).name], { perm: [0, ...dims] }));
};

export const repeatVector: LayerConverter = (call) =>
  without(one(call, 'KerasRepeatVector', [only(call).name], { times: call.config.whole('n') }));

/** DeepMoji's and textgenrnn's: Σ_t softmax_t(w · x_t) x_t. */
export const attentionAverage: LayerConverter = (call) => {
  const { config, arrays, builder, path } = call;
  if (config.flag('return_attention', false)) config.fail('the pooled output', 'return_attention');
  const weight = arrays.take('attention vector', [-1, 1]);
  const inputSize = weight.shape[0];
  builder.weight(path, 'weight', shaped(weight, [1, inputSize]));
  const { name, mask } = only(call);
  return without(one(call, 'KerasAttentionAverage', [name, mask], { inputSize }));
};
