// Ops that look at one element at a time, with NumPy's broadcasting.

import type { Backend, BinaryOp, DType, Storage, UnaryOp } from '../../backend/backend.ts';
import { maxRank } from '../../backend/backend.ts';
import { requireOneOf } from '../../checks.ts';
import { ShapeError, TensorError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { broadcastShapes, broadcastStrides, collapse, sameShape } from '../shape.ts';
import { type Operand, Tensor } from '../tensor.ts';
import { requireAlike, requireFloat, requireSameBackend, requireTensor } from './operands.ts';
import { expand } from './shaping.ts';
import { sumTo } from './sum-out.ts';

/** f(x) for one of the seam's unary functions. The derivative is the backend's, from x and y. */
export function unary(op: UnaryOp, x: Tensor): Tensor {
  requireFloat(op, x);
  const y = Tensor.empty(x.shape, x.dtype, x.backend);
  x.backend.unary(op, y.storage, x.storage);
  return record(op, y, [x], (dy) => {
    const dx = Tensor.empty(x.shape, x.dtype, x.backend);
    x.backend.unaryBackward(op, dx.storage, dy.storage, x.storage, y.storage);
    return [dx];
  });
}

export function add(a: Operand, b: Operand): Tensor {
  const [x, y] = pair('add', a, b);
  return record('add', binary('add', x, y), [x, y], (dz) => [sumTo(dz, x.shape), sumTo(dz, y.shape)]);
}

export function sub(a: Operand, b: Operand): Tensor {
  const [x, y] = pair('sub', a, b);
  return record('sub', binary('sub', x, y), [x, y], (dz) => [
    sumTo(dz, x.shape),
    y.requiresGrad ? sumTo(dz.neg(), y.shape) : null,
  ]);
}

export function mul(a: Operand, b: Operand): Tensor {
  const [x, y] = pair('mul', a, b);
  return record('mul', binary('mul', x, y), [x, y], (dz) => [
    x.requiresGrad ? sumTo(dz.mul(y), x.shape) : null,
    y.requiresGrad ? sumTo(dz.mul(x), y.shape) : null,
  ]);
}

export function div(a: Operand, b: Operand): Tensor {
  const [x, y] = pair('div', a, b);
  const z = binary('div', x, y);
  return record('div', z, [x, y], (dz) => [
    x.requiresGrad ? sumTo(dz.div(y), x.shape) : null,
    y.requiresGrad ? sumTo(dz.mul(z).div(y).neg(), y.shape) : null, // d(x/y)/dy = −(x/y)/y
  ]);
}

export function pow(a: Operand, b: Operand): Tensor {
  const [x, y] = pair('pow', a, b);
  const z = binary('pow', x, y);
  return record('pow', z, [x, y], (dz) => [
    // y·x^(y−1), and x^y·ln x; both are 0 where the power is constant, though a factor is infinite.
    x.requiresGrad ? sumTo(where(y.eq(0), 0, dz.mul(y).mul(pow(x, y.sub(1)))), x.shape) : null,
    y.requiresGrad ? sumTo(where(x.eq(0).mul(y.ge(0)), 0, dz.mul(z).mul(x.log())), y.shape) : null,
  ]);
}

export function maximum(a: Operand, b: Operand): Tensor {
  return select('max', 'gt', a, b);
}

export function minimum(a: Operand, b: Operand): Tensor {
  return select('min', 'lt', a, b);
}

/** max or min of two: the gradient goes to the one taken, half to each where they are equal. */
function select(op: 'max' | 'min', wins: 'gt' | 'lt', a: Operand, b: Operand): Tensor {
  const [x, y] = pair(op, a, b);
  return record(op, binary(op, x, y), [x, y], (dz) => {
    const share = binary(wins, x, y).add(binary('eq', x, y).mul(0.5));
    return [
      x.requiresGrad ? sumTo(dz.mul(share), x.shape) : null,
      y.requiresGrad ? sumTo(dz.mul(sub(1, share)), y.shape) : null,
    ];
  });
}

/** 1 where the comparison holds, 0 elsewhere. No gradient. */
export function compare(op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge', a: Operand, b: Operand): Tensor {
  return binary(op, ...pair(op, a, b));
}

/** condition ≠ 0 ? a : b, with broadcasting. No gradient reaches the side that was not taken, not even a NaN. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  requireTensor('where', condition);
  for (const v of [a, b]) if (typeof v !== 'number') requireTensor('where', v);
  const model = [a, b].find((v) => v instanceof Tensor);
  const { backend } = condition;
  const [x, y] = model
    ? pair('where', a, b)
    : [a, b].map((v) => scalar(backend, condition.dtype === 'int32' ? 'float32' : condition.dtype, v as number));
  requireSameBackend('where', condition, x);
  const shape = broadcastShapes('where', condition.shape, broadcastShapes('where', x.shape, y.shape));
  const [mask, p, q] = [condition, x, y].map((t) => (sameShape(t.shape, shape) ? t : expand(t, shape)));
  const out = Tensor.empty(shape, x.dtype, x.backend);
  x.backend.where(out.storage, mask.storage, p.storage, q.storage);
  return record('where', out, [p, q], (dz) => {
    const zero = scalar(dz.backend, dz.dtype, 0);
    return [p.requiresGrad ? where(mask, dz, zero) : null, q.requiresGrad ? where(mask, zero, dz) : null];
  });
}

export function cast(x: Tensor, dtype: DType): Tensor {
  requireTensor('cast', x);
  if (dtype === x.dtype) return x;
  requireOneOf('cast', 'dtype', dtype, ['float32', 'float64', 'int32']);
  if (dtype === 'float64' && x.backend.name !== 'reference')
    throw new TensorError('cast', `float64 is the reference backend's alone, and this is ${x.backend.name}`);
  const y = Tensor.empty(x.shape, dtype, x.backend);
  x.backend.cast(y.storage, x.storage);
  if (dtype === 'int32' || x.dtype === 'int32') return y;
  return record('cast', y, [x], (dy) => [cast(dy, x.dtype)]);
}

/** out = a op b without a gradient. */
function binary(op: BinaryOp, a: Tensor, b: Tensor): Tensor {
  if (sameShape(a.shape, b.shape)) {
    const out = Tensor.empty(a.shape, a.dtype, a.backend);
    a.backend.binary(op, out.storage, a.storage, b.storage, [a.size], [1], [1]);
    return out;
  }
  const shape = broadcastShapes(op, a.shape, b.shape);
  const out = Tensor.empty(shape, a.dtype, a.backend);
  const walk = collapse(shape, broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape));
  if (walk.shape.length > maxRank) throw new ShapeError(op, `operands of at most ${maxRank} axes`, a.shape, b.shape);
  a.backend.binary(op, out.storage, a.storage, b.storage, walk.shape, walk.strides[0], walk.strides[1]);
  return out;
}

