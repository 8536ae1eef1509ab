// What each op of an exported graph is in Keras' layers.

import { transposed } from '../../../arrays/layout.ts';
import type { Hdf5Floats } from '../../hdf5/write.ts';
import { type NodeWriter, type Operator, selected } from './context.ts';
import { KerasLayer, type KerasTensor } from './layers.ts';
import { imageOperators } from './images.ts';
import { diagonal, scaled, selection, sums, zeros } from './matrices.ts';
import { dividedByNorm, normOf } from './norm.ts';
import { recurrent } from './recurrent.ts';
import { reshape, splitSteps } from './reshape.ts';
import { type GraphValue, placeOf, shapeOf, type TensorValue, type WeightValue } from './values.ts';

const largeNegative = -(2 ** 127); // below all there are, and still finite

const activation =
  (name: string): Operator =>
  (w) =>
    w.add('Activation', { activation: name }, w.tensor(0));

export const operators: Readonly<Record<string, Operator>> = {
  Linear: (w) => {
    const { shape, values } = w.weight('weight');
    const kernel = { shape: [shape[1], shape[0]], values: transposed(values, shape[0], shape[1]) };
    return w.linear(w.tensor(0), kernel, w.flag('bias') ? w.weight('bias').values : null);
  },

  Embedding: (w) => embedded(w, w.weight('weight'), true),

  OneHotRows: (w) => {
    const depth = w.number('depth');
    w.decide('one-hot', 'an embedding that is the identity, not trained', 'a layer of one-hot rows is code elsewhere');
    return embedded(w, scaled(depth, 1), false);
  },

  LayerNorm: (w) => {
    const [gamma, beta] = [w.weight('weight'), w.weight('bias')];
    if (gamma.shape.length !== 1) w.fail('a normalization over the last axis', `one over ${gamma.shape.length}`);
    const settings = { axis: -1, epsilon: w.number('eps'), center: true, scale: true };
    const weights = [
      { index: 0, name: 'gamma', ...gamma },
      { index: 1, name: 'beta', ...beta },
    ];
    return w.own(() => new KerasLayer('LayerNormalization', settings, { weights }), w.tensor(0));
  },

  Recurrent: recurrent,
  Relu: activation('relu'),
  Tanh: activation('tanh'),
  Sigmoid: activation('sigmoid'),
  Softplus: activation('softplus'),

  Add: (w) => {
    const [x, weight] = tensorAndWeight(w, true);
    if (weight) return shifted(w, x, weight, 1);
    return merged(w, 'Add');
  },

  Sub: (w) => {
    const [x, weight] = tensorAndWeight(w, false);
    if (weight) return shifted(w, x, weight, -1);
    if (w.context.dialect.subtract) return merged(w, 'Subtract');
    const [a, b] = [w.tensor(0), w.tensor(1)];
    return merged(w, 'Add', [a, w.dense(b, scaled(width(w, b), -1), null)]);
  },

  Mul: (w) => {
    const [x, weight] = tensorAndWeight(w, true);
    if (w.node.inputs[0] === w.node.inputs[1]) return { kind: 'squares', of: w.tensor(0) };
    if (!weight) return merged(w, 'Multiply');
    return { kind: 'scaled', of: w.asTensor(x), factor: features(w, weight) };
  },

  Div: (w) => {
    const [x, y] = w.inputs;
    if (x.kind === 'sum over time' && y.kind === 'steps') {
      const dims = x.of.tensor.dims.slice(1);
      const mean = w.add('GlobalAveragePooling1D', { keepdims: false }, x.of, dims, { mask: y.mask });
      return { ...mean, batch: 0 };
    }
    if (x.kind === 'tensor' && y.kind === 'norm' && x.tensor === y.of.tensor) return dividedByNorm(w, y);
    const [tensor, weight] = tensorAndWeight(w, false);
    if (!weight) return w.fail(`an operation that ${w.title} has a layer for`, 'a quotient of two tensors');
    return { kind: 'scaled', of: w.asTensor(tensor), factor: features(w, weight).map((v) => 1 / v) };
  },

  Sqrt: (w) => {
    const [x] = w.inputs;
    if (x.kind === 'sum of squares' && w.context.dialect.unitNormalization)
      return { ...x, kind: 'norm', value: () => normOf(w, x) };
    return w.fail(`an operation that ${w.title} has a layer for`, 'a square root');
  },

  AddScalar: (w) => {
    const [sum] = w.inputs;
    if (sum.kind === 'sum of squares') return { ...sum, eps: sum.eps + w.number('value') };
    const x = w.tensor(0);
    const value = new Float32Array(width(w, x)).fill(w.number('value'));
    return w.dense(x, scaled(value.length, 1), value);
  },

  MatMul: (w) => {
    const [a, b] = w.inputs;
    if (b.kind === 'weight') return w.dense(w.asTensor(a), b, null, true);
    const [x, y] = [w.asTensor(a), w.asTensor(b)];
    const [rows, inner] = x.tensor.dims;
    if (x.batch !== 0 || y.batch !== 0 || x.tensor.dims.length !== 2 || y.tensor.dims.length !== 2)
      return w.fail('a product of matrices [batch, n, k] and [batch, k, m]', `[${shapeOf(x).join(', ')}] and [${shapeOf(y).join(', ')}]`); // biome-ignore format: a call
    if (inner !== y.tensor.dims[0]) return w.fail(`a second factor [batch, ${inner}, m]`, `[${shapeOf(y).join(', ')}]`);
    return w.merge('Dot', { axes: [2, 1], normalize: false }, [x, y], [rows, y.tensor.dims[1]]);
  },

  Transpose: (w) => {
    const [x] = w.inputs;
    const perm = w.numbers('perm');
    if (x.kind === 'weight') return turned(w, x, perm);
    const value = w.asTensor(x);
    const order = perm.filter((axis) => axis !== value.batch).map((axis) => placeOf(value, axis) as number);
    return { ...w.permuted(value, order), batch: perm.indexOf(value.batch) };
  },

  Concat: (w) => {
    const axis = w.number('axis');
    if (w.inputs.every((value) => value.kind === 'stack') && axis === 0)
      return { kind: 'stack', items: w.inputs.flatMap((value) => (value.kind === 'stack' ? value.items : [])) };
    const values = w.inputs.map((_, k) => w.tensor(k));
    const place = placeOf(values[0], axis) ?? w.fail('an axis other than the batch', 'the batch');
    const sizes = values.map(({ tensor }) => tensor.dims[place]);
    const whole = sizes.every((d) => typeof d === 'number') ? sizes.reduce((n, d) => n + d, 0) : sizes.join('+');
    const dims = values[0].tensor.dims.map((d, k) => (k === place ? whole : d));
    if (values.length === 1) return values[0];
    return w.merge('Concatenate', { axis: place === dims.length - 1 ? -1 : place + 1 }, values, dims);
  },

  Select: (w) => {
    const [axis, index] = [w.number('axis'), w.number('index')];
    const [x] = w.inputs;
    if (x.kind === 'none') return x;
    if (x.kind === 'stack' && axis === 0)
      return x.items.at(index)?.() ?? w.fail('a layer that is there', String(index));
    return selected(w, w.asTensor(x), axis, index);
  },

  Part: (w) => {
    const [axis, from, to] = [w.number('axis'), w.number('from'), w.number('to')];
    const [given] = w.inputs;
    if (given.kind === 'none') return given;
    if (given.kind === 'stack' && axis === 0) return { kind: 'stack', items: given.items.slice(from, to) };
    const x = w.tensor(0);
    const place = placeOf(x, axis);
    if (place !== null && from === 0 && to === x.tensor.dims[place]) return x;
    return w.along(x, axis, (n) => selection(n, from, to));
  },

  Unsqueeze: (w) => {
    const [x] = w.inputs;
    if (x.kind === 'none') return x;
    const [axis, ...others] = w.numbers('axes');
    const value = w.asTensor(x);
    if (others.length > 0 || axis < 0) return w.fail('one axis from the front', `axes ${w.numbers('axes').join()}`);
    if (axis === 0 && value.batch === 0 && value.tensor.dims.length === 1)
      return { kind: 'stack', items: [() => value] };
    const place = axis <= value.batch ? axis : axis - 1;
    const { dims } = value.tensor;
    const wider = w.reshaped(value, [...dims.slice(0, place), 1, ...dims.slice(place)]);
    return { ...wider, batch: axis <= value.batch ? value.batch + 1 : value.batch };
  },

  Squeeze: (w) => {
    const [axis, ...others] = w.numbers('axes');
    if (others.length > 0) return w.fail('one axis', `axes ${w.numbers('axes').join()}`);
    const [x] = w.inputs;
    if (x.kind === 'stack' && x.items.length === 1 && axis === 0) return x.items[0]();
    return w.without(w.asTensor(x), axis);
  },

  Reshape: (w) => reshape(w),

  ReduceMean: (w) => {
    const squares = squareSum(w, (n) => 1 / n);
    if (squares) return squares;
    const x = w.tensor(0);
    const axes = w.numbers('axes');
    const places = axes.map((axis) => placeOf(x, axis)).join();
    const { dims } = x.tensor;
    // Means over all steps, or over all places of an image, are layers.
    if (!w.flag('keepdims') && x.batch === 0 && dims.length === 2 && places === '0')
      return w.add('GlobalAveragePooling1D', { keepdims: false }, x, [dims[1]]);
    if (!w.flag('keepdims') && x.batch === 0 && dims.length === 3 && places === '1,2')
      return w.add('GlobalAveragePooling2D', { keepdims: false }, w.permuted(x, [1, 2, 0]), [dims[0]]);
    return reduced(w, x, (n) => 1 / n);
  },

  ReduceSum: (w) => {
    const [x] = w.inputs;
    const [axis] = w.numbers('axes');
    if (x.kind === 'scaled' && axis === x.of.tensor.dims.length && placeOf(x.of, axis) !== null) {
      const sum = w.dense(x.of, { shape: [x.factor.length, 1], values: x.factor }, null);
      return w.flag('keepdims') ? sum : w.without(sum, axis);
    }
    const squares = squareSum(w, () => 1);
    if (squares) return squares;
    const value = w.asTensor(x);
    const place = placeOf(value, axis);
    const overTime = place === 0 && typeof value.tensor.dims[0] === 'string' && value.tensor.dims.length === 2;
    if (overTime && !w.flag('keepdims')) return { kind: 'sum over time', of: value };
    return reduced(w, value, () => 1);
  },

  /** v [B, E] at each step of x [T, B, I]. */
  ExpandSteps: (w) => {
    const [v, x] = [w.tensor(0), w.tensor(1)];
    const [E] = v.tensor.dims;
    if (typeof E !== 'number' || v.batch !== 0 || x.batch !== 1) return w.fail('a vector [batch, n]', `[${shapeOf(v).join(', ')}]`); // biome-ignore format: a line
    const nothing = w.dense(x, zeros(width(w, x), E), null);
    const row = { ...w.reshaped(v, [1, E]), batch: 1 };
    return w.merge('Add', {}, [nothing, row], nothing.tensor.dims);
  },

  SplitSteps: (w) => splitSteps(w),

  MulScalar: (w) => {
    const x = w.tensor(0);
    return w.dense(x, scaled(width(w, x), w.number('value')), null);
  },

  ZerosLike: (w) => {
    const x = w.tensor(0);
    if (!w.context.dialect.subtract) return w.fail(`an operation that ${w.title} has a layer for`, 'ZerosLike');
    return w.merge('Subtract', {}, [x, x], x.tensor.dims);
  },

  ...imageOperators,

  CountSteps: (w) => ({ kind: 'steps', mask: w.mask(0) }),

  MaxOverTime: (w) => {
    const x = w.tensor(0);
    const mask = w.mask(1);
    const counted = mask ? w.merge('Add', {}, [x, penalty(w, mask, x)], x.tensor.dims) : x;
    return { ...w.add('GlobalMaxPooling1D', { keepdims: false }, counted, x.tensor.dims.slice(1)), batch: 0 };
  },

  Softmax: (w) => {
    const x = w.tensor(0);
    const axis = w.number('axis');
    if (axis !== -1 || placeOf(x, -1) === null) return w.fail('a softmax over the last axis', String(axis));
    return w.add('Softmax', { axis: -1 }, x);
  },

  MaskedSoftmax: (w) => {
    const x = w.tensor(0);
    const mask = w.inputs[1].kind === 'none' ? null : w.mask(1);
    const flat = mask ? w.reshaped(penalty(w, mask, x), x.tensor.dims) : null;
    const scores = flat ? w.merge('Add', {}, [x, flat], x.tensor.dims) : x;
    return w.add('Softmax', { axis: -1 }, scores);
  },
};

