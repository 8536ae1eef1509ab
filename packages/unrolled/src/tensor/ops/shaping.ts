// Ops that move elements, or only rename where they are. Most are one strided copy, there and back.

import { maxRank } from '../../backend/backend.ts';
import { requireEach, requireList, requireWhole, shown } from '../../checks.ts';
import { OptionError, ShapeError, TensorError } from '../../errors.ts';
import { record, recordMany } from '../autograd.ts';
import {
  around,
  axis,
  broadcastStrides,
  collapse,
  requireShape,
  type TensorShape,
  sameShape,
  sizeOf,
  stridesOf,
} from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { hostValues } from '../host-values.ts';
import { requireSameBackend, requireTensor } from './operands.ts';
import { sumTo } from './sum-out.ts';

/** The same elements in another shape; one size may be −1. Shares memory. */
export function reshape(x: Tensor, shape: TensorShape): Tensor {
  const target = inferSize(x, shape);
  if (sameShape(target, x.shape)) return x;
  return record('reshape', new Tensor(x.storage, target), [x], (dy) => [reshape(dy, x.shape)]);
}

function inferSize(x: Tensor, shape: TensorShape): TensorShape {
  const hole = shape.indexOf(-1);
  const known = sizeOf(shape.filter((n) => n !== -1));
  const target = hole < 0 ? shape : shape.with(hole, known === 0 ? 0 : x.size / known);
  if (sizeOf(target) !== x.size || target.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ShapeError('reshape', `${x.size} elements in a new shape: a tensor`, shape, x.shape);
  }
  return target;
}

export function flatten(x: Tensor, start: number, end: number): Tensor {
  const [a, b] = [axis('flatten', start, x.rank), axis('flatten', end, x.rank)];
  return reshape(x, [...x.shape.slice(0, a), sizeOf(x.shape.slice(a, b + 1)), ...x.shape.slice(b + 1)]);
}

export function squeeze(x: Tensor, dim: number): Tensor {
  const d = axis('squeeze', dim, x.rank);
  if (x.shape[d] !== 1)
    throw new ShapeError('squeeze', `an axis ${d} of size 1 in a tensor`, x.shape.with(d, 1), x.shape);
  return reshape(x, x.shape.toSpliced(d, 1));
}

export function unsqueeze(x: Tensor, dim: number): Tensor {
  return reshape(x, x.shape.toSpliced(axis('unsqueeze', dim, x.rank + 1), 0, 1));
}

/** Axes in another order: axis d of the result is axis dims[d] of x. */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  const order = dims.map((d) => axis('permute', d, x.rank));
  if (order.length !== x.rank || new Set(order).size !== x.rank) {
    throw new OptionError('permute', 'dims', `expected each of ${x.rank} axes once, got [${dims.join(', ')}]`);
  }
  const strides = stridesOf(x.shape);
  const shape = order.map((d) => x.shape[d]);
  const y = Tensor.empty(shape, x.dtype, x.backend);
  stridedCopy(
    y,
    0,
    stridesOf(shape),
    x,
    0,
    order.map((d) => strides[d]),
    shape,
    false,
  );
  const back = order.map((_, d) => order.indexOf(d));
  return record('permute', y, [x], (dy) => [permute(dy, back)]);
}

export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const [a, b] = [axis('transpose', dim0, x.rank), axis('transpose', dim1, x.rank)];
  return permute(
    x,
    x.shape.map((_, d) => (d === a ? b : d === b ? a : d)),
  );
}

/** Sizes of 1 repeated, new axes in front. The gradient is the sum over the copies. */
export function expand(x: Tensor, shape: TensorShape): Tensor {
  requireShape('expand', shape);
  const lead = shape.length - x.rank;
  if (lead < 0 || x.shape.some((n, d) => n !== 1 && n !== shape[d + lead])) {
    throw new ShapeError('expand', 'a tensor that broadcasts to', shape, x.shape);
  }
  if (sameShape(shape, x.shape)) return x;
  const y = Tensor.empty(shape, x.dtype, x.backend);
  stridedCopy(y, 0, stridesOf(shape), x, 0, broadcastStrides(x.shape, shape), shape, false);
  return record('expand', y, [x], (dy) => [sumTo(dy, x.shape)]);
}