/** Both operands as tensors of one dtype on one backend; a number becomes a tensor of rank 0. */
function pair(who: string, a: Operand, b: Operand): [Tensor, Tensor] {
  for (const v of [a, b]) if (typeof v !== 'number') requireTensor(who, v);
  const model = a instanceof Tensor ? a : (b as Tensor);
  requireTensor(who, model);
  const [x, y] = [a, b].map((v) => (v instanceof Tensor ? v : scalar(model.backend, model.dtype, v)));
  requireAlike(who, x, y);
  requireFloat(who, x);
  return [x, y];
}

// Constants such as the 1 in 1 − z come again in every step: they are made once.
const constants = new WeakMap<Backend, Map<string, Storage>>();
const mostConstants = 512;

/** A tensor of rank 0. */
export function scalar(backend: Backend, dtype: DType, value: number): Tensor {
  let known = constants.get(backend);
  if (!known) constants.set(backend, (known = new Map()));
  const key = `${dtype} ${Object.is(value, -0) ? '-0' : value}`;
  let storage = known.get(key);
  if (!storage) {
    storage = backend.allocate(dtype, 1);
    backend.fill(storage, value);
    if (known.size < mostConstants) known.set(key, storage);
    else backend.watch(storage.block);
  }
  return new Tensor(storage, []);
}
