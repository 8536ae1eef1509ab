// Shapes: what a graph asks of a tensor's form, and changes of form without change of values.

import * as shaping from '../../tensor/ops/shaping.ts';
import { logSoftmax, softmax } from '../../tensor/ops/softmax.ts';
import { sizeOf, type TensorShape } from '../../tensor/shape.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { type GraphValue, HostArray } from '../value.ts';
import { hostConcat, hostExpand, hostPermute } from '../host-arrays.ts';
import { broadcastShape } from './elementwise.ts';

export const shapingOps: Readonly<Record<string, GraphOp>> = {
  Identity: { inputs: ['input'], run: (node) => node.value(0) },

  Shape: {
    inputs: ['data'],
    attributes: ['start', 'end'],
    run: (node) => {
      const { shape } = node.value(0);
      return HostArray.ints(shape.slice(node.whole('start', 0), node.has('end') ? node.whole('end') : undefined));
    },
  },

  Reshape: {
    inputs: ['data', 'shape?'],
    attributes: ['shape', 'allowzero'],
    run: (node) => {
      const data = node.value(0);
      const wanted = node.list(1, 'shape') ?? node.fail('the shape is missing');
      return reshaped(data, resolved(node, wanted, data.shape, node.flag('allowzero', false)));
    },
  },

  Transpose: {
    inputs: ['data'],
    attributes: ['perm'],
    run: (node) => {
      const x = node.value(0);
      const perm = node.wholes('perm', Array.from(x.shape.keys()).reverse());
      const order = perm.map((axis) => node.axis(axis, x.shape.length));
      if (new Set(order).size !== x.shape.length) node.fail(`[${perm.join(', ')}] does not name each axis once`);
      return x instanceof HostArray ? hostPermute(x, order) : shaping.permute(x, order);
    },
  },

  Concat: {
    inputs: ['…'],
    attributes: ['axis'],
    run: (node) => {
      const axis = node.axis(node.whole('axis'), node.value(0).shape.length);
      if (node.inputs.every((value) => value instanceof HostArray)) return concatHost(node, axis);
      return shaping.cat(
        node.inputs.map((_, i) => node.tensor(i)),
        axis,
      );
    },
  },

  /** One index of an axis, which goes: −1 is the last. */
  Select: {
    inputs: ['data'],
    attributes: ['axis', 'index'],
    run: (node) => {
      const x = node.tensor(0);
      const axis = node.axis(node.whole('axis'), x.rank);
      return shaping.select(x, axis, node.axis(node.whole('index'), x.shape[axis]));
    },
  },

  Squeeze: {
    inputs: ['data', 'axes?'],
    attributes: ['axes'],
    run: (node) => {
      const data = node.value(0);
      const rank = data.shape.length;
      const axes = node.list(1, 'axes')?.map((axis) => node.axis(axis, rank));
      const shape = data.shape.filter((d, axis) => {
        const removed = axes ? axes.includes(axis) : d === 1;
        if (removed && d !== 1) node.fail(`axis ${axis} has size ${d}, expected 1`);
        return !removed;
      });
      return reshaped(data, shape);
    },
  },

  Unsqueeze: {
    inputs: ['data', 'axes?'],
    attributes: ['axes'],
    run: (node) => {
      const data = node.value(0);
      const given = node.list(1, 'axes') ?? node.fail('the axes are missing');
      const rank = data.shape.length + given.length;
      const axes = new Set(given.map((axis) => node.axis(axis, rank)));
      if (axes.size !== given.length) node.fail(`axes [${given.join(', ')}] are not all different`);
      const old = data.shape[Symbol.iterator]();
      return reshaped(
        data,
        Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (old.next().value as number))),
      );
    },
  },

  Size: { inputs: ['data'], run: (node) => new HostArray('int', [], [sizeOf(node.value(0).shape)]) },

  /** Two axes: those before `axis`, and the rest. */
  Flatten: {
    inputs: ['input'],
    attributes: ['axis'],
    run: (node) => {
      const { shape } = node.value(0);
      const axis = node.whole('axis', 1);
      const at = axis < 0 ? axis + shape.length : axis;
      if (at < 0 || at > shape.length) node.fail(`there is no axis ${axis} of ${shape.length}`);
      return reshaped(node.value(0), [sizeOf(shape.slice(0, at)), sizeOf(shape.slice(at))]);
    },
  },

  /** Broadcast with a shape: both may have sizes of 1. */
  Expand: {
    inputs: ['input', 'shape'],
    run: (node) => {
      const x = node.value(0);
      return expanded(x, broadcastShape(node, x.shape, Array.from(node.host(1).values)));
    },
  },

  Tile: {
    inputs: ['input', 'repeats'],
    run: (node) => {
      const x = node.value(0);
      const repeats = Array.from(node.host(1).values);
      if (repeats.length !== x.shape.length) node.fail(`expected ${x.shape.length} repeats, got ${repeats.length}`);
      if (!repeats.every((n) => Number.isSafeInteger(n) && n >= 0)) node.fail('expected whole numbers of repeats');
      const apart = x.shape.flatMap((d) => [1, d]);
      const repeated = x.shape.flatMap((d, axis) => [repeats[axis], d]);
      const result = x.shape.map((d, axis) => d * repeats[axis]);
      return reshaped(expanded(reshaped(x, apart), repeated), result);
    },
  },

  LogSoftmax: {
    inputs: ['input'],
    attributes: ['axis'],
    run: (node) => {
      const x = node.tensor(0);
      return logSoftmax(x, node.axis(node.whole('axis', -1), x.rank));
    },
  },

  Softmax: {
    inputs: ['input'],
    attributes: ['axis'],
    run: (node) => {
      const x = node.tensor(0);
      return softmax(x, node.axis(node.whole('axis', -1), x.rank));
    },
  },
};

function expanded(value: GraphValue, shape: TensorShape): GraphValue {
  return value instanceof HostArray ? hostExpand(value, shape) : shaping.expand(value, shape);
}

/** The value in another shape of as many elements. */
export function reshaped(value: GraphValue, shape: TensorShape): GraphValue {
  return value instanceof HostArray ? new HostArray(value.element, shape, value.values) : value.reshape(...shape);
}

/** A shape with 0 for "as it is" (unless `allowZero`) and −1 for "the rest". */
function resolved(node: RunContext, wanted: readonly number[], own: TensorShape, allowZero: boolean): TensorShape {
  const size = own.reduce((n, d) => n * d, 1);
  const shape = wanted.map((d, axis) =>
    d === 0 && !allowZero ? (own[axis] ?? node.fail(`there is no axis ${axis}`)) : d,
  );
  const known = shape.filter((d) => d !== -1).reduce((n, d) => n * d, 1);
  const result = shape.map((d) => (d === -1 ? size / known : d));
  const fits = result.every((d) => Number.isSafeInteger(d) && d >= 0) && result.reduce((n, d) => n * d, 1) === size;
  if (!fits || shape.filter((d) => d === -1).length > 1)
    node.fail(`[${own.join(', ')}] cannot be reshaped to [${wanted.join(', ')}]`);
  return result;
}

function concatHost(node: RunContext, axis: number): HostArray {
  const all = node.inputs.map((_, i) => node.host(i));
  const [{ shape }] = all;
  for (const other of all)
    if (other.shape.length !== shape.length || other.shape.some((d, i) => i !== axis && d !== shape[i]))
      node.fail(`[${shape.join(', ')}] and [${other.shape.join(', ')}] differ along other axes than ${axis}`);
  return hostConcat(all, axis);
}