/** ids [..] → rows of the table. */
function embedded(w: NodeWriter, table: Hdf5Floats, trainable: boolean): TensorValue {
  const [given] = w.inputs;
  const column = given.kind === 'column';
  const ids = column ? ({ kind: 'tensor', tensor: given.tensor, batch: 0 } as const) : w.tensor(0);
  const [rows, width] = table.shape;
  const settings = { trainable, input_dim: rows, output_dim: width, mask_zero: false };
  const weights = [{ index: 0, name: 'embeddings', ...table }];
  const y = w.own(() => new KerasLayer('Embedding', settings, { weights }), ids, [...ids.tensor.dims, width]);
  return column ? w.reshaped(y, [width]) : y;
}

/** mask [B, T] → [B, T, 1]: 0 where a step counts, and a number below all others where it does not. It is an embedding of false and true. */
function penalty(w: NodeWriter, mask: KerasTensor, like: TensorValue): TensorValue {
  w.decide(
    'padding',
    'a large negative number is added at steps that do not count',
    'this layer has no mask of its own',
  );
  const value: TensorValue = { kind: 'tensor', tensor: mask, batch: like.batch };
  const table = { shape: [2, 1], values: Float32Array.of(largeNegative, 0) };
  const settings = { trainable: false, input_dim: 2, output_dim: 1, mask_zero: false };
  return w.add('Embedding', settings, value, [...mask.dims, 1], {
    weights: [{ index: 0, name: 'embeddings', ...table }],
  });
}

