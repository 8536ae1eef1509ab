// A node of a graph on its way into a model of Keras: what it reads, its weights, and the few layers from which most operations are built.

import type { GraphNode } from 'unrolled/graph';
import { ConvertError } from '../../../errors.ts';
import type { ConversionReport } from '../../../model/report.ts';
import type { Hdf5Floats } from '../../hdf5/write.ts';
import type { Dialect } from './dialect.ts';
import type { KerasGraph } from './graph.ts';
import { type CallOptions, type Dimension, KerasLayer, type KerasTensor, type KerasWeight } from './layers.ts';
import { diagonal, selection } from './matrices.ts';
import { type GraphValue, placeOf, shapeOf, type TensorValue } from './values.ts';

/** What the nodes of a graph have in common. */
export interface GraphContext {
  readonly g: KerasGraph;
  readonly dialect: Dialect;
  readonly report: ConversionReport;
  /** A weight of the model; null where there is none of that name. */
  readonly find: (name: string) => Hdf5Floats | null;
  /** Whether a node reads the value of that name, or it is an output. */
  readonly isRead: (value: string | null) => boolean;
  readonly nodes: readonly GraphNode[];
  /** Layers that were made, by what they are of the library: a layer that is called again is the same. */
  readonly made: Map<string, KerasLayer>;
  readonly units: Units;
}

/** Vectors and their directions, by the tensor that they were made of. */
export type Units = Map<
  KerasTensor,
  { readonly key: string; readonly vector: TensorValue; readonly unit: TensorValue }
>;

/** What a node becomes. */
export type Operator = (w: NodeWriter) => GraphValue | readonly GraphValue[];

export class NodeWriter {
  readonly context: GraphContext;
  readonly node: GraphNode;
  readonly inputs: readonly GraphValue[];

  constructor(context: GraphContext, node: GraphNode, inputs: readonly GraphValue[]) {
    this.context = context;
    this.node = node;
    this.inputs = inputs;
  }

  /** Throws a ConvertError that names the node and says what the format has instead. */
  fail(expected: string, got: string, advice = 'export it as onnx'): never {
    const { report } = this.context;
    const { name, layer } = this.node;
    throw new ConvertError(report.source, { where: layer ? `layer ${layer}` : `node ${name}`, expected, got, advice });
  }

  get title(): string {
    return this.context.dialect.title;
  }

  number(name: string): number {
    return Number(this.node.attributes?.[name]);
  }

  flag(name: string): boolean {
    return this.node.attributes?.[name] === true;
  }

  numbers(name: string): readonly number[] {
    const value = this.node.attributes?.[name];
    return Array.isArray(value) ? (value as readonly number[]) : this.fail(`${name}: numbers`, typeof value);
  }

  /** The weights of the node's layer. */
  weight(name: string): Hdf5Floats {
    const full = `${this.node.layer}.${name}`;
    return this.context.find(full) ?? this.fail(`the weight ${full}`, 'none');
  }

  decide(what: string, choice: string, why: string): void {
    this.context.report.decide(what, this.node.layer ?? null, choice, why);
  }

  /** Input k as a tensor of Keras. */
  tensor(k: number): TensorValue {
    return this.asTensor(this.inputs[k]);
  }

  asTensor(value: GraphValue): TensorValue {
    if (value.kind === 'tensor') return value;
    if (value.kind === 'norm') return value.value();
    if (value.kind === 'squares') return this.merge('Multiply', {}, [value.of, value.of], value.of.tensor.dims);
    if (value.kind === 'scaled') return this.dense(value.of, diagonal(value.factor), null);
    if (value.kind === 'stack' && value.items.length === 1) {
      const { tensor } = value.items[0]();
      return this.reshaped({ kind: 'tensor', tensor, batch: 1 }, [1, ...tensor.dims]);
    }
    return this.fail(
      `an operation on tensors, which ${this.title} has layers for`,
      `${this.node.op} of ${described[value.kind]}`,
    );
  }

  /** The mask of the lengths that input k is; null where the format has none. */
  mask(k: number) {
    const value = this.inputs[k];
    return value.kind === 'lengths' || value.kind === 'steps' ? value.mask : null;
  }

  /** A layer over one tensor. */
  add(
    className: string,
    settings: Record<string, unknown>,
    { tensor, batch }: TensorValue,
    dims: readonly Dimension[] = tensor.dims,
    options: CallOptions & { readonly weights?: readonly KerasWeight[] } = {},
  ): TensorValue {
    const { weights = [], ...others } = options;
    const layer = forFrames(new KerasLayer(className, settings, { weights }), tensor);
    return { kind: 'tensor', tensor: this.context.g.called(layer, [tensor], dims, others), batch };
  }

  /** The node's own layer over one tensor: a layer of the library that is called again is one layer. */
  own(make: () => KerasLayer, { tensor, batch }: TensorValue, dims: readonly Dimension[] = tensor.dims): TensorValue {
    const { g, made } = this.context;
    const { op, layer: name } = this.node;
    const layer = (name && made.get(`${op} ${name}`)) || forFrames(make(), tensor);
    if (name) made.set(`${op} ${name}`, layer);
    return { kind: 'tensor', tensor: g.called(layer, [tensor], dims), batch };
  }

  /** A layer over several tensors as a list. */
  merge(
    className: string,
    settings: Record<string, unknown>,
    values: readonly TensorValue[],
    dims: readonly Dimension[],
  ): TensorValue {
    const tensors = values.map(({ tensor }) => tensor);
    const { axis } = settings;
    const shifted = tensors[0].frames !== undefined && typeof axis === 'number' && axis > 0 ? { axis: axis + 1 } : {};
    const tensor = this.context.g.add(className, { ...settings, ...shifted }, tensors, dims, { merges: true });
    return { kind: 'tensor', tensor, batch: values[0].batch };
  }

