// New tensors from values, formulas and chance.

import type { Backend, DType } from '../backend/backend.ts';
import { currentBackend } from '../backend/load.ts';
import { BackendError, ShapeError } from '../errors.ts';
import { globalRandom } from './random-state.ts';
import { type Shape, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

export interface TensorOptions {
  /** The default dtype, 'float32' unless `setDefaultDtype` said otherwise. 'float64' is the reference backend's alone. */
  readonly dtype?: DType;
  /** The current backend if not said otherwise. */
  readonly backend?: Backend;
}

let defaultDtype: DType = 'float32';

/** What new tensors and parameters are made of: 'float32', or 'float64' on the reference backend, for exact checks. */
export function setDefaultDtype(dtype: 'float32' | 'float64'): void {
  defaultDtype = dtype;
}

export type NestedArray = number | readonly NestedArray[];

/**
 * A tensor of these values: nested arrays with their shape, or a flat list with the shape given.
 *
 *   tensor([[1, 2], [3, 4]])          // [2, 2]
 *   tensor(Float32Array.of(1, 2), [2, 1])
 */
export function tensor(values: NestedArray | ArrayLike<number>, shape?: Shape, options: TensorOptions = {}): Tensor {
  const flat = ArrayBuffer.isView(values) ? (values as unknown as ArrayLike<number>) : flatten(values as NestedArray);
  const target = shape ?? (ArrayBuffer.isView(values) ? [flat.length] : shapeOf(values as NestedArray));
  if (sizeOf(target) !== flat.length)
    throw new ShapeError('tensor', `${flat.length} values for a tensor`, target, [flat.length]);
  const x = empty(target, options);
  x.storage.array.set(flat);
  return x;
}

/** int32 indices. */
export function indices(values: NestedArray | ArrayLike<number>, shape?: Shape, options: TensorOptions = {}): Tensor {
  return tensor(values, shape, { ...options, dtype: 'int32' });
}

export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  const x = empty(shape, options);
  x.backend.fill(x.storage, value);
  return x;
}

export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 0, options);
}

export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 1, options);
}

/** start, start + 1, … before end. */
export function arange(start: number, end: number, options: TensorOptions = {}): Tensor {
  const n = Math.max(0, Math.ceil(end - start));
  return tensor(
    Array.from({ length: n }, (_, i) => start + i),
    [n],
    options,
  );
}

/** `count` evenly spaced values from a to b, both included. */
export function linspace(a: number, b: number, count: number, options: TensorOptions = {}): Tensor {
  const step = count > 1 ? (b - a) / (count - 1) : 0;
  return tensor(
    Array.from({ length: count }, (_, i) => a + i * step),
    [count],
    options,
  );
}

/** Uniform in [low, high), from the generator that `manualSeed` seeds. */
export function rand(shape: Shape, low = 0, high = 1, options: TensorOptions = {}): Tensor {
  return generate(shape, options, () => low + (high - low) * globalRandom().uniform());
}

/** Normal, from the same generator. */
export function randn(shape: Shape, mean = 0, deviation = 1, options: TensorOptions = {}): Tensor {
  return generate(shape, options, () => mean + deviation * globalRandom().normal());
}

function generate(shape: Shape, options: TensorOptions, next: () => number): Tensor {
  const x = empty(shape, options);
  const { array } = x.storage;
  for (let i = 0; i < array.length; i++) array[i] = next();
  return x;
}

/** Unspecified contents. */
export function empty(shape: Shape, options: TensorOptions = {}): Tensor {
  const { dtype = defaultDtype, backend = currentBackend() } = options;
  if (dtype === 'float64' && backend.name !== 'reference') {
    throw new BackendError(
      `float64 is the reference backend's alone, and this is ${backend.name}; run it inside withBackend('reference', …)`,
    );
  }
  return Tensor.empty(shape, dtype, backend);
}

function flatten(values: NestedArray, to: number[] = []): number[] {
  if (typeof values === 'number') to.push(values);
  else for (const value of values) flatten(value, to);
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
