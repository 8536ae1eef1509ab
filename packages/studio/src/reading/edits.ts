// A number of a state or gate replaced by another, in every row of the batch.

import { Tensor, tensor } from 'unrolled';

/** A state with one unit of one of its parts replaced: h of a GRU is the state itself, c of an LSTM a part of it. */
export function withUnit(state: unknown, what: string, unit: number, value: number): unknown {
  if (state instanceof Tensor) return what === 'h' ? replaced(state, unit, value) : state;
  if (typeof state !== 'object' || state === null) return state;
  const parts = state as Readonly<Record<string, unknown>>;
  return what in parts ? { ...parts, [what]: withUnit(parts[what], 'h', unit, value) } : state;
}

function replaced(of: Tensor, unit: number, value: number): Tensor {
  const values = Float32Array.from(of.dataSync());
  const width = of.shape[of.rank - 1];
  if (unit >= width) return of;
  for (let k = unit; k < values.length; k += width) values[k] = value;
  return tensor(values, [...of.shape]);
}
