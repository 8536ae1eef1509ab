// Elements by their positions. Positions are values of the host; what they pick is a tensor with its gradient, or an array of the host.

import { full, indices, tensor } from '../../tensor/create.ts';
import { embedding } from '../../tensor/ops/embedding.ts';
import { cat, gather, permute, slice, split } from '../../tensor/ops/shaping.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { sizeOf, stridesOf, type TensorShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { hostGather, hostSlice, largestHostArray } from '../host-arrays.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { type GraphValue, HostArray, onHost } from '../value.ts';
import { reshaped } from './shaping.ts';

export const indexingOps: Readonly<Record<string, GraphOp>> = {
  /** Positions of an axis, which becomes the axes of the indices; negative ones count from the end. */
  Gather: {
    inputs: ['data', 'indices'],
    attributes: ['axis'],
    run: (node) => {
      const data = node.value(0);
      const axis = node.axis(node.whole('axis', 0), data.shape.length);
      return gathered(data, axis, inRange(node, node.host(1), data.shape[axis]));
    },
  },

  /** The element of an axis that the index at the same place names. */
  GatherElements: {
    inputs: ['data', 'indices'],
    attributes: ['axis'],
    run: (node) => {
      const data = node.value(0);
      const axis = node.axis(node.whole('axis', 0), data.shape.length);
      const index = inRange(node, node.host(1), data.shape[axis]);
      if (index.shape.length !== data.shape.length) node.fail('expected as many axes of the indices as of the data');
      const flat = elementPositions(index, data.shape, axis);
      return reshaped(gathered(reshaped(data, [sizeOf(data.shape)]), 0, flat), index.shape);
    },
  },

  /** What the last axis of the indices names: an element, or a part of the trailing axes. */
  GatherND: {
    inputs: ['data', 'indices'],
    attributes: ['batch_dims'],
    run: (node) => {
      const data = node.value(0);
      if (node.whole('batch_dims', 0) !== 0) node.fail('batch_dims: expected 0');
      const { rows, lead, rest } = namedParts(node, node.host(1), data.shape);
      return reshaped(gathered(reshaped(data, [sizeOf(data.shape) / sizeOf(rest) || 0, sizeOf(rest)]), 0, rows), [
        ...lead,
        ...rest,
      ]);
    },
  },

  ScatterElements: {
    inputs: ['data', 'indices', 'updates'],
    attributes: ['axis', 'reduction'],
    run: (node) => {
      const data = node.value(0);
      const axis = node.axis(node.whole('axis', 0), data.shape.length);
      const index = inRange(node, node.host(1), data.shape[axis]);
      return scattered(node, elementPositions(index, data.shape, axis).values);
    },
  },

  ScatterND: {
    inputs: ['data', 'indices', 'updates'],
    attributes: ['reduction'],
    run: (node) => {
      const { rows, rest } = namedParts(node, node.host(1), node.value(0).shape);
      const part = sizeOf(rest);
      return scattered(
        node,
        Float64Array.from(
          { length: rows.size * part },
          (_, i) => rows.values[Math.floor(i / part)] * part + (i % part),
        ),
      );
    },
  },

  /** From starts to ends by steps, along axes; a negative step goes backwards. */
  Slice: {
    inputs: ['data', 'starts?', 'ends?', 'axes?', 'steps?'],
    attributes: ['starts', 'ends', 'axes', 'steps'],
    run: (node) => {
      const data = node.value(0);
      const starts = node.list(1, 'starts') ?? node.fail('the starts are missing');
      const ends = node.list(2, 'ends') ?? node.fail('the ends are missing');
      const axes = node.list(3, 'axes') ?? starts.map((_, axis) => axis);
      const steps = node.list(4, 'steps') ?? starts.map(() => 1);
      if ([ends, axes, steps].some(({ length }) => length !== starts.length))
        node.fail('starts, ends, axes and steps differ in number');
      return axes.reduce<GraphValue>((value, given, k) => {
        const axis = node.axis(given, data.shape.length);
        return sliced(node, value, axis, starts[k], ends[k], steps[k]);
      }, data);
    },
  },

  Split: {
    inputs: ['input', 'split?'],
    attributes: ['split', 'axis', 'num_outputs'],
    run: (node) => {
      const data = node.value(0);
      const axis = node.axis(node.whole('axis', 0), data.shape.length);
      const count = node.whole('num_outputs', node.node.outputs.length);
      const n = data.shape[axis];
      const part = Math.ceil(n / count);
      const equal = () => Array.from({ length: count }, (_, k) => Math.max(0, Math.min(part, n - k * part)));
      const sizes = node.list(1, 'split') ?? equal();
      if (sizes.reduce((a, b) => a + b, 0) !== n || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0))
        node.fail(`expected parts with the sum ${n}, got [${sizes.join(', ')}]`);
      if (data instanceof Tensor) return split(data, sizes, axis);
      let at = 0;
      return sizes.map((size) => hostSlice(data, axis, (at += size) - size, size, 1));
    },
  },

  /** start, start + delta, … before limit. */
  Range: {
    inputs: ['start', 'limit', 'delta'],
    run: (node) => {
      const [start, limit, delta] = [0, 1, 2].map((i) => node.host(i).values[0]);
      const count = Math.max(0, Math.ceil((limit - start) / delta));
      if (!(count <= largestHostArray)) node.fail(`from ${start} to ${limit} by ${delta} are too many numbers`);
      const values = Float64Array.from({ length: count }, (_, i) => start + i * delta);
      return node.inputs.every((v) => v instanceof HostArray)
        ? new HostArray('int', [count], values)
        : tensor(values, [count]);
    },
  },

  /** An array of one value. `element` says of what kind it is. */
  ConstantOfShape: {
    inputs: ['input'],
    attributes: ['value', 'element'],
    run: (node) => {
      const shape = Array.from(node.host(0).values);
      const value = node.number('value', 0);
      const element = node.oneOf('element', ['float', 'int', 'bool'], 'float');
      const size = shape.reduce((n, d) => n * (d || 1), 1);
      if (!shape.every((d) => Number.isSafeInteger(d) && d >= 0) || size > largestHostArray)
        node.fail(`[${shape.join(', ')}] is no shape, or one of too many elements`);
      if (element === 'float') return full(shape, value);
      return new HostArray(element, shape, new Float64Array(sizeOf(shape)).fill(value));
    },
  },

  /** The positions of what is not 0, one row for each axis. Reads the values. */
  NonZero: {
    inputs: ['X'],
    run: (node) => {
      const { shape, values } = node.host(0);
      const found = Array.from(values, (v, i) => (v === 0 ? -1 : i)).filter((i) => i >= 0);
      const strides = stridesOf(shape);
      const rows = shape.map((d, axis) => found.map((i) => Math.floor(i / strides[axis]) % d));
      return new HostArray('int', [shape.length, found.length], rows.flat());
    },
  },

  /** values[1] where the index is, values[0] elsewhere, along a new axis. */
  OneHot: {
    inputs: ['indices', 'depth', 'values'],
    attributes: ['axis'],
    run: (node) => {
      const index = node.host(0);
      const depth = node.host(1).values[0];
      const axis = node.axis(node.whole('axis', -1), index.shape.length + 1);
      const shape = index.shape.toSpliced(axis, 0, depth);
      if (!(sizeOf(shape) <= largestHostArray)) node.fail(`[${shape.join(', ')}] has too many elements`);
      const inner = sizeOf(index.shape.slice(axis));
      const values = node.value(2);
      const hot = Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
        const [row, k] = [Math.floor(i / (inner * depth)), Math.floor(i / inner) % depth];
        const at = index.values[row * inner + (i % inner)];
        return Number((at < 0 ? at + depth : at) === k);
      });
      if (values instanceof HostArray)
        return new HostArray(
          'int',
          shape,
          hot.map((h) => values.values[h]),
        );
      const [off, on] = values.split([1, 1], 0);
      return tensor(hot, shape, { backend: values.backend, dtype: values.dtype }).mul(on.sub(off)).add(off);
    },
  },

  /** The first steps of each row in the opposite order, as many as its length. */
  ReverseSequence: {
    inputs: ['input', 'sequence_lens'],
    attributes: ['time_axis', 'batch_axis'],
    run: (node) => {
      const x = node.value(0);
      const [time, batch] = [node.whole('time_axis', 0), node.whole('batch_axis', 1)];
      if (![time, batch].every((axis) => axis === 0 || axis === 1) || time === batch)
        node.fail('expected time_axis and batch_axis 0 and 1, or 1 and 0');
      const [T, B] = [x.shape[time], x.shape[batch]];
      const lengths = node.host(1).values;
      for (const n of Array.from(lengths))
        if (!(n >= 0 && n <= T)) node.fail(`a length is ${n}; the sequence has ${T} steps`);
      const from = Float64Array.from({ length: T * B }, (_, i) => {
        const [t, b] = time === 0 ? [Math.floor(i / B), i % B] : [i % T, Math.floor(i / T)];
        const source = t < lengths[b] ? lengths[b] - 1 - t : t;
        return time === 0 ? source * B + b : b * T + source;
      });
      const rest = x.shape.slice(2);
      const rows = gathered(reshaped(x, [T * B, ...rest]), 0, new HostArray('int', [T * B], from));
      return reshaped(rows, x.shape);
    },
  },
};