/** Elements start, start + step, … before end along an axis. A part that lies together in memory shares it. */
export function slice(x: Tensor, dim: number, start: number, end = Infinity, step = 1): Tensor {
  const d = axis('slice', dim, x.rank);
  if (!Number.isInteger(step) || step < 1)
    throw new OptionError('slice', 'step', `expected a whole number from 1, got ${shown(step)}`);
  requirePosition('start', start);
  requirePosition('end', end);
  const n = x.shape[d];
  const clip = (i: number) => Math.min(n, Math.max(0, i < 0 ? i + n : i));
  const first = clip(start);
  const count = Math.max(0, Math.ceil((clip(end) - first) / step));
  if (count === n) return x;
  const shape = x.shape.with(d, count);
  const { outer, inner } = around(x.shape, d);
  if (outer === 1 && step === 1) {
    const part = new Tensor(x.storage.slice(first * inner, count * inner), shape);
    return record('slice', part, [x], (dy) => [placed(x, dy, d, first, step)]);
  }
  const strides = stridesOf(x.shape);
  const y = Tensor.empty(shape, x.dtype, x.backend);
  stridedCopy(y, 0, stridesOf(shape), x, first * strides[d], strides.with(d, strides[d] * step), shape, false);
  return record('slice', y, [x], (dy) => [placed(x, dy, d, first, step)]);
}

/** A whole number, or ∞ for as far as there is. */
function requirePosition(name: string, at: unknown): void {
  if (!Number.isInteger(at) && at !== Infinity && at !== -Infinity)
    throw new OptionError('slice', name, `expected a whole number, got ${shown(at)}`);
}

/** Zeros of x's shape with `part` at positions first, first + step, … of axis d: the backward pass of slice. */
function placed(x: Tensor, part: Tensor, d: number, first: number, step: number): Tensor {
  const out = Tensor.empty(x.shape, x.dtype, x.backend);
  x.backend.fill(out.storage, 0);
  const strides = stridesOf(x.shape);
  stridedCopy(
    out,
    first * strides[d],
    strides.with(d, strides[d] * step),
    part,
    0,
    stridesOf(part.shape),
    part.shape,
    false,
  );
  return out;
}

export function select(x: Tensor, dim: number, index: number): Tensor {
  const d = axis('select', dim, x.rank);
  const i = index < 0 ? index + x.shape[d] : index;
  if (!Number.isInteger(i) || i < 0 || i >= x.shape[d]) {
    throw new OptionError(
      'select',
      'index',
      `expected one from 0 to ${x.shape[d] - 1} along axis ${d}, got ${shown(index)}`,
    );
  }
  return reshape(slice(x, d, i, i + 1), x.shape.toSpliced(d, 1));
}

/** All positions of an axis. One node for all, so that the gradient of a long sequence is put together once. */
export function unbind(x: Tensor, dim: number): Tensor[] {
  const d = axis('unbind', dim, x.rank);
  const shape = x.shape.toSpliced(d, 1);
  const parts = Array.from({ length: x.shape[d] }, (_, i) => select(x.detach(), d, i));
  return recordMany('unbind', parts, [x], (dys) => [
    stack(
      dys.map((dy) => dy ?? zerosLike(x, shape)),
      d,
    ),
  ]) as Tensor[];
}

/** Parts of these sizes along an axis. */
export function split(x: Tensor, sizes: readonly number[], dim: number): Tensor[] {
  const d = axis('split', dim, x.rank);
  requireEach('split', 'sizes', sizes, requireWhole);
  if (sizes.reduce((a, b) => a + b, 0) !== x.shape[d]) {
    throw new OptionError(
      'split',
      'sizes',
      `expected a sum of ${x.shape[d]}, the size of axis ${d}, got [${sizes.join(', ')}]`,
    );
  }
  let start = 0;
  const source = x.detach();
  const parts = sizes.map((n) => {
    const part = slice(source, d, start, start + n);
    start += n;
    return part === source ? x.detach() : part;
  });
  return recordMany('split', parts, [x], (dys) => [
    cat(
      dys.map((dy, k) => dy ?? zerosLike(x, parts[k].shape)),
      d,
    ),
  ]) as Tensor[];
}

export function chunk(x: Tensor, count: number, dim: number): Tensor[] {
  const n = x.shape[axis('chunk', dim, x.rank)];
  requireWhole('chunk', 'count', count, 1);
  if (n % count !== 0)
    throw new OptionError('chunk', 'count', `axis ${dim} has ${n} positions, which ${count} does not divide`);
  return split(x, new Array<number>(count).fill(n / count), dim);
}

