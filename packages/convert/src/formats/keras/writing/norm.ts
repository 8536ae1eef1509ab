// √(a Σ x² + ε) along an axis, and quotients and products with it. Keras has no layer for a root or a quotient, but one that divides by the length of a vector:
//
//   u = [x₁ … x_n, √(ε/a)]      |u| √a = √(a Σ x² + ε)      x / √(…) = u₁…ₙ / |u| / √a      √(…) = u · (u / |u|) √a

import { type NodeWriter } from './context.ts';
import { diagonal, sums } from './matrices.ts';
import { placeOf, type SquareSum, type TensorValue } from './values.ts';

/** x / norm, where the norm is that of x. */
export function dividedByNorm(w: NodeWriter, norm: SquareSum): TensorValue {
  const n = sizeOf(w, norm);
  const { unit } = extended(w, norm, n);
  const kernel = diagonal(new Float32Array(n).fill(1 / Math.sqrt(norm.factor)), n + 1, n);
  return w.permuted(w.dense(unit, kernel, null), lastAxis(norm));
}

/** The norm itself, with an axis of size 1. */
export function normOf(w: NodeWriter, norm: SquareSum): TensorValue {
  const n = sizeOf(w, norm);
  const { vector, unit } = extended(w, norm, n);
  const product = w.merge('Multiply', {}, [vector, unit], vector.tensor.dims);
  return w.permuted(w.dense(product, sums(n + 1, Math.sqrt(norm.factor)), null), lastAxis(norm));
}

function sizeOf(w: NodeWriter, { of, axis }: SquareSum): number {
  const place = placeOf(of, axis);
  const n = place === null ? null : of.tensor.dims[place];
  if (w.context.dialect.unitNormalization && typeof n === 'number') return n;
  return w.fail(`an operation that ${w.title} has a layer for`, 'a square root');
}

/** The axis of the sum and the last one, exchanged. */
function lastAxis({ of, axis }: SquareSum): number[] {
  const place = placeOf(of, axis) as number;
  const last = of.tensor.dims.length - 1;
  return Array.from({ length: last + 1 }, (_, k) => (k === place ? last : k === last ? place : k));
}

/** u and u / |u|, made once for each x. */
function extended(
  w: NodeWriter,
  norm: SquareSum,
  n: number,
): { readonly vector: TensorValue; readonly unit: TensorValue } {
  const { of, axis, factor, eps } = norm;
  const known = w.context.units.get(of.tensor);
  if (known && known.key === `${axis} ${factor} ${eps}`) return known;
  const kernel = diagonal(new Float32Array(n).fill(1), n, n + 1);
  const bias = new Float32Array(n + 1);
  bias[n] = Math.sqrt(eps / factor);
  const vector = w.dense(w.permuted(of, lastAxis(norm)), kernel, bias);
  const made = { key: `${axis} ${factor} ${eps}`, vector, unit: w.add('UnitNormalization', { axis: -1 }, vector) };
  w.context.units.set(of.tensor, made);
  return made;
}
