// The weights of a network in numbers, tensor by tensor.

import type { Module } from 'unrolled';
import type { WeightStatistics } from './protocol.ts';

const parts = 24;

export const weightsOf = (model: Module): WeightStatistics[] =>
  Array.from(model.namedParameters(), ([name, parameter]) => ({
    name,
    shape: parameter.shape,
    ...statisticsOf(parameter.dataSync()),
  }));

function statisticsOf(values: ArrayLike<number>): Omit<WeightStatistics, 'name' | 'shape'> {
  const counts = new Array<number>(parts).fill(0);
  if (values.length === 0) return { norm: 0, mean: 0, deviation: 0, low: 0, high: 0, counts };
  let [sum, squares, low, high] = [0, 0, Infinity, -Infinity];
  for (let k = 0; k < values.length; k++) {
    sum += values[k];
    squares += values[k] * values[k];
    low = Math.min(low, values[k]);
    high = Math.max(high, values[k]);
  }
  const mean = sum / values.length;
  let apart = 0;
  for (let k = 0; k < values.length; k++) {
    apart += (values[k] - mean) ** 2;
    const part = high > low ? ((values[k] - low) / (high - low)) * parts : 0;
    counts[Math.min(parts - 1, Math.floor(part))]++;
  }
  return { norm: Math.sqrt(squares), mean, deviation: Math.sqrt(apart / values.length), low, high, counts };
}
