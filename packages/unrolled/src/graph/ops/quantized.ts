// Integers that stand for floats: q = x / scale + zero point, rounded to even and kept in the range of the type. They are values of the host, without a
// gradient, and exact: products of 8-bit integers are computed as floats, which hold them.

import { tensor } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { type GraphValue, HostArray, onHost } from '../value.ts';
import { convolved } from './convolution.ts';
import { windowAttributes, windowOf } from './windows.ts';

export const quantizedOps: Readonly<Record<string, GraphOp>> = {
  /** `low` and `high` are the range of the type. */
  QuantizeLinear: {
    inputs: ['x', 'y_scale', 'y_zero_point?'],
    attributes: ['axis', 'low', 'high'],
    run: (node) => {
      const x = node.value(0);
      return quantized(node, onHost(x), node.host(1), node.given(2) ? node.host(2) : null);
    },
  },

  DequantizeLinear: {
    inputs: ['x', 'x_scale', 'x_zero_point?'],
    attributes: ['axis'],
    run: (node) => {
      const x = node.host(0);
      const along = alongAxis(node, x.shape, node.host(1).size);
      const [scale, zero] = [node.host(1).values, node.given(2) ? node.host(2).values : null];
      const values = Float32Array.from(x.values, (q, i) => (q - (zero?.[along(i)] ?? 0)) * scale[along(i)]);
      return tensor(values, x.shape);
    },
  },

  QLinearConv: {
    inputs: ['x', 'x_scale', 'x_zero_point', 'w', 'w_scale', 'w_zero_point', 'y_scale', 'y_zero_point', 'B?'],
    attributes: [...windowAttributes, 'group', 'low', 'high'],
    run: (node) => {
      const [x, weight] = [centered(node, 0, 2), centered(node, 3, 5)];
      if (x.rank < 3 || x.rank > 5 || weight.rank !== x.rank) node.fail('expected one to three axes of space');
      const bias = node.given(8) ? node.tensor(8) : null;
      const window = windowOf(node, weight.shape.slice(2), x.shape.slice(2));
      const sums = onHost(convolved(node, x, weight, bias, window, node.whole('group', 1)));
      const [scaleX, scaleW, scaleY] = [1, 4, 6].map((i) => node.host(i));
      const [, channels, ...space] = sums.shape;
      const inner = space.reduce((n, d) => n * d, 1);
      const scaled = Float64Array.from(sums.values, (sum, i) => {
        const channel = scaleW.size === 1 ? 0 : Math.floor(i / inner) % channels;
        return sum * scaleX.values[0] * scaleW.values[channel];
      });
      return quantized(node, new HostArray('int', sums.shape, scaled), scaleY, node.host(7));
    },
  },
};

/** Integers less their zero point, as floats. */
function centered(node: RunContext, at: number, zeroAt: number): Tensor {
  const [q, zero] = [node.host(at), node.host(zeroAt)];
  const rows = q.size / Math.max(1, zero.size);
  const values = Float32Array.from(q.values, (v, i) => v - zero.values[Math.floor(i / rows)]);
  return tensor(values, q.shape);
}

function quantized(node: RunContext, x: HostArray, scale: HostArray, zero: HostArray | null): GraphValue {
  const [low, high] = [node.number('low', 0), node.number('high', 255)];
  const along = alongAxis(node, x.shape, scale.size);
  const values = Float64Array.from(x.values, (v, i) => {
    const k = along(i);
    const q = roundToEven(Math.fround(v / scale.values[k])) + (zero?.values[k] ?? 0);
    return Math.min(high, Math.max(low, q));
  });
  return new HostArray('int', x.shape, values);
}

/** Which scale an element has: the only one, or that of its position on `axis`. */
function alongAxis(node: RunContext, shape: readonly number[], scales: number): (i: number) => number {
  if (scales === 1) return () => 0;
  const axis = node.axis(node.whole('axis', 1), shape.length);
  if (shape[axis] !== scales) node.fail(`expected 1 or ${shape[axis]} scales, got ${scales}`);
  const inner = shape.slice(axis + 1).reduce((n, d) => n * d, 1);
  return (i) => Math.floor(i / inner) % scales;
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