  /** x [.., in] → x W + b, with a matrix [in, out] that is mostly not trained: a selection, a sum, a factor. */
  dense(value: TensorValue, kernel: Hdf5Floats, bias: Float32Array | null, trainable = false): TensorValue {
    const { settings, weights } = denseLayer(kernel, bias);
    return this.add('Dense', { trainable, ...settings }, value, this.#features(value, kernel), { weights });
  }

  /** x [.., in] → x W + b, W [in, out]: the node's own layer, which is trained. */
  linear(value: TensorValue, kernel: Hdf5Floats, bias: Float32Array | null): TensorValue {
    const make = () => {
      const { settings, weights } = denseLayer(kernel, bias);
      return new KerasLayer('Dense', settings, { weights });
    };
    return this.own(make, value, this.#features(value, kernel));
  }

  #features(value: TensorValue, { shape: [width, units] }: Hdf5Floats): Dimension[] {
    const { dims } = value.tensor;
    if (dims.length === 0 || placeOf(value, -1) === null || dims.at(-1) !== width)
      this.fail(`features [.., ${width}]`, `[${shapeOf(value).join(', ')}]`);
    return [...dims.slice(0, -1), units];
  }

  /** The axes after the batch in another order: place k of the result is place `order[k]` of the value. */
  permuted(value: TensorValue, order: readonly number[]): TensorValue {
    if (order.every((place, k) => place === k)) return value;
    const { dims, call } = value.tensor;
    const { className, settings } = call.layer.inner ?? call.layer;
    if (className === 'Permute') {
      const before = settings.dims as readonly number[]; // two in a row are one, or none
      return this.permuted({ ...value, tensor: call.inputs[0] }, order.map((place) => before[place] - 1)); // biome-ignore format: a call
    }
    return this.add('Permute', { dims: order.map((place) => place + 1) }, value, order.map((place) => dims[place])); // biome-ignore format: a call
  }

  /** The axes after the batch in other sizes. One of them may be known only when the model runs. */
  reshaped(value: TensorValue, dims: readonly Dimension[]): TensorValue {
    const open = dims.filter((d) => typeof d === 'string');
    if (open.length > 1) this.fail('at most one size that is known only when the model runs', `[${dims.join(', ')}]`);
    return this.add('Reshape', { target_shape: dims.map((d) => (typeof d === 'number' ? d : -1)) }, value, dims);
  }

  /** Along one axis of a known size n, x → x M for a matrix M [n, m]: parts, single rows, means. */
  along(value: TensorValue, axis: number, matrix: (n: number) => Hdf5Floats): TensorValue {
    const place = placeOf(value, axis);
    const n = place === null ? 'batch' : value.tensor.dims[place];
    if (place === null || typeof n !== 'number')
      return this.fail(
        `an axis whose size is known, because ${this.title} takes parts of others by code only`,
        `${this.node.op} along the axis ${n}`,
      );
    const rank = value.tensor.dims.length;
    const last = Array.from({ length: rank }, (_, k) => (k === place ? rank - 1 : k === rank - 1 ? place : k));
    return this.permuted(this.dense(this.permuted(value, last), matrix(n), null), last);
  }

  /** The value without an axis of size 1. */
  without(value: TensorValue, axis: number): TensorValue {
    const place = placeOf(value, axis);
    const { dims } = value.tensor;
    if (place === null) return this.fail('an axis other than the batch', 'the batch');
    if (dims[place] !== 1) this.fail('an axis of size 1', String(dims[place]));
    const reshaped = this.reshaped(value, dims.filter((_, k) => k !== place)); // biome-ignore format: a call
    return { ...reshaped, batch: place < value.batch ? value.batch - 1 : value.batch };
  }
}

const described: Readonly<Record<GraphValue['kind'], string>> = {
  tensor: 'a tensor',
  scaled: 'a tensor',
  stack: 'the states of all layers',
  weight: 'a weight',
  none: 'a state that is not given',
  lengths: 'lengths',
  steps: 'numbers of steps',
  column: 'ids',
  channels: 'a value for each channel',
  squares: 'a tensor',
  norm: 'a tensor',
  'sum of squares': 'a sum of squares',
  'sum over time': 'a sum over time',
};

/** Layers that work on the last axis, or on every element: they need nothing around them for frames. */
const worksOnFrames: ReadonlySet<string> = new Set(['Dense', 'Activation']);

function forFrames(layer: KerasLayer, { frames }: KerasTensor): KerasLayer {
  const { className, settings, weights } = layer;
  if (frames === undefined || worksOnFrames.has(className)) return layer;
  return new KerasLayer('TimeDistributed', {}, { weights, inner: { className, settings } });
}

function denseLayer(kernel: Hdf5Floats, bias: Float32Array | null) {
  const units = kernel.shape[1];
  return {
    settings: { units, activation: 'linear', use_bias: bias !== null },
    weights: [
      { index: 0, name: 'kernel', ...kernel },
      ...(bias ? [{ index: 1, name: 'bias', shape: [units], values: bias }] : []),
    ],
  };
}

/** One row of an axis of a known size, without the axis. */
export function selected(w: NodeWriter, value: TensorValue, axis: number, index: number): TensorValue {
  const from = (n: number) => (index < 0 ? index + n : index);
  return w.without(
    w.along(value, axis, (n) => selection(n, from(n), from(n) + 1)),
    axis,
  );
}
