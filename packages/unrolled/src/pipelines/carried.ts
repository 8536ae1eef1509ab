// Converts the carried state of a session to arrays, and back.

import { compute } from '../inference/compute.ts';
import type { Module } from '../nn/module.ts';
import { type CarriedState, mapState, tensorsOf } from '../nn/recurrent/state.ts';
import { RunError } from './run-error.ts';

/** Empty before the first step. */
export function carriedTensors(carried: CarriedState<unknown>): Float32Array[] {
  return tensorsOf(carried.value).map((t) => Float32Array.from(t.storage.array));
}

/** Restores `carried` from `tensors`; `initial` is a state of the same form. Throws a RunError where sizes differ. */
export function carriedFrom(
  carried: CarriedState<unknown>,
  tensors: readonly Float32Array[],
  model: Module,
  initial: () => unknown,
): void {
  if (tensors.length === 0) return carried.replace(null);
  compute(model, () => {
    const zero = initial();
    const sizes = tensorsOf(zero).map(({ size }) => size);
    if (sizes.length !== tensors.length || sizes.some((size, k) => size !== tensors[k].length))
      throw new RunError('corrupt', 'session state', 'has not the size of this model’s state');
    let k = 0;
    carried.replace(
      mapState(zero, (t) => {
        t.set(tensors[k++]);
        return t;
      }),
    );
  });
}
