// Test vectors: inputs with the outputs that a model gives for them. They travel with a converted model, and whoever has both can ask whether it still
// computes the same.

import { Tensor, tensor } from 'unrolled';
import { type GraphValue, HostArray } from 'unrolled/graph';
import { ConvertError } from '../errors.ts';

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
}

/** How far outputs are from the expected ones. */
export interface VectorError {
  /** The largest |got − expected|. */
  readonly absolute: number;
  /** The largest |got − expected| / max(1, largest |expected| of that output). */
  readonly relative: number;
}

/** A value of a graph from JSON. */
export function valueOf({ element, shape, values }: VectorArray): GraphValue {
  return element === 'float' ? tensor(Float32Array.from(values), shape) : new HostArray(element, shape, values);
}

/** A value of a graph as JSON. */
export function vectorArray(value: GraphValue): VectorArray {
  const element = value instanceof HostArray ? value.element : value.dtype === 'int32' ? 'int' : 'float';
  const values = value instanceof HostArray ? value.values : value.dataSync();
  return { element, shape: value.shape, values: Array.from(values) };
}

/** Compares outputs with the expected ones. Throws a ConvertError for an output that is missing or has another shape. */
export function compareOutputs(
  source: string,
  expected: TestVector['outputs'],
  got: Readonly<Record<string, GraphValue>>,
): VectorError {
  let [absolute, relative] = [0, 0];
  for (const [name, { shape, values }] of Object.entries(expected)) {
    const value = got[name];
    if (!value || value.shape.join() !== shape.join())
      throw new ConvertError(source, {
        where: `output ${name}`,
        expected: `shape [${shape.join(', ')}]`,
        got: value ? `[${value.shape.join(', ')}]` : 'no such output',
      });
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
