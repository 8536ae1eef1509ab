// Test vectors of a graph: inputs with the outputs that it gives for them, as JSON. They travel with a model that was converted, and whoever has both can ask
// whether it still computes the same.

import { withBackend } from '../backend/load.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { requireFunction, requireKinds, requireOneOf } from '../checks.ts';
import { FormatError, TensorError } from '../errors.ts';
import { noGrad } from '../tensor/autograd.ts';
import { tensor, withDefaultDtype } from '../tensor/create.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type GraphValue, HostArray } from './value.ts';

/** An array as JSON has it. */
export interface VectorArray {
  readonly element: 'float' | 'int' | 'bool';
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Inputs and outputs by the names of the graph's ports. */
export interface TestVector {
  readonly inputs: Readonly<Record<string, VectorArray>>;
  readonly outputs: Readonly<Record<string, VectorArray>>;
  /** Where the outputs come from: `the file`, `float64, reference backend`, `onnxruntime 1.30`. */
  readonly from: string;
  /** The graph that they are for, where a model has several: `encoder`. */
  readonly part?: string;
}

/** How far outputs are from the expected ones. */
export interface VectorError {
  /** The largest |got − expected|. */
  readonly absolute: number;
  /** The largest |got − expected| / max(1, largest |expected| of that output). */
  readonly relative: number;
}

/** Runs `body` in float64 on the reference backend, which is plain loops: the numbers that others are compared with. Synchronous. */
export function inFloat64<R>(body: () => R): R {
  requireFunction('inFloat64', 'body', body);
  return withBackend(new ReferenceBackend(), () => withDefaultDtype('float64', () => scope(() => noGrad(body))));
}

/** A value of a graph from JSON. */
export function vectorValue(array: VectorArray): GraphValue {
  requireKinds('vectorValue', { array }, { array: { element: 'text', shape: 'numbers', values: 'numbers' } });
  const { element, shape, values } = array;
  requireOneOf('vectorValue', 'array.element', element, ['float', 'int', 'bool']);
  return element === 'float' ? tensor(Float64Array.from(values), shape) : new HostArray(element, shape, values);
}

/** A value of a graph as JSON. */
export function vectorArray(value: GraphValue): VectorArray {
  if (!(value instanceof HostArray || value instanceof Tensor))
    throw new TensorError('vectorArray', 'expected a tensor or an array of the host');
  const element = value instanceof HostArray ? value.element : value.dtype === 'int32' ? 'int' : 'float';
  const values = value instanceof HostArray ? value.values : value.dataSync();
  return { element, shape: value.shape, values: Array.from(values) };
}

/** Compares outputs with the expected ones. Throws a FormatError for an output that is missing or has another shape. */
export function compareOutputs(
  source: string,
  expected: TestVector['outputs'],
  got: Readonly<Record<string, GraphValue>>,
): VectorError {
  const kinds = { source: 'text', expected: 'object', got: 'object' };
  requireKinds('compareOutputs', { source, expected, got }, kinds);
  let [absolute, relative] = [0, 0];
  for (const [name, array] of Object.entries(expected)) {
    const { shape, values } = checkedArray(array, source);
    const value = Object.hasOwn(got, name) ? got[name] : undefined;
    const isValue = value instanceof Tensor || value instanceof HostArray;
    if (!isValue || value.shape.join() !== shape.join()) {
      const found = isValue ? `[${value.shape.join(', ')}]` : 'no such output';
      throw new FormatError(source, `output ${name}: expected shape [${shape.join(', ')}], got ${found}`);
    }
    const numbers = value instanceof Tensor ? value.dataSync() : value.values;
    let [most, largest] = [0, 1];
    for (let i = 0; i < values.length; i++) {
      const error = Math.abs(numbers[i] - values[i]);
      most = error <= most ? most : error; // NaN stays
      largest = Math.max(largest, Math.abs(values[i]));
    }
    absolute = most <= absolute ? absolute : most;
    relative = most / largest <= relative ? relative : most / largest;
  }
  return { absolute, relative };
}

/** The larger of two errors; one that is not a number is larger than all. */
export function largerError(a: VectorError, b: VectorError): VectorError {
  const larger = (x: number, y: number) => (y <= x ? x : y);
  return { absolute: larger(a.absolute, b.absolute), relative: larger(a.relative, b.relative) };
}

/** The largest error of a model over test vectors. Throws a FormatError for vectors that do not fit the model. */
export function vectorError(
  model: { forward(inputs: Readonly<Record<string, GraphValue>>): Readonly<Record<string, GraphValue>> },
  vectors: readonly TestVector[],
  source: string,
): VectorError {
  const kinds = { model: { forward: 'function' }, vectors: 'objects', source: 'text' };
  requireKinds('vectorError', { model, vectors, source }, kinds);
  let error: VectorError = { absolute: 0, relative: 0 };
  for (const vector of vectors) {
    const { inputs, outputs } = checked(vector, source);
    const values = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, vectorValue(value)]));
    error = largerError(error, compareOutputs(source, outputs, model.forward(values)));
  }
  return error;
}

/** The vector, if it is one: it may come from a file of anyone. */
function checked(vector: TestVector, source: string): TestVector {
  const { inputs, outputs } = Object(vector) as Partial<TestVector>;
  for (const part of [inputs, outputs]) {
    if (typeof part !== 'object' || part === null)
      throw new FormatError(source, 'has a test vector that is none: expected inputs and outputs, arrays by name');
    for (const array of Object.values(part)) checkedArray(array, source);
  }
  return vector;
}

function checkedArray(array: VectorArray, source: string): VectorArray {
  const { element, shape, values } = Object(array) as Partial<VectorArray>;
  const isArray =
    ['float', 'int', 'bool'].includes(String(element)) &&
    Array.isArray(shape) &&
    Array.isArray(values) &&
    shape.every((d) => Number.isSafeInteger(d) && d >= 0) &&
    shape.reduce((n: number, d: number) => n * d, 1) === values.length &&
    values.every((value) => typeof value === 'number');
  if (isArray) return array;
  throw new FormatError(source, 'has an array that is none: expected an element type, a shape, and values for it');
}