/** The tensor and the weight of an op of two, where one is a weight of one number a feature. */
function tensorAndWeight(w: NodeWriter, either: boolean): [tensor: GraphValue, weight: WeightValue | null] {
  const [a, b] = w.inputs;
  if (b.kind === 'weight') return [a, b];
  if (either && a.kind === 'weight') return [b, a];
  return [a, null];
}

/** A weight's numbers, one for each feature. */
function features(w: NodeWriter, { shape, values }: WeightValue): Float32Array {
  return shape.length === 1 ? values : w.fail('a weight of one number a feature', `a weight [${shape.join(', ')}]`);
}

/** x + sign · weight */
function shifted(w: NodeWriter, value: GraphValue, weight: WeightValue, sign: 1 | -1): TensorValue {
  if (weight.shape.length > 1) return shiftedByAll(w, w.asTensor(value), weight, sign);
  const bias = features(w, weight).map((v) => sign * v);
  if (value.kind === 'scaled') return w.dense(value.of, diagonal(value.factor), bias);
  return w.dense(w.asTensor(value), scaled(bias.length, 1), bias);
}

/** x [B, ..] + sign · weight [..]: a batch normalization of mean 0 and deviation 1 over all of the axes as one, of which the shift is left. */
function shiftedByAll(w: NodeWriter, x: TensorValue, { shape, values }: WeightValue, sign: 1 | -1): TensorValue {
  const { dims } = x.tensor;
  if (x.batch !== 0 || dims.join() !== shape.join())
    return w.fail(`a weight for ${shapeOf(x).join(', ')}`, `a weight [${shape.join(', ')}]`);
  const n = values.length;
  const filled = (value: number) => ({ shape: [n], values: new Float32Array(n).fill(value) });
  const weights = [
    { index: 0, name: 'gamma', ...filled(1) },
    { index: 1, name: 'beta', shape: [n], values: values.map((v) => sign * v) },
    { index: 2, name: 'moving_mean', ...filled(0) },
    { index: 3, name: 'moving_variance', ...filled(1) },
  ];
  const settings = { trainable: false, axis: -1, epsilon: 0, momentum: 0.9, center: true, scale: true };
  return w.reshaped(w.add('BatchNormalization', settings, w.reshaped(x, [n]), [n], { weights }), dims);
}