/** Side by side along an axis that is there. */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  requireList('cat', 'tensors', tensors);
  if (tensors.length === 0) throw new OptionError('cat', 'tensors', 'expected at least one');
  for (const t of tensors) requireTensor('cat', t);
  const first = tensors[0];
  const d = axis('cat', dim, first.rank);
  for (const t of tensors) {
    if (t.rank !== first.rank || !sameShape(t.shape.with(d, 0), first.shape.with(d, 0))) {
      throw new ShapeError('cat', `a tensor that equals the first but along axis ${d}`, first.shape, t.shape);
    }
    if (t.dtype !== first.dtype || t.backend !== first.backend)
      throw new TensorError('cat', `cannot join ${first} and ${t}`);
  }
  const sizes = tensors.map((t) => t.shape[d]);
  const shape = first.shape.with(
    d,
    sizes.reduce((a, b) => a + b, 0),
  );
  const y = Tensor.empty(shape, first.dtype, first.backend);
  const strides = stridesOf(shape);
  let start = 0;
  for (const t of tensors) {
    stridedCopy(y, start * strides[d], strides, t, 0, stridesOf(t.shape), t.shape, false);
    start += t.shape[d];
  }
  return record('cat', y, tensors, (dy) => split(dy, sizes, d));
}

/** Side by side along a new axis. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  requireList('stack', 'tensors', tensors);
  if (tensors.length === 0) throw new OptionError('stack', 'tensors', 'expected at least one');
  for (const t of tensors) requireTensor('stack', t);
  const d = axis('stack', dim, tensors[0].rank + 1);
  return cat(
    tensors.map((t) => unsqueeze(t, d)),
    d,
  );
}

export function flip(x: Tensor, dim: number): Tensor {
  const d = axis('flip', dim, x.rank);
  const strides = stridesOf(x.shape);
  const y = Tensor.empty(x.shape, x.dtype, x.backend);
  const last = Math.max(0, x.shape[d] - 1) * strides[d];
  stridedCopy(y, 0, strides, x, last, strides.with(d, -strides[d]), x.shape, false);
  return record('flip', y, [x], (dy) => [flip(dy, d)]);
}

export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  requireTensor('gather', index);
  const d = axis('gather', dim, x.rank);
  requireSameBackend('gather', x, index);
  if (index.dtype !== 'int32') throw new TensorError('gather', `expected an int32 index, got ${index.dtype}`);
  if (index.rank !== x.rank || !sameShape(index.shape.with(d, 0), x.shape.with(d, 0))) {
    throw new ShapeError('gather', `an index that equals the input but along axis ${d}`, x.shape, index.shape);
  }
  const { outer, n, inner } = around(x.shape, d);
  checkIndices('gather', index, n);
  const y = Tensor.empty(index.shape, x.dtype, x.backend);
  x.backend.gather(y.storage, x.storage, index.storage, outer, n, index.shape[d], inner);
  return record('gather', y, [x], (dy) => {
    const dx = zerosLike(x, x.shape);
    x.backend.gatherBackward(dx.storage, dy.storage, index.storage, outer, n, index.shape[d], inner);
    return [dx];
  });
}

/** Throws for an index outside 0 … n − 1: a kernel would read what is not there. */
export function checkIndices(who: string, index: Tensor, n: number, except?: number): void {
  const values = hostValues(index);
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if ((v < 0 || v >= n) && v !== except) {
      throw new OptionError(who, 'index', `expected integers from 0 to ${n - 1}, got ${shown(v)} at position ${i}`);
    }
  }
}

export function zerosLike(x: Tensor, shape: TensorShape): Tensor {
  const out = Tensor.empty(shape, x.dtype, x.backend);
  x.backend.fill(out.storage, 0);
  return out;
}

/** Copies or adds (`accumulate`) the elements that both walks meet: positions start + Σ index · stride of each. */
export function stridedCopy(
  out: Tensor,
  outStart: number,
  outStrides: readonly number[],
  x: Tensor,
  xStart: number,
  xStrides: readonly number[],
  shape: TensorShape,
  accumulate: boolean,
): void {
  const walk = collapse(shape, outStrides, xStrides);
  if (walk.shape.length > maxRank) throw new ShapeError('copy', `at most ${maxRank} axes that do not join`, [], shape);
  x.backend.stridedCopy(
    out.storage,
    outStart,
    walk.strides[0],
    x.storage,
    xStart,
    walk.strides[1],
    walk.shape,
    accumulate,
  );
}
