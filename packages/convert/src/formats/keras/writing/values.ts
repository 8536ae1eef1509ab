// What values of a graph of the library are in a model of Keras. The library has time first, [T, B, …], and Keras the batch first, [B, T, …]: a value knows
// which of its axes is the batch, and the others keep their order. Some are no tensor of Keras at all: weights, lengths, states of several layers.

import type { Hdf5Floats } from '../../hdf5/write.ts';
import type { Dimension, KerasTensor } from './layers.ts';

/** A tensor, and which axis of the library's value is the batch. */
export interface TensorValue {
  readonly kind: 'tensor';
  readonly tensor: KerasTensor;
  readonly batch: number;
}

/** States [n, B, H], one tensor [B, H] each; asking for one has the layer give it. */
export interface StackValue {
  readonly kind: 'stack';
  readonly items: readonly (() => TensorValue)[];
}

/** A weight, or one that was turned. */
export interface WeightValue extends Hdf5Floats {
  readonly kind: 'weight';
}

/** a Σ x² + ε along the library's axis, whose size stays as 1; and its root. */
export interface SquareSum {
  readonly of: TensorValue;
  readonly axis: number;
  readonly factor: number;
  readonly eps: number;
}

export type GraphValue =
  | TensorValue
  | StackValue
  | WeightValue
  /** A state that is not given: zeros. */
  | { readonly kind: 'none' }
  /** Ids [B] as a column [B, 1]. */
  | { readonly kind: 'column'; readonly tensor: KerasTensor }
  /** Lengths [B]: a mask [B, T]; null where the format has no masks and every row has all steps. */
  | { readonly kind: 'lengths'; readonly mask: KerasTensor | null }
  /** How many steps each row has. */
  | { readonly kind: 'steps'; readonly mask: KerasTensor | null }
  /** Rows of several channels as rows of the batch: a value for each channel, over which every operation goes. */
  | { readonly kind: 'channels'; readonly items: readonly GraphValue[] }
  /** x [T, B, H] summed over time, to be divided by the steps. */
  | { readonly kind: 'sum over time'; readonly of: TensorValue }
  /** x², which a sum over an axis may make part of a norm. */
  | { readonly kind: 'squares'; readonly of: TensorValue }
  | ({ readonly kind: 'sum of squares' } & SquareSum)
  /** The root of such a sum; as a tensor it has layers of its own. */
  | ({ readonly kind: 'norm'; readonly value: () => TensorValue } & SquareSum)
  /** x · factor, one number for each feature, which is a layer of its own only where somebody reads it as a tensor. */
  | { readonly kind: 'scaled'; readonly of: TensorValue; readonly factor: Float32Array };

/** The library's shape of a tensor, `batch` where the batch is. */
export function shapeOf({ tensor, batch }: TensorValue): readonly Dimension[] {
  return [...tensor.dims.slice(0, batch), 'batch', ...tensor.dims.slice(batch)];
}

/** Where the library's axis is among Keras' axes after the batch; null where it is the batch. Negative ones count from the end. */
export function placeOf({ tensor, batch }: TensorValue, axis: number): number | null {
  const positive = axis < 0 ? axis + tensor.dims.length + 1 : axis;
  return positive === batch ? null : positive < batch ? positive : positive - 1;
}