/** Tensors of the same axes, sizes of 1 fitting to any. */
function merged(w: NodeWriter, className: string, given?: readonly TensorValue[]): TensorValue {
  const values = given ?? w.inputs.map((_, k) => w.tensor(k));
  const [first] = values;
  const rank = first.tensor.dims.length;
  if (values.some(({ tensor, batch }) => tensor.dims.length !== rank || batch !== first.batch))
    return w.fail('tensors of the same axes', values.map((value) => `[${shapeOf(value).join(', ')}]`).join(' and '));
  const dims = first.tensor.dims.map(
    (d, k) => values.map(({ tensor }) => tensor.dims[k]).find((own) => own !== 1) ?? d,
  );
  return w.merge(className, {}, values, dims);
}

/** Sums or means along one axis of a known size. */
function reduced(w: NodeWriter, value: TensorValue, factor: (n: number) => number): TensorValue {
  const [axis, ...others] = w.numbers('axes');
  if (others.length > 0) return w.fail('one axis', `axes ${w.numbers('axes').join()}`);
  const one = w.along(value, axis, (n) => sums(n, factor(n)));
  return w.flag('keepdims') ? one : w.without(one, axis);
}

/** A sum of squares along one axis of a known size, which stays with size 1: a norm may come of it. */
function squareSum(w: NodeWriter, factor: (n: number) => number): GraphValue | null {
  const [x] = w.inputs;
  const [axis, ...others] = w.numbers('axes');
  if (x.kind !== 'squares' || others.length > 0 || !w.flag('keepdims')) return null;
  const place = placeOf(x.of, axis);
  const n = place === null ? null : x.of.tensor.dims[place];
  return typeof n === 'number' ? { kind: 'sum of squares', of: x.of, axis, factor: factor(n), eps: 0 } : null;
}

function turned(w: NodeWriter, { shape, values }: WeightValue, perm: readonly number[]): WeightValue {
  if (shape.length !== 2 || perm.join() !== '1,0') return w.fail('a matrix turned', `axes ${perm.join()}`);
  return { kind: 'weight', shape: [shape[1], shape[0]], values: transposed(values, shape[0], shape[1]) };
}

/** How many features a tensor has. */
function width(w: NodeWriter, value: TensorValue): number {
  const n = value.tensor.dims.at(-1);
  return placeOf(value, -1) !== null && typeof n === 'number' ? n : w.fail('features of a known number', `[${shapeOf(value).join(', ')}]`); // biome-ignore format: a call
}
