// Sums, means and extremes along axes.

import { shown } from '../../checks.ts';
import { OptionError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { around, axis, type TensorShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireFloat } from './operands.ts';
import { expand, reshape } from './shaping.ts';
import { sumOut } from './sum-out.ts';

type Axes = number | readonly number[] | undefined;

/** Σ over the axes `dims`, or over all. The gradient of every summand is that of the sum. */
export function sum(x: Tensor, dims?: Axes, keepdim = false): Tensor {
  requireFloat('sum', x);
  const axes = axesOf('sum', x, dims);
  const kept = x.shape.map((n, d) => (axes.includes(d) ? 1 : n));
  const y = reshapeTo(sumOut(x, axes), kept, axes, keepdim);
  return record('sum', y, [x], (dy) => [expand(reshape(dy, kept), x.shape)]);
}

export function mean(x: Tensor, dims?: Axes, keepdim = false): Tensor {
  const count = axesOf('mean', x, dims).reduce((n, d) => n * x.shape[d], 1);
  return sum(x, dims, keepdim).div(count);
}

/** The largest or smallest along an axis, or of all. The gradient goes to the first of equals. */
export function extreme(op: 'max' | 'min', x: Tensor, dim?: number, keepdim = false): Tensor {
  requireFloat(op, x);
  if (dim === undefined) return extreme(op, reshape(x, [x.size]), 0, false);
  const d = axis(op, dim, x.rank);
  const index = argExtreme(op === 'max' ? 'argmax' : 'argmin', x, d, true);
  const y = x.gather(d, index);
  return keepdim ? y : y.squeeze(d);
}

/** int32 positions of the extremes. No gradient. */
export function argExtreme(op: 'argmax' | 'argmin', x: Tensor, dim?: number, keepdim = false): Tensor {
  requireFloat(op, x);
  if (dim === undefined) return argExtreme(op, reshape(x.detach(), [x.size]), 0, false);
  const d = axis(op, dim, x.rank);
  const { outer, n, inner } = around(x.shape, d);
  if (n === 0 && outer * inner > 0) throw new OptionError(op, 'dim', `axis ${d} has no elements to choose from`);
  const shape = keepdim ? x.shape.with(d, 1) : x.shape.toSpliced(d, 1);
  const y = Tensor.empty(shape, 'int32', x.backend);
  x.backend.argReduce(op, y.storage, x.storage, outer, n, inner);
  return y;
}

function reshapeTo(y: Tensor, kept: TensorShape, axes: readonly number[], keepdim: boolean): Tensor {
  return reshape(y, keepdim ? kept : kept.filter((_, d) => !axes.includes(d)));
}

function axesOf(who: string, x: Tensor, dims: Axes): number[] {
  if (dims === undefined) return x.shape.map((_, d) => d);
  const list = typeof dims === 'number' ? [dims] : dims;
  if (!Array.isArray(list))
    throw new OptionError(who, 'dims', `expected an axis or a list of axes, got ${shown(dims)}`);
  return [...new Set(list.map((d) => axis(who, d, x.rank)))].sort((a, b) => a - b);
}
