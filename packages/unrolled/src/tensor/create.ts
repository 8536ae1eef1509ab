// Tensors from values, formulas and random numbers.

import type { Backend, DType } from '../backend/backend.ts';
import { currentBackend } from '../backend/load.ts';
import { requireList, requireNumber, requireObject, requireOneOf, requireWhole, shown } from '../checks.ts';
import { ContextVariable } from '../context-variable.ts';
import { BackendError, OptionError, ShapeError } from '../errors.ts';
import { writeEach, writeValues } from './host-values.ts';
import { globalRandom } from './random-state.ts';
import { requireShape, type TensorShape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

/** The dtype and backend of a new tensor. */
export interface TensorOptions {
  /** The default dtype, 'float32' unless changed by `setDefaultDtype`. 'float64' is for the reference backend. */
  readonly dtype?: DType;
  /** Backend of the tensor. Default: the current one. */
  readonly backend?: Backend;
}

const defaultDtype = new ContextVariable<DType>('float32');

/** Sets the dtype of new tensors and parameters: 'float32', or 'float64' on the reference backend, for exact checks. */
export function setDefaultDtype(dtype: 'float32' | 'float64'): void {
  requireOneOf('setDefaultDtype', 'dtype', dtype, ['float32', 'float64']);
  defaultDtype.value = dtype;
}

/** Runs `body` with another dtype of new tensors and parameters. */
export function withDefaultDtype<R>(dtype: 'float32' | 'float64', body: () => R): R {
  return defaultDtype.run(dtype, body);
}

/** Numbers in arrays nested as deep as a tensor has axes. */
export type NestedArray = number | readonly NestedArray[];

/**
 * A tensor of these values: nested arrays with their shape, or a flat list with the shape given.
 *
 *   tensor([[1, 2], [3, 4]])          // [2, 2]
 *   tensor(Float32Array.of(1, 2), [2, 1])
 */
export function tensor(
  values: NestedArray | ArrayLike<number>,
  shape?: TensorShape,
  options: TensorOptions = {},
): Tensor {
  const flat = flatOf(values);
  const target = shape ?? (ArrayBuffer.isView(values) ? [flat.length] : shapeOf(values as NestedArray));
  if (shape !== undefined) requireShape('tensor', shape);
  if (sizeOf(target) !== flat.length)
    throw new ShapeError('tensor', `${flat.length} values for a tensor`, target, [flat.length]);
  const x = empty(target, options);
  if (x.dtype === 'int32' && !(values instanceof Int32Array)) requireIntegers(flat);
  writeValues(x, flat);
  return x;
}

/** int32 indices. */
export function indices(
  values: NestedArray | ArrayLike<number>,
  shape?: TensorShape,
  options: TensorOptions = {},
): Tensor {
  return tensor(values, shape, { ...options, dtype: 'int32' });
}

/** A tensor filled with `value`. */
export function full(shape: TensorShape, value: number, options: TensorOptions = {}): Tensor {
  return filled('full', shape, value, options);
}

function filled(who: string, shape: TensorShape, value: number, options: TensorOptions): Tensor {
  if (typeof value !== 'number') throw new OptionError(who, 'value', `expected a number, got ${shown(value)}`);
  const x = blank(who, shape, options);
  x.backend.fill(x.storage, value);
  return x;
}

/** A tensor of zeros. */
export function zeros(shape: TensorShape, options: TensorOptions = {}): Tensor {
  return filled('zeros', shape, 0, options);
}

/** A tensor of ones. */
export function ones(shape: TensorShape, options: TensorOptions = {}): Tensor {
  return filled('ones', shape, 1, options);
}

/** start, start + 1, … before end. */
export function arange(start: number, end: number, options: TensorOptions = {}): Tensor {
  for (const [name, x] of Object.entries({ start, end })) requireNumber('arange', name, x);
  return counted(Math.max(0, Math.ceil(end - start)), options, (i) => start + i);
}

/** `count` evenly spaced values from a to b, both included. */
export function linspace(a: number, b: number, count: number, options: TensorOptions = {}): Tensor {
  for (const [name, x] of Object.entries({ a, b })) requireNumber('linspace', name, x);
  requireWhole('linspace', 'count', count);
  const step = count > 1 ? (b - a) / (count - 1) : 0;
  return counted(count, options, (i) => a + i * step);
}

/** Uniform in [low, high), from the generator that `manualSeed` seeds. */
export function rand(shape: TensorShape, low = 0, high = 1, options: TensorOptions = {}): Tensor {
  for (const [name, x] of Object.entries({ low, high })) requireNumber('rand', name, x);
  return generate('rand', shape, options, () => low + (high - low) * globalRandom().uniform());
}

/** Normal, from the same generator. */
export function randn(shape: TensorShape, mean = 0, deviation = 1, options: TensorOptions = {}): Tensor {
  for (const [name, x] of Object.entries({ mean, deviation })) requireNumber('randn', name, x);
  return generate('randn', shape, options, () => mean + deviation * globalRandom().normal());
}

function generate(who: string, shape: TensorShape, options: TensorOptions, next: () => number): Tensor {
  const x = blank(who, shape, options);
  writeEach(x, next);
  return x;
}

/** A vector by formula. */
function counted(count: number, options: TensorOptions, value: (i: number) => number): Tensor {
  const x = empty([count], options);
  writeEach(x, value);
  return x;
}

/** Unspecified contents. */
export function empty(shape: TensorShape, options: TensorOptions = {}): Tensor {
  return blank('empty', shape, options);
}

function blank(who: string, shape: TensorShape, options: TensorOptions): Tensor {
  requireShape(who, shape);
  requireObject(who, 'options', options);
  const { dtype = defaultDtype.value, backend = currentBackend() } = options;
  requireOneOf(who, 'dtype', dtype, ['float32', 'float64', 'int32']);
  requireObject(who, 'backend', backend, ['name', 'allocate']);
  if (dtype === 'float64' && backend.name !== 'reference') {
    throw new BackendError(
      `float64 is the reference backend's alone, and this is ${backend.name}; run it inside withBackend('reference', …)`,
    );
  }
  return Tensor.empty(shape, dtype, backend);
}

/** Row by row; typed arrays as they are. Throws for what is no number or nested deeper than any tensor. */
function flatOf(values: NestedArray | ArrayLike<number>): ArrayLike<number> {
  if (ArrayBuffer.isView(values)) {
    requireList('tensor', 'values', values);
    if (values instanceof BigInt64Array || values instanceof BigUint64Array)
      throw new OptionError('tensor', 'values', `expected numbers, got ${shown(values)}`);
    return values as unknown as ArrayLike<number>;
  }
  return flatten(values as NestedArray, [], 0);
}

const deepest = 64;

/** An int32 tensor would round, wrap or zero anything else in silence. */
function requireIntegers(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if ((values[i] | 0) !== values[i])
      throw new OptionError(
        'tensor',
        'values',
        `expected whole numbers of 32 bits for int32, got ${shown(values[i])} at ${i}`,
      );
  }
}

function flatten(values: NestedArray, to: number[], depth: number): number[] {
  if (typeof values === 'number') to.push(values);
  else {
    if (!(Array.isArray(values) || ArrayBuffer.isView(values)) || depth > deepest)
      throw new OptionError('tensor', 'values', `expected numbers, or lists of them, got ${shown(values)}`);
    for (const value of values) flatten(value, to, depth + 1);
  }
  return to;
}

function shapeOf(values: NestedArray): number[] {
  if (typeof values === 'number') return [];
  const inner = values.length > 0 ? shapeOf(values[0]) : [];
  for (const row of values) {
    const shape = shapeOf(row);
    if (shape.length !== inner.length || shape.some((n, d) => n !== inner[d]))
      throw new ShapeError('tensor', 'rows alike', inner, shape);
  }
  return [values.length, ...inner];
}
