// Which float arrays of a file are parameters. ONNX does not say: an initializer is any array, and some exporters write weights as constants.

import type { GraphNode } from 'unrolled/graph';
import type { Constant } from './body.ts';

/** Inputs of operators that hold weights, by their places. */
const weights: Readonly<Record<string, readonly number[]>> = {
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Gather: [0],
  Gemm: [0, 1, 2],
  GRU: [1, 2, 3],
  LSTM: [1, 2, 3, 7],
  MatMul: [0, 1],
  PRelu: [1],
  RNN: [1, 2, 3],
};

/** Inputs that say how a node works, or that it gathers itself: never trained. */
const settings: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [3, 4],
  Clip: [1, 2],
  Dropout: [1],
  OneHot: [2],
  Pad: [2],
  Pow: [1],
};

/** Whether an array is trained: one where weights stand, or an initializer of at least one axis that is no setting of a node. */
export function isTrained(name: string, { initializer, shape }: Constant, readers: readonly GraphNode[]): boolean {
  const stands = (table: Readonly<Record<string, readonly number[]>>) =>
    readers.some(({ op, inputs }) => Object.hasOwn(table, op) && table[op].some((place) => inputs[place] === name));
  if (stands(settings)) return false;
  return stands(weights) || (initializer && shape.length > 0);
}
