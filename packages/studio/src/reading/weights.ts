// The weights of a network in numbers, tensor by tensor.

import type { Module, Parameter } from 'unrolled';
import { namedCells, type Trace } from 'unrolled/analysis';
import type { WeightNumbers, WeightStatistics } from './protocol.ts';

const parts = 24;

/** The tensors of these names, or all. */
export const numbersOf = (model: Module, names: ReadonlySet<string> | null = null): WeightNumbers[] =>
  Array.from(model.namedParameters())
    .filter(([name]) => names?.has(name) ?? true)
    .map(([name, parameter]) => ({ name, shape: parameter.shape, ...statisticsOf(parameter.dataSync()) }));

/** Every tensor, and the gates whose rows it has: those of a cell stand in its weights in the order in which it computes them. */
export function weightsOf(model: Module, { tracks }: Pick<Trace, 'tracks'>): WeightStatistics[] {
  const gates = new Map<Parameter, readonly string[]>();
  for (const { name, cell } of namedCells(model)) {
    const letters = tracks.filter(({ layer, kind }) => layer === name && kind !== 'state').map(({ what }) => what);
    for (const parameter of cell.parameters())
      if (parameter.shape[0] === letters.length * cell.hiddenSize) gates.set(parameter, letters);
  }
  const parameters = new Map(model.namedParameters());
  return numbersOf(model).map((one) => ({ ...one, gates: gates.get(parameters.get(one.name) as Parameter) ?? [] }));
}

function statisticsOf(values: ArrayLike<number>): Omit<WeightNumbers, 'name' | 'shape'> {
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