/** The indices counted from the start, each of 0 … n − 1. */
function inRange(node: RunContext, index: HostArray, n: number): HostArray {
  const values = Float64Array.from(index.values, (i) => {
    const counted = i < 0 ? i + n : i;
    if (!(counted >= 0 && counted < n)) node.fail(`index ${i}: there are ${n} positions`);
    return counted;
  });
  return new HostArray('int', index.shape, values);
}

/** x at the positions of an axis. */
export function gathered(x: GraphValue, axis: number, index: HostArray): GraphValue {
  if (x instanceof HostArray) return hostGather(x, axis, index);
  const ids = indices(index.values, [index.size], { backend: x.backend });
  if (x.dtype === 'int32') return hostGather(onHost(x), axis, index);
  const order = [axis, ...x.shape.keys()].filter((a, i) => i === 0 || a !== axis);
  const front = axis === 0 ? x : permute(x, order);
  const rest = front.shape.slice(1);
  const rows = embedding(ids, front.reshape(x.shape[axis], sizeOf(rest)));
  const apart = rows.reshape(...index.shape, ...rest);
  if (axis === 0) return apart;
  const k = index.shape.length;
  const places = Array.from({ length: k }, (_, i) => i);
  const others = rest.map((_, i) => k + i);
  return permute(apart, [...others.slice(0, axis), ...places, ...others.slice(axis)]);
}

