// Reductions over axes.

import { indices } from '../../tensor/create.ts';
import { argExtreme, extreme, mean, sum } from '../../tensor/ops/reduce.ts';
import { stack, zerosLike } from '../../tensor/ops/shaping.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp } from '../op.ts';
import { HostArray, onHost } from '../value.ts';

/** Over some axes, or over all where none are given. */
function reduction(reduce: (x: Tensor, axes: number[], keepdim: boolean) => Tensor): GraphOp {
  return {
    inputs: ['data', 'axes?'],
    attributes: ['axes', 'keepdims', 'noop_with_empty_axes'],
    run: (node) => {
      const x = node.tensor(0);
      const given = node.list(1, 'axes') ?? [];
      if (given.length === 0 && node.flag('noop_with_empty_axes', false)) return x;
      const axes = given.length > 0 ? given.map((axis) => node.axis(axis, x.rank)) : Array.from(x.shape.keys());
      return reduce(x, axes, node.flag('keepdims', true));
    },
  };
}

/** The largest or smallest over several axes, one after the other. */
function extremeOver(op: 'max' | 'min') {
  return (x: Tensor, axes: number[], keepdim: boolean): Tensor => {
    const reduced = axes.reduce((y, axis) => extreme(op, y, axis, true), x);
    return keepdim ? reduced : reduced.reshape(...x.shape.filter((_, axis) => !axes.includes(axis)));
  };
}

/** The position of the largest or smallest along an axis: of several, the first, or with `select_last_index` the last. */
function position(op: 'argmax' | 'argmin'): GraphOp {
  return {
    inputs: ['data'],
    attributes: ['axis', 'keepdims', 'select_last_index'],
    run: (node) => {
      const x = node.tensor(0);
      const axis = node.axis(node.whole('axis', 0), x.rank);
      const keepdims = node.flag('keepdims', true);
      if (!node.flag('select_last_index', false)) return argExtreme(op, x, axis, keepdims);
      const found = onHost(argExtreme(op, x.flip(axis), axis, keepdims));
      return new HostArray(
        'int',
        found.shape,
        Float64Array.from(found.values, (i) => x.shape[axis] - 1 - i),
      );
    },
  };
}

/** Sums along an axis up to each position; `exclusive` leaves out the position's own, `reverse` begins at the end. */
function cumulative(x: Tensor, axis: number, exclusive: boolean, reverse: boolean): Tensor {
  const steps = x.unbind(axis);
  if (steps.length === 0) return x;
  if (reverse) steps.reverse();
  const sums: Tensor[] = [];
  let total = zerosLike(x, steps[0].shape);
  for (const step of steps) {
    const next = total.add(step);
    sums.push(exclusive ? total : next);
    total = next;
  }
  if (reverse) sums.reverse();
  return stack(sums, axis);
}

export const reduceOps: Readonly<Record<string, GraphOp>> = {
  ReduceMean: reduction(mean),
  ReduceSum: reduction(sum),
  ReduceMax: reduction(extremeOver('max')),
  ReduceMin: reduction(extremeOver('min')),
  ReduceSumSquare: reduction((x, axes, keepdim) => sum(x.mul(x), axes, keepdim)),
  ReduceL1: reduction((x, axes, keepdim) => sum(x.abs(), axes, keepdim)),
  ReduceL2: reduction((x, axes, keepdim) => sum(x.mul(x), axes, keepdim).sqrt()),
  ArgMax: position('argmax'),
  ArgMin: position('argmin'),

  CumSum: {
    inputs: ['x', 'axis'],
    attributes: ['exclusive', 'reverse'],
    run: (node) => {
      const given = node.value(0);
      const x = node.tensor(0);
      const axis = node.axis(node.host(1).values[0], x.rank);
      const sums = cumulative(x, axis, node.flag('exclusive', false), node.flag('reverse', false));
      return given instanceof HostArray ? new HostArray('int', sums.shape, onHost(sums).values) : sums;
    },
  },

  /** The k largest (or smallest) along an axis, sorted, and where they are. Reads the values. */
  TopK: {
    inputs: ['X', 'K?'],
    attributes: ['axis', 'largest', 'sorted', 'k'],
    run: (node) => {
      const x = node.tensor(0);
      const axis = node.axis(node.whole('axis', -1), x.rank);
      const [k] = node.list(1, 'k') ?? [node.whole('k')];
      const n = x.shape[axis];
      if (!Number.isSafeInteger(k) || k < 0 || k > n) node.fail(`expected K from 0 to ${n}, got ${k}`);
      const sign = node.flag('largest', true) ? -1 : 1;
      const values = x.dataSync();
      const inner = sizeOf(x.shape.slice(axis + 1));
      const shape = x.shape.with(axis, k);
      const places = new Int32Array(sizeOf(shape));
      for (let row = 0; row < (n === 0 ? 0 : x.size / n); row++) {
        const at = Math.floor(row / inner) * n * inner + (row % inner);
        const order = Array.from({ length: n }, (_, i) => i);
        order.sort((a, b) => sign * (values[at + a * inner] - values[at + b * inner]) || a - b);
        for (let i = 0; i < k; i++) places[Math.floor(row / inner) * k * inner + i * inner + (row % inner)] = order[i];
      }
      const index = new HostArray('int', shape, places);
      return [x.gather(axis, indices(places, shape, { backend: x.backend })), index];
    },
  },
};
