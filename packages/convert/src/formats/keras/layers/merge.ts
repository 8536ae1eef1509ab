// Layers of several inputs: sums and products, concatenation, and attention.

import type { Value } from '../builder.ts';
import { type LayerCall, type LayerConverter, one, shaped } from './call.ts';

function several({ config, inputs }: LayerCall, least = 2): readonly Value[] {
  return inputs.length >= least ? inputs : config.fail(`${least} inputs or more`, String(inputs.length));
}

export const merging =
  (mode: 'add' | 'multiply' | 'average' | 'maximum' | 'minimum' | 'subtract'): LayerConverter =>
  (call) => {
    const values = several(call);
    if (mode === 'subtract' && values.length !== 2) call.config.fail('two inputs', String(values.length));
    const name = one(call, 'KerasMerge', values.map((value) => value.name), { mode }); // biome-ignore format: a call
    return [{ name, mask: mergedMask(call, values) }];
  };

/** Keras 2: steps that count in all masks that there are. Keras 3: in some mask, and none where an input has none. */
function mergedMask(call: LayerCall, values: readonly Value[]): string | null {
  const masks = values.flatMap(({ mask }) => (mask === null ? [] : [mask]));
  const { keras } = call.builder;
  if (masks.length === 0 || (keras === 3 && masks.length < values.length)) return null;
  if (new Set(masks).size === 1) return masks[0];
  return one(call, 'KerasMaskMerge', masks, { mode: keras === 3 ? 'or' : 'and' });
}

export const concatenate: LayerConverter = (call) => {
  const values = several(call, 1);
  const axis = call.config.whole('axis', -1);
  const name = values.length === 1 ? values[0].name : one(call, 'Concat', values.map((value) => value.name), { axis }); // biome-ignore format: a call
  return [{ name, mask: concatenatedMask(call, values, axis) }];
};

function concatenatedMask(call: LayerCall, values: readonly Value[], axis: number): string | null {
  const masks = values.flatMap(({ mask }) => (mask === null ? [] : [mask]));
  if (masks.length === 0) return null;
  if (axis === 1) return one(call, 'KerasMaskConcat', values.flatMap(({ name, mask }) => [name, mask])); // biome-ignore format: a call
  // Over features, a step counts where it counts in every input; one without a mask counts everywhere.
  return new Set(masks).size === 1 ? masks[0] : one(call, 'KerasMaskMerge', masks, { mode: 'and' });
}

export const dot: LayerConverter = (call) => {
  const { config } = call;
  const [a, b, ...others] = several(call);
  if (others.length > 0) config.fail('two inputs', String(others.length + 2));
  const axes = config.wholes('axes', 2);
  const settings = { axes, normalize: config.flag('normalize', false) };
  return [{ name: one(call, 'KerasDot', [a.name, b.name], settings), mask: null }];
};

/** Attention and AdditiveAttention: inputs query, value and perhaps key. */
export const attention =
  (additive: boolean): LayerConverter =>
  (call) => {
    const { config, arrays, builder, path } = call;
    const [query, value, key = value] = several(call);
    const concat = !additive && config.oneOf('score_mode', ['dot', 'concat'], 'dot') === 'concat';
    const scaled = config.flag('use_scale', additive);
    if (config.number('dropout', 0) > 0)
      builder.report.decide('dropout', config.where, 'dropout is left out', 'it acts in training only');
    for (const name of ['return_attention_scores']) if (config.value(name)) config.fail('the output alone', name);
    const parameter = (name: string, what: string) => {
      const shape = arrays.next() ?? config.fail(what, 'no more weights');
      const array = arrays.take(what, additive ? [-1] : shape);
      if (!additive && array.size !== 1) config.fail(`${what}: one number`, `[${shape.join(', ')}]`);
      return builder.parameter(`${path}.${name}`, array.shape, shaped(array, array.shape));
    };
    const scale = scaled ? parameter('scale', 'scale') : null;
    const concatScale = concat ? parameter('concat_score_weight', 'concat score weight') : null;
    const inputs = [query.name, value.name, key.name, query.mask, value.mask, scale, concatScale];
    const causal = config.flag('causal', false) || call.arguments.use_causal_mask === true;
    const settings = { score: additive ? 'additive' : concat ? 'concat' : 'dot', causal };
    return [{ name: one(call, 'KerasAttention', inputs, settings), mask: query.mask }];
  };