/** The position in a row-by-row array of what each index names along an axis. */
function elementPositions(index: HostArray, shape: TensorShape, axis: number): HostArray {
  const strides = stridesOf(shape);
  const own = stridesOf(index.shape);
  const values = Float64Array.from(index.values, (i, at) =>
    own.reduce((sum, stride, k) => sum + (k === axis ? i : Math.floor(at / stride) % index.shape[k]) * strides[k], 0),
  );
  return new HostArray('int', [index.size], values);
}

/** Parts of an array that rows of indices name: their numbers, the axes of the rows, and the axes of a part. */
function namedParts(node: RunContext, index: HostArray, shape: TensorShape) {
  const depth = index.shape.at(-1) ?? node.fail('expected indices of one axis or more');
  if (depth > shape.length) node.fail(`indices of ${depth} numbers into ${shape.length} axes`);
  const [named, rest, lead] = [shape.slice(0, depth), shape.slice(depth), index.shape.slice(0, -1)];
  const strides = stridesOf(named);
  const rows = Float64Array.from({ length: sizeOf(lead) }, (_, row) =>
    strides.reduce((sum, stride, k) => {
      const i = index.values[row * depth + k];
      const counted = i < 0 ? i + named[k] : i;
      if (!(counted >= 0 && counted < named[k])) node.fail(`index ${i}: there are ${named[k]} positions`);
      return sum + counted * stride;
    }, 0),
  );
  return { rows: new HostArray('int', [rows.length], rows), lead, rest };
}

const reductions = { add: 'add', mul: 'mul', max: 'maximum', min: 'minimum' } as const;

/**
 * The data with updates at these positions. Where a position comes several times, the last counts, or with a reduction all of them: each round takes one
 * of them, and picks from data and updates side by side, so that the gradient is that of picking.
 */
function scattered(node: RunContext, positions: ArrayLike<number>): GraphValue {
  const reduction = node.oneOf('reduction', ['none', 'add', 'mul', 'max', 'min'], 'none');
  const [data, updates] = [node.value(0), node.value(2)];
  if (sizeOf(updates.shape) !== positions.length)
    node.fail(`expected ${positions.length} updates, got the shape [${updates.shape.join(', ')}]`);
  const n = sizeOf(data.shape);
  const rounds: Map<number, number>[] = [];
  const seen = new Map<number, number>();
  for (let k = 0; k < positions.length; k++) {
    const round = reduction === 'none' ? 0 : (seen.get(positions[k]) ?? 0);
    seen.set(positions[k], round + 1);
    (rounds[round] ??= new Map()).set(positions[k], k);
  }
  if (data instanceof HostArray && reduction === 'none') {
    const values = Float64Array.from(data.values);
    const given = node.host(2).values;
    for (const [position, k] of rounds[0] ?? []) values[position] = given[k];
    return new HostArray(data.element, data.shape, values);
  }
  const added = node.tensor(2).reshape(positions.length);
  let out = node.tensor(0).reshape(n);
  for (const round of rounds) {
    const source = Int32Array.from({ length: n }, (_, i) => (round.has(i) ? n + (round.get(i) as number) : i));
    const picked = gather(cat([out, added]), 0, indices(source, [n], { backend: out.backend }));
    if (reduction === 'none') out = picked;
    else {
      const touched = Float32Array.from(source, (i) => (i >= n ? 1 : 0));
      const mask = tensor(touched, [n], { backend: out.backend, dtype: out.dtype });
      out = where(mask, out[reductions[reduction]](picked), out);
    }
  }
  return out.reshape(...data.shape);
}

function sliced(node: RunContext, x: GraphValue, axis: number, start: number, end: number, step: number): GraphValue {
  if (!Number.isSafeInteger(step) || step === 0) node.fail(`expected a step other than 0, got ${step}`);
  const n = x.shape[axis];
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  const clip = (i: number) => Math.min(high, Math.max(low, i < 0 ? i + n : i));
  const first = step > 0 ? clip(start) : Math.max(0, clip(start));
  const count = n === 0 ? 0 : Math.max(0, Math.ceil((clip(end) - first) / step));
  if (x instanceof HostArray) return hostSlice(x, axis, first, count, step);
  if (step > 0) return slice(x, axis, first, first + count * step, step);
  return slice(x.flip(axis), axis, n - 1 - first, count === 0 ? n - 1 - first : n - 1 - first - count * step, -step);
}
